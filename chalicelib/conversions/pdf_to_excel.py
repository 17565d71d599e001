"""PDF to Excel."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.conversions.spec import (
    ConversionSpec,
    Languages,
    Ocr,
    OptionalPageRange,
    ProtectedOptions,
    Reading,
    Worker,
)


class PdfToExcelOptions(ProtectedOptions):
    """Options of ``pdf-to-excel``."""

    pages: OptionalPageRange = None
    sheets: Annotated[
        Literal["table", "page", "single"], Field(description="A sheet for each table, for each page, or one for all.")
    ] = "table"
    ocr: Ocr = "auto"
    language: Languages | None = None


SPEC = ConversionSpec(
    slug="pdf-to-excel",
    action="pdf_to_excel",
    label="PDF to Excel",
    summary="Write the tables of a PDF into an Excel workbook, numbers and dates as values.",
    accepts=("pdf",),
    produces="xlsx",
    options=PdfToExcelOptions,
    worker=Worker.DOCUMENTS,
    engine="chalicelib.engines.tables.engine",
    reading=Reading.BEFORE,
)
