"""The catalogue: every conversion, declared once, in the order in which clients see them."""

from chalicelib.conversions import docx_to_pdf, pdf_to_word, remove_pages_from_pdf
from chalicelib.conversions.spec import ConversionSpec

CATALOGUE: tuple[ConversionSpec, ...] = (
    pdf_to_word.SPEC,
    docx_to_pdf.SPEC,
    remove_pages_from_pdf.SPEC,
)

BY_SLUG = {spec.slug: spec for spec in CATALOGUE}
BY_ACTION = {spec.action: spec for spec in CATALOGUE}
