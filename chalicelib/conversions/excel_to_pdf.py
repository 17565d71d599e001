"""Excel, OpenDocument spreadsheets and CSV to PDF."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from chalicelib.conversions.spec import ConversionSpec, Orientation, PdfA, ProtectedOptions, Worker, split_names

SheetNames = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=100)]],
    BeforeValidator(split_names),
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
