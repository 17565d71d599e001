"""Excel, OpenDocument spreadsheets and CSV to PDF."""

import codecs
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from chalicelib.conversions.spec import ConversionSpec, Orientation, PdfA, ProtectedOptions, Worker, split_names

SheetNames = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=100)]],
    BeforeValidator(split_names),
    Field(min_length=1, max_length=500, description="Sheets by name or 1-based number, separated by commas."),
]


def _known_encoding(name: str) -> str:
    try:
        codec = codecs.lookup(name)
    except LookupError as error:
        raise PydanticCustomError(
            "encoding", "no such encoding; use a name such as windows-1251 or shift_jis"
        ) from error
    if not codec._is_text_encoding:
        raise PydanticCustomError("encoding", "no encoding of text; use a name such as windows-1251 or shift_jis")
    return codec.name


Encoding = Annotated[
    str,
    Field(
        min_length=1, max_length=40, description="The encoding of a CSV file, such as windows-1251; left out: found."
    ),
    AfterValidator(_known_encoding),
]


class ExcelToPdfOptions(ProtectedOptions):
    """Options of ``excel-to-pdf``."""

    fit: Annotated[
        Literal["print-settings", "width", "page"],
        Field(description="As the workbook is set up to print, all columns on a page, or a sheet on a page."),
    ] = "print-settings"
    orientation: Orientation = "auto"
    sheets: SheetNames | None = None
    encoding: Encoding | None = None
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
