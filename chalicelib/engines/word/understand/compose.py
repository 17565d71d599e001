"""The draft as the document that is written."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby
from math import inf

from chalicelib.engines.word.document.block import Block, Cell, Contents, FixedPage, Paragraph, Table, TableRow, TextBox
from chalicelib.engines.word.document.document import Document, Note, PageFact, Way
from chalicelib.engines.word.document.format import Format, ListPlace, Role
from chalicelib.engines.word.document.inline import Break, BreakKind, Inline, Look
from chalicelib.engines.word.document.picture import Anchor, Media, Picture, Wrap
from chalicelib.engines.word.document.section import Columns, PageSetup, Running, Section, Start
from chalicelib.engines.word.draft.block import BlockDraft, ParagraphDraft, PictureDraft, TableDraft
from chalicelib.engines.word.draft.draft import (
    Draft,
    PageDraft,
    RunningDraft,
    SectionDraft,
    ShapeDraft,
    StretchDraft,
    paragraphs_in,
)
from chalicelib.engines.word.understand.cell_formats import row_heights
from chalicelib.engines.word.understand.compose_fixed import fixed_section, hidden_text, line_boxes
from chalicelib.engines.word.understand.hosts import Hung, hung_on
from chalicelib.engines.word.understand.runs import Runs

Draw = Callable[[PictureDraft], Media | None]
"""Gives the bytes of a picture; None where it can't be drawn."""


def compose(draft: Draft, draw: Draw) -> Document:
    """The document model of a draft whose passes are done."""
    return _Composer(draft, draw).document()


