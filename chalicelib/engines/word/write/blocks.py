"""What flows: paragraphs, tables, contents, pictures, one after the other."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from chalicelib.engines.word.document.block import Block, Contents, FixedPage, Paragraph, Table, TextBox
from chalicelib.engines.word.document.picture import Anchor, Picture, Wrap
from chalicelib.engines.word.write.boxes import box_run
from chalicelib.engines.word.write.contents import contents_xml
from chalicelib.engines.word.write.paragraphs import Extras, paragraph_xml, plain_paragraph, tiny_paragraph
from chalicelib.engines.word.write.pictures import picture_run
from chalicelib.engines.word.write.story import Story
from chalicelib.engines.word.write.tables import table_xml


def blocks_text(blocks: Sequence[Block], story: Story, lead: str = "") -> str:
    """All of ``blocks`` with a paragraph at the end, as cells, notes, boxes and heads must have."""
    return "".join(Flow(story, lead).write(blocks))


class Flow:
    """Writes blocks one after the other. ``lead`` are runs for the first paragraph."""

    def __init__(self, story: Story, lead: str = "") -> None:
        self._story = story
        self._waiting = lead
        self._new_page = False
        self._written = 0
        self._ends_in_paragraph = False

    def write(self, blocks: Sequence[Block], section: str = "") -> Iterator[str]:
        """The blocks, the last paragraph with the end of the section, ``section``."""
        for at, block in enumerate(blocks):
            ends = section if at == len(blocks) - 1 else ""
            written = self._block(block, ends)
            self._written += bool(written)
            yield written
        takes_end = bool(blocks) and isinstance(blocks[-1], Paragraph)
        if not self._written and not section:
            yield plain_paragraph(self._take(), self._story)
        elif self._waiting or not self._ends_in_paragraph or (section and not takes_end):
            yield tiny_paragraph(self._take(), section)

    def _block(self, block: Block, section: str) -> str:
        match block:
            case Paragraph():
                return self._paragraph(block, section)
            case TextBox() | Picture():
                return self._placed(block)
            case FixedPage():
                return self._fixed_page(block)
            case Contents():
                return self._contents(block)
            case Table():
                return self._table(block)

    def _paragraph(self, paragraph: Paragraph, section: str) -> str:
        return self._ended(paragraph_xml(paragraph, self._story, replace(self._extras(), section=section)))

    def _placed(self, block: TextBox | Picture) -> str:
        """A box or an anchored picture waits for the next paragraph; another picture is one."""
        if isinstance(block, TextBox):
            self._waiting += self._box(block)
            return ""
        if block.anchor:
            self._waiting += picture_run(block, self._story, block.anchor)
            return ""
        return self._ended(plain_paragraph(picture_run(block, self._story, None), self._story, self._extras()))

    def _contents(self, contents: Contents) -> str:
        if not contents.entries:
            return ""
        before = tiny_paragraph(self._take(), new_page=self._takes_page()) if self._waiting or self._new_page else ""
        self._ends_in_paragraph = bool(contents.caption)
        return before + contents_xml(contents, self._story)

    def _table(self, table: Table) -> str:
        """A table; what must go before it, or keep it from the table before, has a paragraph."""
        apart = self._written and not self._ends_in_paragraph
        before = ""
        if apart or self._waiting or self._new_page or table.before:
            begins, table = _without_break(table)
            new_page = self._takes_page() or begins
            before = tiny_paragraph(self._take(), new_page=new_page, above=table.before)
        if not table.rows or not table.widths:
            return before
        self._ends_in_paragraph = False
        return before + table_xml(table, replace(self._story, base=None), blocks_text)

    def _fixed_page(self, page: FixedPage) -> str:
        """A page of its own: what is before it ends there, and what comes after it begins a new one."""
        steps: list[Callable[[], str]] = [lambda: "".join(map(self._box, page.boxes))]
        background = page.background
        if background is not None:
            steps.insert(len(steps) * page.covered, lambda: self._background(background, covered=page.covered))
        runs = self._take() + "".join(step() for step in steps)
        new_page = self._written > 0 or self._new_page
        self._new_page = True
        return self._ended(tiny_paragraph(runs, new_page=new_page))

    def _background(self, picture: Picture, *, covered: bool) -> str:
        wrap = Wrap.NONE_FRONT if covered else Wrap.NONE_BEHIND
        anchor = replace(picture.anchor, wrap=wrap) if picture.anchor else Anchor(0, 0, wrap)
        return picture_run(picture, self._story, anchor)

    def _box(self, box: TextBox) -> str:
        inside = blocks_text(box.blocks, self._story.boxed()) if box.blocks else ""
        return box_run(box, inside, self._story)

    def _extras(self) -> Extras:
        return Extras(before=self._take(), new_page=self._takes_page())

    def _take(self) -> str:
        waiting, self._waiting = self._waiting, ""
        return waiting

    def _takes_page(self) -> bool:
        new_page, self._new_page = self._new_page, False
        return new_page

    def _ended(self, written: str) -> str:
        self._ends_in_paragraph = True
        return written


def _without_break(table: Table) -> tuple[bool, Table]:
    """Whether a table begins a page, and the table without that: what goes before it begins the page then."""
    cell = table.cells[0] if table.cells else None
    first = cell.blocks[0] if cell and cell.blocks else None
    if cell is None or not isinstance(first, Paragraph) or not first.format.page_break_before:
        return False, table
    paragraph = replace(first, format=replace(first.format, page_break_before=False))
    return True, replace(table, cells=(replace(cell, blocks=(paragraph, *cell.blocks[1:])), *table.cells[1:]))
