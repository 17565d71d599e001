"""What must be known of the whole document before its first paragraph is written."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from chalicelib.engines.word.document.block import Block, Contents, FixedPage, Paragraph, Table, TextBox
from chalicelib.engines.word.document.document import Document
from chalicelib.engines.word.document.inline import Commented, Control, Field, Inline, Link, Look, Text
from chalicelib.engines.word.document.section import Running


@dataclass(slots=True)
class Survey:
    """What links look like by the letters in them, and the bookmarks there are."""

    link_looks: Counter[tuple[str | None, bool]] = field(default_factory=Counter)
    bookmarks: list[str] = field(default_factory=list)
    families: set[str] = field(default_factory=set)
    """Of fonts."""

    @property
    def link_look(self) -> tuple[str | None, bool] | None:
        """Colour and underline of most letters in links; None without links."""
        return self.link_looks.most_common(1)[0][0] if self.link_looks else None


def survey(document: Document) -> Survey:
    """Walk the document once."""
    found = Survey(families={style.look.font for style in document.styles.values()})
    for paragraph in _paragraphs(_all_blocks(document)):
        found.bookmarks += paragraph.bookmarks
        found.families |= {look.font for _, look in _texts(paragraph.content)}
        for link in _links(paragraph.content):
            for text, look in _texts(link.content):
                found.link_looks[look.color, look.underline] += len(text)
    return found


def _all_blocks(document: Document) -> Iterator[Block]:
    for section in document.sections:
        yield from section.blocks
        for running in (section.headers, section.footers):
            yield from _running(running)
    for note in document.notes:
        yield from note.blocks


def _running(running: Running) -> Iterator[Block]:
    for blocks in (running.default, running.first, running.even):
        yield from blocks or ()


def _paragraphs(blocks: Iterator[Block] | tuple[Block, ...]) -> Iterator[Paragraph]:
    for block in blocks:
        match block:
            case Paragraph():
                yield block
            case Contents():
                yield from block.entries
            case Table():
                for cell in block.cells:
                    yield from _paragraphs(cell.blocks)
            case TextBox():
                yield from _paragraphs(block.blocks)
            case FixedPage():
                for box in block.boxes:
                    yield from _paragraphs(box.blocks)


def _links(content: tuple[Inline, ...]) -> Iterator[Link]:
    for one in content:
        if isinstance(one, Link):
            yield one
        elif isinstance(one, Field | Commented):
            yield from _links(one.content)


def _texts(content: tuple[Inline, ...]) -> Iterator[tuple[str, Look]]:
    for one in content:
        match one:
            case Text():
                yield one.text, one.look
            case Control():
                yield one.value, one.look
            case Link() | Field() | Commented():
                yield from _texts(one.content)
