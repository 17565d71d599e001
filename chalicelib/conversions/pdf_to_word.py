"""PDF to Word."""

from chalicelib.conversions.spec import (
    ConversionSpec,
    Languages,
    Ocr,
    OptionalPageRange,
    ProtectedOptions,
    Reading,
    Worker,
)


class PdfToWordOptions(ProtectedOptions):
    """Options of ``pdf-to-word``."""

    pages: OptionalPageRange = None
    ocr: Ocr = "auto"
    language: Languages | None = None


SPEC = ConversionSpec(
    slug="pdf-to-word",
    action="pdf_to_docs",
    label="PDF to Word",
    summary="Rebuild a PDF as an editable Word document.",
    accepts=("pdf",),
    produces="docx",
    options=PdfToWordOptions,
    worker=Worker.DOCUMENTS,
    engine="chalicelib.engines.word.engine",
    reading=Reading.BEFORE,
)