class _Composer:
    def __init__(self, draft: Draft, draw: Draw) -> None:
        self._draft, self._draw = draft, draw
        self._runs = Runs(draft.anchors, draft.widths)

    def document(self) -> Document:
        draft = self._draft
        sections: list[Section] = []
        for one in draft.sections:
            sections += self._sections(one)
        return Document(
            sections=sections,
            styles=draft.styles,
            lists=draft.lists,
            notes=[Note(one.kind, tuple(self.blocks(one.paragraphs))) for one in draft.notes],
            comments=draft.comments,
            metadata=draft.source.metadata,
            even_differs=draft.even_differs,
            page_color=draft.page_color,
            facts=[PageFact(page.number, page.way, page.why) for page in draft.pages],
            fonts_substituted=self._runs.substituted,
        )

    def _sections(self, section: SectionDraft) -> list[Section]:
        """The section; pages at fixed places within it are sections of their own."""
        found: list[Section] = []
        for fixed, pages in groupby(self._draft.pages[section.first : section.last + 1], key=_is_fixed):
            if fixed:
                found += [fixed_section(page, self._runs.of, self.picture) for page in pages]
            else:
                own = replace(section, first_differs=False, number_from=None) if found else section
                found += self._flowing(own, list(pages))
        return found

    def _flowing(self, section: SectionDraft, pages: Sequence[PageDraft]) -> list[Section]:
        """Pages of the section, as one for each run of stretches with the same columns."""
        runs: list[tuple[Columns, list[Block], bool]] = []
        for at, page in enumerate(pages):
            hung = hung_on(page, self.floats(page))
            for number, stretch in enumerate(page.stretches):
                columns = _columns(stretch, section.setup)
                blocks = [*(hung.get(0, ()) if number == 0 else ()), *self._stretch(stretch, hung)]
                if stretch is page.stretches[-1]:
                    blocks += [*hidden_text(page, self._runs.of), *_blank(page)]
                if runs and _alike(runs[-1][0], columns):
                    _extend(runs[-1][1], blocks)
                else:
                    runs.append((columns, blocks, bool(at) and number == 0))
        first = self._running(section)
        found = []
        for number, (columns, blocks, on_new_page) in enumerate(runs or [(Columns(), [], False)]):
            start = Start.NEXT_PAGE if number == 0 or on_new_page else Start.CONTINUOUS
            one = replace(first, blocks=tuple(blocks), columns=columns, start=start)
            if number:
                same = Running(None, None, None)
                one = replace(one, headers=same, footers=same, first_differs=False, number_from=None)
            found.append(one)
        return found

    def _running(self, section: SectionDraft) -> Section:
        return Section(
            page=section.setup,
            blocks=(),
            headers=self._heads(section.headers),
            footers=self._heads(section.footers),
            first_differs=section.first_differs,
            number_from=section.number_from,
            number_format=section.number_format,
            rtl=section.rtl,
            lines_from=section.lines_from,
            lines_restart=section.lines_restart,
        )

    def _heads(self, running: RunningDraft) -> Running:
        return Running(*(tuple(self._head(kind)) for kind in (running.default, running.first, running.even)))

    def _head(self, drafts: Sequence[BlockDraft]) -> list[Block]:
        """Its pictures at their places, before the paragraph that they hang on."""
        pictures = [self._floating(one) for one in drafts if isinstance(one, PictureDraft)]
        blocks = self.blocks([one for one in drafts if not isinstance(one, PictureDraft)])
        placed: list[Block] = [one for one in pictures if one is not None]
        return [*placed, *(blocks or ([Paragraph((), role=Role.HEADER)] if placed else []))]

    def _stretch(self, stretch: StretchDraft, hung: Hung) -> list[Block]:
        return [block for column in stretch.columns for block in self.blocks(column.blocks, hung)]

    def blocks(self, drafts: Sequence[BlockDraft], hung: Hung | None = None) -> list[Block]:
        """Blocks of the document, what hangs on one before it; entries of one table of contents are one."""
        found: list[Block] = []
        entries: list[Paragraph] = []
        group: int | None = None
        for draft in drafts:
            contents = draft.contents if isinstance(draft, ParagraphDraft) else None
            if entries and contents != group:
                found.append(self._contents(group, entries))
                entries = []
            found += hung.get(id(draft), ()) if hung else ()
            block = self.block(draft)
            if contents is not None and isinstance(block, Paragraph):
                entries.append(block)
                group = contents
            elif block is not None:
                found.append(block)
        return [*found, self._contents(group, entries)] if entries else found

    def _contents(self, group: int | None, entries: Sequence[Paragraph]) -> Contents:
        own = self._draft.contents[group or 0]
        return Contents(tuple(entries), own.levels, own.caption)

    def block(self, draft: BlockDraft) -> Block | None:
        """One block; None for a picture that can't be drawn."""
        if isinstance(draft, ParagraphDraft):
            return self.paragraph(draft)
        if isinstance(draft, TableDraft):
            return self.table(draft)
        picture = self.picture(draft)
        if picture is None or draft.format is None:
            return picture
        return Paragraph((picture,), format=draft.format, page=draft.page)

    def paragraph(self, draft: ParagraphDraft) -> Paragraph:
        """A paragraph with its runs."""
        pictures = [made for one in draft.inline_pictures if (made := self.picture(one)) is not None]
        breaks = [Break(BreakKind.COLUMN)] if draft.column_break else []
        content: tuple[Inline, ...] = (*breaks, *pictures, *self._runs.of(draft))
        label = draft.label
        place = None
        if label is not None and label.number is not None:
            place = ListPlace(label.number, label.level, label.restart)
        return Paragraph(
            content=content,
            role=draft.role,
            level=draft.level,
            format=draft.format or Format(),
            list=place,
            bookmarks=tuple(draft.bookmarks),
            page=draft.page,
        )

    def table(self, draft: TableDraft) -> Table:
        """A table; every cell has a paragraph at least."""
        cells = []
        smallest = min(paragraphs_in([draft]), key=lambda one: one.lines[0].size if one.lines else inf, default=None)
        for cell in draft.cells:
            blocks = self.blocks(cell.blocks)
            if not blocks or not isinstance(blocks[-1], Paragraph):
                blocks.append(Paragraph((), role=Role.NORMAL, mark=self._mark(smallest)))
            cells.append(
                Cell(
                    cell.row,
                    cell.column,
                    tuple(blocks),
                    cell.rows,
                    cell.columns,
                    cell.borders,
                    cell.shade,
                    cell.align,
                    cell.turn,
                )
            )
        widths = tuple(max(1.0, after - before) for before, after in zip(draft.xs, draft.xs[1:], strict=False))
        rows = tuple(TableRow(height, header=at < draft.header_rows) for at, height in enumerate(row_heights(draft)))
        left, right = draft.margins
        return Table(
            widths,
            rows,
            tuple(cells),
            rtl=draft.rtl,
            alt=draft.alt,
            page=draft.page,
            indent=draft.indent,
            before=draft.before,
            margins=(0.0, right, 0.0, left) if draft.rtl else (0.0, left, 0.0, right),
        )

    def _mark(self, paragraph: ParagraphDraft | None) -> Look | None:
        """The look of an empty paragraph beside this one, which is no higher."""
        return self._runs.look(paragraph.lines[0].pieces[0]) if paragraph and paragraph.lines else None

    def floats(self, page: PageDraft) -> list[Block]:
        """What stands at places of its own on a page."""
        found = [block for draft in page.floating if (block := self._floating(draft)) is not None]
        return [*map(_shape, page.shapes), *found, *line_boxes(page.turned, self._runs.of)]

    def _floating(self, draft: BlockDraft) -> Block | None:
        block = self.picture(draft) if isinstance(draft, PictureDraft) else self.block(draft)
        if isinstance(block, Picture) and isinstance(draft, PictureDraft):
            wrap = Wrap.NONE_BEHIND if draft.behind else Wrap.SQUARE
            return replace(block, anchor=Anchor(draft.box[0], draft.box[1], wrap))
        return block

    def picture(self, draft: PictureDraft) -> Picture | None:
        """A picture with its bytes, in line with the text."""
        media = self._draw(draft)
        if media is None:
            return None
        width, height = draft.box[2] - draft.box[0], draft.box[3] - draft.box[1]
        uri = draft.link.uri if draft.link else None
        anchor = self._draft.anchors.get(draft.link.place) if draft.link and draft.link.place else None
        return Picture(
            media,
            width,
            height,
            alt=draft.alt,
            decorative=draft.decorative,
            uri=uri,
            anchor_link=anchor,
            words=draft.words,
        )


