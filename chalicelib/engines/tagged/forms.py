"""Whether a PDF is only the shell of a form that is drawn by Adobe's programs."""

from typing import Any

from chalicelib.engines.dynamic_forms import READER_PAGE
from chalicelib.engines.tagged.objects import PdfObject


def is_dynamic_form(document: Any) -> bool:
    """Whether a PyMuPDF document is a dynamic XFA form: says so, or has one page, which asks for Adobe's reader."""
    catalog = PdfObject.catalog(document)
    form = catalog.get("AcroForm")
    if next(form.get("XFA").members(), None) is None:
        return False
    if catalog.get("NeedsRendering").boolean():
        return True
    without_fields = next(form.get("Fields").members(), None) is None
    return without_fields and document.page_count == 1 and READER_PAGE in _text_of_first(document)


def _text_of_first(document: Any) -> str:
    try:
        return "".join(document[0].get_text().split())
    except (RuntimeError, ValueError):
        return ""
