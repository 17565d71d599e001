"""Word, OpenDocument and Rich Text to PDF."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.conversions.spec import ConversionSpec, OptionalPageRange, PdfA, ProtectedOptions, Worker


class DocxToPdfOptions(ProtectedOptions):
    """Options of ``docx-to-pdf``."""

    pages: OptionalPageRange = None
    pdfa: PdfA = "none"
    pdfua: Annotated[bool, Field(description="Tag the result for accessibility (PDF/UA, ISO 14289).")] = False
    changes: Annotated[
        Literal["final", "original", "markup"],
        Field(description="Tracked changes: all accepted, all rejected, or shown with their marks."),
    ] = "final"
    comments: Annotated[
        Literal["none", "margin"],
        Field(description="Comments: left out, or in the margin; as notes to open where it can't be printed."),
    ] = "none"


SPEC = ConversionSpec(
    slug="docx-to-pdf",
    action="docx_to_pdf",
    label="DOCX to PDF",
    summary="Lay out a Word, OpenDocument or Rich Text document as PDF.",
    accepts=("docx", "doc", "odt", "rtf"),
    produces="pdf",
    options=DocxToPdfOptions,
    worker=Worker.DOCUMENTS,
    engine="chalicelib.engines.libreoffice.server",
)