def _shape(shape: ShapeDraft) -> TextBox:
    x0, y0, x1, y1 = shape.box
    return TextBox(x0, y0, x1 - x0, y1 - y0, (), fill=shape.color, behind=True)


def _extend(blocks: list[Block], more: list[Block]) -> None:
    """Go on with ``more``; contents that go on over a page are one."""
    last, first = (blocks[-1] if blocks else None), (more[0] if more else None)
    if isinstance(last, Contents) and isinstance(first, Contents) and last.caption == first.caption:
        blocks[-1] = replace(last, entries=(*last.entries, *first.entries))
        more = more[1:]
    blocks.extend(more)


def _columns(stretch: StretchDraft, setup: PageSetup) -> Columns:
    boxes = [column.box for column in stretch.columns]
    if len(boxes) < 2:
        return Columns()
    room = setup.width - setup.left - setup.right
    gaps = tuple(max(6.0, after[0] - before[2]) for before, after in zip(boxes, boxes[1:], strict=False))
    widths = [max(12.0, box[2] - box[0]) for box in boxes]
    factor = (room - sum(gaps)) / sum(widths)
    return Columns(tuple(width * factor for width in widths), gaps)


def _blank(page: PageDraft) -> list[Block]:
    """A page with nothing on it is one nevertheless."""
    return [FixedPage(page.number, None, ())] if page.way in (Way.BLANK, Way.UNREAD) else []


def _is_fixed(page: PageDraft) -> bool:
    return page.way in (Way.FIXED, Way.PICTURE)


def _alike(one: Columns, other: Columns) -> bool:
    return one.count == other.count
