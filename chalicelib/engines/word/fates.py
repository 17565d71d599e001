"""What became of each page, for the client: sentences for what is not as it was, figures for the report."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from chalicelib.engines.word.document.block import Block, Contents, FixedPage, Paragraph, Table, TextBox
from chalicelib.engines.word.document.document import Document, Way
from chalicelib.engines.word.document.format import Role
from chalicelib.engines.word.document.inline import Commented, Control, Field, Inline, Link
from chalicelib.engines.word.draft.draft import Draft, PageDraft
from chalicelib.engines.word.understand.fixed import NO_TEXT, OVERLAID, SCANNED, TURNED, UNREADABLE

_FIXED = "there as a picture, with the text in text boxes over it."
_SENTENCES = {
    "damaged": "can't be read: the PDF is damaged there. An empty page stands in {its} place.",
    "time": "could not be read in the time there is. An empty page stands in {its} place.",
    "crash": "can't be read: reading ended in a fault of the reader. An empty page stands in {its} place.",
    NO_TEXT: "{has} no text, as a scan: kept as a picture. Recognise the text (OCR) first to make it editable.",
    SCANNED: (
        "{is} scanned, with recognised text: the picture lies over that text, which can be searched, and edited once the"
        " picture is moved aside."
    ),
    UNREADABLE: "{uses} fonts that do not say which characters they show: there as a picture.",
    TURNED: f"{{has}} text that mostly runs another way than the page: {_FIXED}",
    OVERLAID: f"{{has}} text that stands on other text: {_FIXED}",
    "boxed": "{has} lines that run another way than the page: these are in text boxes at their place.",
    "missing": "{has} characters that the PDF's fonts do not explain: these are missing.",
    "undrawn": "{has} pictures that can't be drawn: these are missing.",
    "turned": "{was} turned so that the text is upright.",
    "scaled": "{is} larger than the 22 inches Word allows: scaled down.",
}
"""By what happened; these are said of the pages named before, in this order."""

_TWICE = "The document has {} letters more than the PDF: some of its text may stand there twice."

_ONE = {"its": "its", "has": "has", "is": "is", "uses": "uses", "was": "was"}
_SEVERAL = {"its": "their", "has": "have", "is": "are", "uses": "use", "was": "were"}


def warnings_of(draft: Draft, undrawn: Iterable[int] = (), surplus: int = 0) -> tuple[str, ...]:
    """A sentence for each thing that happened to pages; those ``undrawn`` have pictures that can't be drawn.

    ``surplus`` letters are there more often than in the PDF.
    """
    happened: dict[str, list[int]] = {"undrawn": sorted(undrawn)} if undrawn else {}
    for page in draft.pages:
        for what in _happened(page):
            happened.setdefault(what, []).append(page.number)
    sentences = [_sentence(what, happened[what]) for what in _SENTENCES if what in happened]
    return (*sentences, *([_TWICE.format(surplus)] if surplus else []))


def report_of(draft: Draft, document: Document) -> dict[str, Any]:
    """How each page was read, and what the document has."""
    ways: dict[str, list[int]] = {}
    for page in draft.pages:
        ways.setdefault(page.way.value, []).append(page.number)
    counts = _counts(document)
    return {
        "pages_by_way": ways,
        "pages_as_picture": [page.number for page in draft.pages if page.way in (Way.PICTURE, Way.FIXED)],
        "pages_without_text": [page.number for page in draft.pages if page.why == NO_TEXT],
        "pages_with_hidden_text": [page.number for page in draft.pages if _has_hidden_text(page)],
        "pages_turned": [page.number for page in draft.pages if page.page.turned],
        "lines_in_text_boxes": sum(len(page.turned) for page in draft.pages),
        **{name: counts[name] for name in ("headings", "list_items", "tables", "links", "form_fields")},
        "notes": len(document.notes),
        "comments": len(document.comments),
        "sections": len(document.sections),
        "fonts_substituted": dict(sorted(document.fonts_substituted.items())),
    }


def _happened(page: PageDraft) -> Iterator[str]:
    if page.why is not None:
        yield page.why
    if page.turned:
        yield "boxed"
    if page.page.unreadable and page.why != UNREADABLE:
        yield "missing"
    if page.page.turned and page.why != TURNED:
        yield "turned"
    if page.page.scale < 1:
        yield "scaled"


def _has_hidden_text(page: PageDraft) -> bool:
    return bool(page.hidden) or page.why == SCANNED


def _counts(document: Document) -> Counter[str]:
    found: Counter[str] = Counter()
    for section in document.sections:
        _count_blocks(section.blocks, found)
    return found


def _count_blocks(blocks: Iterable[Block], found: Counter[str]) -> None:
    for block in blocks:
        match block:
            case Paragraph():
                found["headings"] += block.role is Role.HEADING
                found["list_items"] += block.list is not None and block.role is not Role.HEADING
                _count_inlines(block.content, found)
            case Table():
                found["tables"] += 1
                for cell in block.cells:
                    _count_blocks(cell.blocks, found)
            case Contents():
                _count_blocks(block.entries, found)
            case TextBox():
                _count_blocks(block.blocks, found)
            case FixedPage():
                _count_blocks(block.boxes, found)


def _count_inlines(content: Sequence[Inline], found: Counter[str]) -> None:
    for one in content:
        found["links"] += isinstance(one, Link)
        found["form_fields"] += isinstance(one, Control)
        if isinstance(one, Link | Field | Commented):
            _count_inlines(one.content, found)


def _sentence(what: str, numbers: Sequence[int]) -> str:
    words = _ONE if len(numbers) == 1 else _SEVERAL
    return f"Page{'s' * (len(numbers) > 1)} {_named(numbers)} {_SENTENCES[what].format(**words)}"


def _named(numbers: Iterable[int]) -> str:
    """``[1, 2, 3, 5]`` as ``1-3 and 5``."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    parts = ["-".join(map(str, run)) for run in runs]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
