"""Excel, OpenDocument spreadsheets and CSV to PDF."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from chalicelib.conversions.spec import ConversionSpec, Orientation, PdfA, ProtectedOptions, Worker


def _names(value: Any) -> Any:
    """A form field ``a,b`` as two names; a name with a comma is sent by repeating the field, or in JSON."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


SheetNames = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=100)]],
    BeforeValidator(_names),
    Field(min_length=1, max_length=500, description="Sheets by name or 1-based number, separated by commas."),
]


class ExcelToPdfOptions(ProtectedOptions):
    """Options of ``excel-to-pdf``."""

    fit: Annotated[
        Literal["print-settings", "width", "page"],
        Field(description="As the workbook is set up to print, all columns on a page, or a sheet on a page."),
    ] = "print-settings"
    orientation: Orientation = "auto"
    sheets: SheetNames | None = None
    pdfa: PdfA = "none"


SPEC = ConversionSpec(
    slug="excel-to-pdf",
    action="excel_to_pdf",
    label="Excel to PDF",
    summary="Lay out a workbook, or a CSV file, as PDF.",
    accepts=("xlsx", "xls", "ods", "csv"),
    produces="pdf",
    options=ExcelToPdfOptions,
    worker=Worker.DOCUMENTS,
    engine="chalicelib.engines.libreoffice.server",
)
