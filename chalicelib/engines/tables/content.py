"""What stands on a page, whoever read it: words, drawn lines, and what may be asked of the layout model."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalicelib.engines.tables.fuse import Region
from chalicelib.engines.tables.rules import Rules
from chalicelib.engines.tables.text import Box, Word

if TYPE_CHECKING:  # the reader of tags needs PyMuPDF, and a page's content does not
    from chalicelib.engines.tables.table_tags import TableTags


@dataclass(slots=True)
class Layout:
    """What the layout model takes for tables, with the rows and columns that it sees, and for pictures."""

    tables: list[Region] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)


@dataclass(slots=True)
class PageContent:
    """The words of an upright page without leaders (``……``), these apart, its lines, and the model's view on demand.

    ``links`` are the boxes that lead to other places of the same document. Words and lines may come from anywhere: a
    PDF's text, or recognised in a picture of it.
    """

    words: list[Word]
    rules: Rules
    layout: Callable[[], Layout] = Layout
    leaders: list[Word] = field(default_factory=list)
    links: list[Box] = field(default_factory=list)
    tags: "TableTags | None" = None
    height: float = 0.0


def inside(words: Iterable[Word], boxes: Sequence[Box]) -> Iterator[Word]:
    """Those of ``words`` whose middle lies in one of ``boxes``."""
    for word in words:
        x, y = word.center
        if any(box[0] - 2 <= x <= box[2] + 2 and box[1] - 2 <= y <= box[3] + 2 for box in boxes):
            yield word
