"""PowerPoint and OpenDocument presentations to PDF."""

from typing import Annotated

from pydantic import Field

from chalicelib.conversions.spec import ConversionSpec, OptionalPageRange, PdfA, ProtectedOptions, Worker


class PptxToPdfOptions(ProtectedOptions):
    """Options of ``pptx-to-pdf``; ``pages`` counts the slides that are not hidden."""

    pages: OptionalPageRange = None
    notes: Annotated[bool, Field(description="A page with the speaker's notes for each slide, after the slides.")] = (
        False
    )
    pdfa: PdfA = "none"


SPEC = ConversionSpec(
    slug="pptx-to-pdf",
    action="pptx_to_pdf",
    label="PowerPoint to PDF",
    summary="Lay out a PowerPoint or OpenDocument presentation as PDF, a page for each slide.",
    accepts=("pptx", "ppt", "odp"),
    produces="pdf",
    options=PptxToPdfOptions,
    worker=Worker.DOCUMENTS,
    engine="chalicelib.engines.libreoffice.server",
)
