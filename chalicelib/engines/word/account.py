"""The account of letters: what the result has more than the PDF had was written twice, or invented."""

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path
from unicodedata import normalize

from chalicelib.engines.word.draft.draft import Draft, PageDraft

_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
"""What stands in heads and feet is there once, and on many pages of the PDF: it is left out on both sides."""

_LEAST = 12
"""So many letters may be more: signs of symbol fonts become letters, a note shows its mark twice."""


def surplus(draft: Draft, path: Path) -> int:
    """How many letters and digits the document at ``path`` has more than the PDF's pages; 0 for the few that may be."""
    read = Counter[str]()
    for page in draft.pages:
        read.update(_letters(_shown(page)))
        read.subtract(_letters(line.text for line in (*page.heads, *page.feet)))
    more = _letters(_written(path)) - read
    return found if (found := more.total()) > _LEAST else 0


def _letters(texts: Iterable[str]) -> Counter[str]:
    found = Counter[str]()
    for text in texts:
        found.update(one for one in normalize("NFKC", text).casefold() if one.isalnum())
    return found


def _shown(page: PageDraft) -> Iterator[str]:
    shown = page.shown or page.page
    for span in shown.spans:
        yield span.text
    for field in shown.fields:
        yield field.value


def _written(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as package:
        for name in set(_PARTS) & set(package.namelist()):
            for found in _TEXT.finditer(package.read(name).decode()):
                yield unescape(found[1])
