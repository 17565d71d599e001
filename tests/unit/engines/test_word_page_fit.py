"""Where things of a page stand in Word: blocks begin where they began, tables' columns are where their text is."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.engines.tagged.tree import Content, Element, TagTree
from chalicelib.engines.word.document.format import Align, SpacingRule
from chalicelib.engines.word.draft.block import ParagraphDraft, PictureDraft, TableDraft
from chalicelib.engines.word.draft.draft import Draft, PageDraft
from chalicelib.engines.word.pages.drawn import Fill, Image, Rule
from chalicelib.engines.word.pages.grid import FoundGrid
from chalicelib.engines.word.pages.page import SourceDocument
from chalicelib.engines.word.pages.text import Span
from chalicelib.engines.word.understand.cell_formats import row_heights
from chalicelib.engines.word.understand.pipeline import understand
from tests.support.word_pages import page, paragraph, prose, span, understood

Row = Sequence[tuple[str, float]]
"""Texts and where they begin, in the order of the tags; an empty text is an empty cell."""


def tagged_table(*rows: Row) -> Draft:
    """A document whose page is a tagged table, a row every 20 points."""
    tags, spans = TagTree(), list[Span]()

    def element(role: str, parent: int) -> int:
        tags.elements.append(Element(len(tags.elements), parent, role, role))
        if parent >= 0:
            tags.elements[parent].kids.append(len(tags.elements) - 1)
        return len(tags.elements) - 1

    table = element("Table", -1)
    tags.roots.append(table)
    for at, row in enumerate(rows):
        tr = element("TR", table)
        for text, x in row:
            cell = element("TD", tr)
            if text:
                content = Content(1, len(spans))
                tags.elements[cell].kids.append(content)
                tags.owners[content] = cell
                spans.append(replace(span(text, x, 100 + 20 * at), mcid=content.mcid))
    source = SourceDocument(1, [page(1, *spans)], tags)
    draft = Draft(source, [PageDraft(one) for one in source.pages])  # type: ignore[arg-type]
    understand(draft)
    return draft


def the_table(draft: Draft) -> TableDraft:
    (table,) = (block for block in draft.pages[0].blocks if isinstance(block, TableDraft))
    return table


def places(table: TableDraft) -> dict[str, tuple[int, int]]:
    return {
        block.text: (cell.row, cell.column)
        for cell in table.cells
        for block in cell.blocks
        if isinstance(block, ParagraphDraft)
    }


FULL = [("Name", 72.0), ("City", 200.0), ("Sum", 350.0)]


def test_cells_stand_in_the_column_of_their_text_when_a_tagged_row_leaves_out_empty_ones() -> None:
    table = the_table(
        tagged_table(FULL, [("Ann", 72), ("Bern", 200), ("12", 350)], [("Bob", 72), ("7", 350)], [("Rome", 200)])
    )

    assert len(table.xs) == 4
    assert places(table)["7"] == (2, 2)
    assert places(table)["Rome"] == (3, 1)


def test_cells_stand_from_left_to_right_when_tags_name_them_in_another_order() -> None:
    swapped = [("Bob", 72.0), ("9", 350.0), ("Oslo", 200.0)]

    table = the_table(tagged_table(FULL, swapped, FULL, [("Eve", 72), ("5", 350), ("Rome", 200)]))

    assert places(table)["Oslo"] == (1, 1)
    assert places(table)["9"] == (1, 2)


def test_cell_is_one_when_tags_make_two_of_what_stands_in_one_column() -> None:
    table = the_table(tagged_table(FULL, FULL, [("Ann", 72), ("New", 200), ("York", 220), ("3", 350)]))

    assert len(table.xs) == 4
    assert places(table)["3"] == (2, 2)
    assert [cell.column for cell in table.cells if cell.row == 2 and cell.blocks] == [0, 1, 2]


def test_rows_are_as_high_as_they_were_without_their_borders_when_lines_are_drawn() -> None:
    edges = (90.0, 120.0, 160.0)
    level = tuple(Rule(72, y, 272, y, 2.0) for y in edges)
    upright = tuple(Rule(x, 90, x, 160, 2.0) for x in (72.0, 172.0, 272.0))
    texts = (span("one", 80, 108), span("two", 180, 108), span("three", 80, 138), span("four", 180, 138))
    grid = FoundGrid((72.0, 172.0, 272.0), edges, ruled=True)

    table = the_table(understood(page(1, *texts, rules=(*level, *upright), grids=(grid,))))

    assert row_heights(table) == [28.0, 38.0]


def test_numbers_are_flush_right_when_their_column_shares_that_edge() -> None:
    rows = (("1,234,567", 300.0), ("89", 335.0), ("4,321", 320.0))
    texts = [
        one
        for at, (text, x) in enumerate(rows)
        for one in (span(f"Item {at}", 80, 110 + 20 * at), span(text, x, 110 + 20 * at))
    ]
    grid = FoundGrid((72.0, 200.0, 360.0), (96.0, 116.0, 136.0, 156.0))

    draft = understood(page(1, *texts, grids=(grid,)))

    formats = [paragraph(draft, text).format for text, _ in rows]
    assert {one.align for one in formats if one} == {Align.END}
    assert {one.end for one in formats if one} == {9.6}
    assert paragraph(draft, "Item 1").format.align is Align.START  # type: ignore[union-attr]


def test_space_above_is_what_it_was_when_a_page_begins_low() -> None:
    draft = understood(page(1, span("A first line", 72, 100), span("A line far below it", 72, 220), *prose(300)))

    first = paragraph(draft, "A first")
    top = draft.sections[0].setup.top
    assert first.format
    assert abs(top + first.format.before + 9.25 - 100) < 1
    assert abs(first.format.after - (120 - 11.5 * first.format.spacing.value)) < 1.5


def test_spaces_do_not_add_up_when_lines_are_higher_in_word() -> None:
    lines = [span(f"Entry number {at} alone.", 72, 100 + 12.7 * at) for at in range(40)]

    draft = understood(page(1, *prose(60, 3), *lines))

    own = [one for one in draft.paragraphs() if one.text.startswith("Entry")]
    formats = [one.format for one in own if one.format]
    heights = sum(11.5 * one.spacing.value + one.after for one in formats[:-1])
    assert len(own) == 40
    assert abs(heights - 12.7 * 39) < 2


def test_lower_margin_leaves_room_when_the_text_ends_at_it() -> None:
    draft = understood(*(page(at, *prose(80, 58)) for at in (1, 2)))

    setup = draft.sections[0].setup
    assert setup.height - setup.bottom >= 80 + 57 * 12 + 2


def test_nothing_of_the_text_is_a_running_head_when_pages_repeat() -> None:
    form = [
        span("Company handbook", 72, 32),
        *(span(f"The same sentence number {at} again.", 72, 92 + 15 * at) for at in range(30)),
    ]

    draft = understood(*(page(at, *form) for at in (1, 2, 3)))

    assert sum(one.text.startswith("The same sentence number 0") for one in draft.paragraphs()) == 3


def test_bars_and_their_labels_are_one_picture_when_they_stand_on_an_axis() -> None:
    bars = tuple(
        Fill((100 + 50 * at, 400 - high, 130 + 50 * at, 400), "3366CC") for at, high in enumerate((80, 120, 60, 200))
    )
    axes = (Rule(90, 400, 320, 400, 0.5), Rule(90, 180, 90, 400, 0.5))
    labels = [span(month, 105 + 50 * at, 412, size=8) for at, month in enumerate(("Jan", "Feb", "Mar", "Apr"))]

    draft = understood(page(1, span("Orders of each month", 72, 150), *labels, *prose(450, 6), fills=bars, rules=axes))

    (chart,) = (block for block in draft.pages[0].blocks if isinstance(block, PictureDraft))
    assert chart.box[0] <= 90
    assert chart.words == "Jan Feb Mar Apr"
    assert not any("Jan" in one.text for one in draft.paragraphs())
    assert not draft.pages[0].shapes


def test_panel_stays_behind_white_text_when_it_is_larger_than_a_paragraph() -> None:
    draft = understood(
        page(
            1,
            span("White title", 72, 80),
            span("White sub title", 72, 110),
            *prose(200, 5),
            fills=(Fill((0, 0, 595, 140), "1A1A4D"),),
        )
    )

    assert [(one.box, one.color) for one in draft.pages[0].shapes] == [((0, 0, 595, 140), "1A1A4D")]


def test_fill_is_the_paragraph_s_shade_when_it_holds_no_more() -> None:
    draft = understood(
        page(1, span("A title on a bar", 80, 93), *prose(200, 5), fills=(Fill((72, 80, 520, 98), "800080"),))
    )

    title = paragraph(draft, "A title").format
    assert title
    assert title.shade == "800080"
    assert not draft.pages[0].shapes


def test_picture_stays_behind_when_a_line_stands_on_it() -> None:
    draft = understood(
        page(1, span("Title on a picture", 90, 120), *prose(300, 5), images=(Image((72, 60, 500, 260), 1, 800, 400),))
    )

    (picture,) = (one for one in draft.pages[0].floating if isinstance(one, PictureDraft))
    assert picture.behind


def test_letters_are_as_wide_as_they_were_when_another_family_stands_for_their_font() -> None:
    wide = [span(line.text, 72, 100 + 12 * at, font="UnknownSerifRoman") for at, line in enumerate(prose(0, 6))]

    draft = understood(page(1, *wide))

    (width,) = draft.widths.values()
    assert 1.05 < width < 1.4


def test_lines_keep_their_height_when_they_are_in_an_east_asian_font() -> None:
    lines = [span(line.text, 72, 100 + 12 * at, font="MS-Mincho") for at, line in enumerate(prose(0, 6))]
    known = [span(line.text, 72, 300 + 12 * at, font="Garamond") for at, line in enumerate(prose(0, 6))]

    draft = understood(page(1, *lines, *known))

    rules = {one.format.spacing.rule: one.format.spacing.value for one in draft.paragraphs() if one.format}
    assert rules[SpacingRule.EXACT] == 12.0
    assert SpacingRule.MULTIPLE in rules


def test_a_picture_stands_in_the_middle_when_it_stood_there() -> None:
    image = Image((207, 200, 407, 300), 1, 100, 100)

    draft = understood(page(1, *prose(100, 6), *prose(340, 6), images=(image,)))

    (picture,) = (one for one in draft.pages[0].blocks if isinstance(one, PictureDraft))
    assert picture.format is not None
    assert picture.format.align is Align.CENTER


def test_text_is_no_running_head_when_pages_have_nothing_else() -> None:
    draft = understood(*(page(number, span("The only words here", 72, 90)) for number in range(1, 5)))

    assert [len(one.blocks) for one in draft.pages] == [1, 1, 1, 1]


def test_numbered_lines_are_read_by_their_geometry_when_tags_leave_the_numbers_out() -> None:
    tags, spans = TagTree(), list[Span]()
    tags.elements.append(Element(0, -1, "P", "P"))
    tags.roots.append(0)
    for at in range(8):
        content = Content(1, at)
        tags.elements[0].kids.append(content)
        tags.owners[content] = 0
        spans.append(span(str(at + 1), 72, 100 + 20 * at))
        spans.append(replace(span(f"line {at} of a transcript, all said", 100, 100 + 20 * at), mcid=at))
    source = SourceDocument(1, [page(1, *spans)], tags)
    draft = Draft(source, [PageDraft(one) for one in source.pages])  # type: ignore[arg-type]

    understand(draft)

    assert not draft.pages[0].tagged


def test_pictures_take_their_room_once_when_they_lie_on_each_other() -> None:
    images = tuple(Image((207, 200, 407, 300), number, 100, 100) for number in range(1, 5))

    draft = understood(page(1, *prose(100, 6), *prose(340, 6), images=images))

    assert sum(isinstance(one, PictureDraft) for one in draft.pages[0].blocks) == 1
    assert len(draft.pages[0].floating) == 3
