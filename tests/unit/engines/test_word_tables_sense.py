"""What PDF to Word understands of tables: shades that part columns, rows that a page cuts, blocks side by side."""

from collections.abc import Sequence

from chalicelib.engines.word.document.format import Align
from chalicelib.engines.word.draft.block import ParagraphDraft, TableDraft
from chalicelib.engines.word.draft.draft import Draft
from chalicelib.engines.word.pages.drawn import Fill
from chalicelib.engines.word.pages.grid import FoundGrid
from chalicelib.engines.word.pages.text import Span
from tests.support.word_pages import page, prose, span, understood


def tables(draft: Draft) -> list[list[list[str]]]:
    """The texts of each table's cells, their paragraphs parted by a line end."""
    found = [one for page in draft.pages for one in page.blocks if isinstance(one, TableDraft)]
    return [
        [[_text(cell.blocks) for cell in table.cells if cell.row == row] for row in range(len(table.ys) - 1)]
        for table in found
    ]


def _text(blocks: Sequence[object]) -> str:
    return "\n".join(one.text for one in blocks if isinstance(one, ParagraphDraft))


def test_shades_part_columns_when_no_line_does() -> None:
    grid = FoundGrid((72, 172, 472), (300, 320, 340, 360), ruled=True)
    colors = ("FFC000", "92D050")
    fills = [
        Fill((172 + 150 * at, 300 + 20 * row, 322 + 150 * at, 320 + 20 * row), color)
        for row in range(3)
        for at, color in enumerate(colors)
    ]
    spans = [
        span(f"{word} {row}", x, 314 + 20 * row)
        for row in range(3)
        for word, x in (("name", 80), ("amber", 180), ("green", 330))
    ]

    draft = understood(page(1, *prose(80, 8), *spans, grids=(grid,), fills=tuple(fills)))

    assert tables(draft) == [[[f"name {row}", f"amber {row}", f"green {row}"] for row in range(3)]]


def _cut(first: list[Span], rest: list[Span], lines: tuple[float, ...]) -> Draft:
    upper = FoundGrid((72, 172, 472), (600, 620, 700, 780), header_rows=1, ruled=True)
    head = [span("Name", 80, 614, bold=True), span("Meaning", 180, 614, bold=True)]
    known = [span("one", 80, 640), span("what it means.", 180, 640)]
    lower = FoundGrid((72, 172, 472), lines, ruled=True)
    return understood(
        page(1, *prose(80, 40), *head, *known, *first, grids=(upper,)),
        page(2, *rest, *prose(300, 30), grids=(lower,)),
    )


def test_row_is_one_when_a_page_cuts_its_sentence() -> None:
    first = [span("two", 80, 720), span("a sentence that goes", 180, 720)]
    rest = [span("on over the page.", 180, 74), span("three", 80, 94), span("the last.", 180, 94)]

    (table,) = tables(_cut(first, rest, (60, 80, 100)))

    assert table[2:] == [["two", "a sentence that goes on over the page."], ["three", "the last."]]


def test_row_is_one_when_every_cell_ends_with_a_full_line() -> None:
    long = "what it means that goes to the edge of the whole cell now"
    first = [span("Two Words Of a long", 76, 770), span(long, 176, 770)]
    rest = [span("Lasting Name", 76, 74), span("Henceforth on the next page", 176, 74), span("three", 76, 94)]

    (table,) = tables(_cut(first, [*rest, span("The last.", 176, 94)], (60, 80, 100)))

    assert [row[0] for row in table] == ["Name", "one", "Two Words Of a long Lasting Name", "three"]


def test_rows_stay_two_when_the_next_page_begins_with_one_of_its_own() -> None:
    first = [span("two", 80, 720), span("what that means", 180, 720)]
    rest = [span("three", 80, 74), span("Another meaning", 180, 74), span("four", 80, 94), span("The last", 180, 94)]

    (table,) = tables(_cut(first, rest, (60, 80, 100)))

    assert [row[0] for row in table] == ["Name", "one", "two", "three", "four"]


def _centred(axis: float, baseline: float, text: str) -> Span:
    return span(text, axis - 2.5 * len(text), baseline)


def test_blocks_side_by_side_are_cells_when_their_lines_are_centred() -> None:
    rows = (
        ("____________________", "____________________"),
        ("Anna Ek", "Bertil Lind"),
        ("chair of the board", "clerk"),
    )
    spans = [
        _centred(axis, 400 + 16 * at, text)
        for at, row in enumerate(rows)
        for axis, text in zip((170.0, 420.0), row, strict=True)
    ]

    draft = understood(page(1, *prose(80, 8), *spans))

    assert tables(draft) == [[["\n".join(row[at] for row in rows) for at in (0, 1)]]]
    inner = [one for one in draft.every_paragraph() if one.text in ("Anna Ek", "clerk")]
    assert [one.format.align for one in inner if one.format] == [Align.CENTER, Align.CENTER]


def test_lines_with_a_gap_stay_lines_when_they_begin_at_one_place() -> None:
    spans = [
        one
        for at, (left, right) in enumerate((("Date", "Place"), ("Monday", "the town hall"), ("Tuesday", "school")))
        for one in (span(left, 100, 400 + 16 * at), span(right, 300, 400 + 16 * at))
    ]

    assert tables(understood(page(1, *prose(80, 8), *spans))) == []


def test_lines_of_a_row_keep_their_distance_when_the_row_goes_on_over_the_page() -> None:
    first = [span("two", 80, 720), span("a sentence that goes", 180, 760), span("from one page", 180, 772)]
    rest = [span(f"line {at} of the rest", 180, 74 + 12 * at) for at in range(12)]

    draft = _cut(first, rest, (60, 220, 240))

    cut = next(one for one in draft.every_paragraph() if one.text.startswith("a sentence"))
    assert cut.format is not None
    assert cut.format.spacing.value >= 1.0
