"""What the PDF says of itself as a whole: outline, metadata, labels, tags; and whether it is a form of XFA."""

import re
from typing import Any

from chalicelib.engines.tagged.objects import PdfObject
from chalicelib.engines.word.pages.marks import OutlineEntry, Place
from chalicelib.engines.word.pages.page import Metadata
from chalicelib.engines.word.read.annotations import moment

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MOST_ENTRIES = 20_000


def read_outline(document: Any) -> list[OutlineEntry]:
    """The outline; places as in links: on the unrotated pages."""
    try:
        entries = document.get_toc(simple=False)
    except (RuntimeError, ValueError, AttributeError):
        return []
    found = []
    for level, title, page, detail in entries[:_MOST_ENTRIES]:
        to: Any = detail.get("to") if isinstance(detail, dict) else None
        place = Place(page, float(to.x), float(to.y)) if hasattr(to, "x") and page > 0 else None
        found.append(OutlineEntry(level, clean(title).strip(), place or (Place(page) if page > 0 else None)))
    return found


def read_metadata(document: Any) -> Metadata:
    """The information dictionary."""
    info = document.metadata or {}
    texts = {
        key: clean(str(info.get(key) or "")).strip() or None
        for key in ("title", "author", "subject", "keywords", "creator", "producer")
    }
    language = PdfObject.catalog(document).get("Lang").text()
    return Metadata(
        **texts, language=language, created=moment(info.get("creationDate")), modified=moment(info.get("modDate"))
    )


def clean(text: str) -> str:
    """``text`` without the characters that no XML document can hold."""
    return _NOT_IN_XML.sub("", text)
