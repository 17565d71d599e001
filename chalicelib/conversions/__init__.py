"""The catalogue: every conversion, declared once, in the order in which clients see them."""

from chalicelib.conversions import (
    docx_to_pdf,
    excel_to_pdf,
    image_to_pdf,
    pdf_to_excel,
    pdf_to_word,
    pptx_to_pdf,
    remove_background,
    remove_pages_from_pdf,
)
from chalicelib.conversions.spec import ConversionSpec

CATALOGUE: tuple[ConversionSpec, ...] = (
    pdf_to_word.SPEC,
    pdf_to_excel.SPEC,
    docx_to_pdf.SPEC,
    excel_to_pdf.SPEC,
    image_to_pdf.SPEC,
    remove_pages_from_pdf.SPEC,
    remove_background.SPEC,
    pptx_to_pdf.SPEC,
)

BY_SLUG = {spec.slug: spec for spec in CATALOGUE}
BY_ACTION = {spec.action: spec for spec in CATALOGUE}
