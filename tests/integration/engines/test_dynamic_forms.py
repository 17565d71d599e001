"""Forms that Adobe's programs alone can draw: refused with the way out, by every engine that reads PDFs."""

import io
import threading
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from chalicelib.domain.errors import UnsupportedDocument
from chalicelib.engines.job import InputFile, Job
from chalicelib.engines.process import Engines
from tests.integration.engines.image_files import ENGINES_HOME

ENGINES = {
    "tables": ("pdf_to_excel", {}),
    "word": ("pdf_to_docs", {}),
    "pages": ("remove_pages", {"pages": "1", "remove_blank": False}),
}
_ADVICE = "Please wait... You can upgrade by visiting http://www.adobe.com/go/reader_download."


def form(text: str, *, says_so: bool, pages: int = 1) -> bytes:
    """A PDF with an XFA description and no field."""
    file = io.BytesIO()
    canvas = Canvas(file)
    for _ in range(pages):
        canvas.drawString(50, 700, text)
        canvas.showPage()
    canvas.save()
    writer = PdfWriter(PdfReader(file))
    description = {NameObject("/XFA"): TextStringObject("<xdp/>"), NameObject("/Fields"): ArrayObject()}
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject(description)
    if says_so:
        writer.root_object[NameObject("/NeedsRendering")] = BooleanObject(True)
    result = io.BytesIO()
    writer.write(result)
    return result.getvalue()


def run(engines: Engines, name: str, data: bytes, home: Path) -> None:
    """Raises what the engine refuses with."""
    action, options = ENGINES[name]
    source = home / "form.pdf"
    source.write_bytes(data)
    job = Job(action, (InputFile(source, source.name, "pdf"),), home / "result", home, dict(options))
    engines.run(f"chalicelib.engines.{name}.engine", job, lambda *_: None, threading.Event())


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize(("text", "says_so", "pages"), [("Loading", True, 2), (_ADVICE, False, 1)])
def test_form_is_refused_when_only_adobe_can_draw_it(
    engines: Engines, name: str, text: str, says_so: bool, pages: int, tmp_path: Path
) -> None:
    if not (ENGINES_HOME / ("light" if name == "pages" else "tables")).is_dir():
        pytest.skip(f"the engine {name} is not installed")

    with pytest.raises(UnsupportedDocument, match="print it to a PDF"):
        run(engines, name, form(text, says_so=says_so, pages=pages), tmp_path)
