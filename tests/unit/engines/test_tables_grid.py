"""Rows, columns and merged cells by the evidence of where words stand: no PDF, only words with places."""

from collections.abc import Sequence

import pytest

from chalicelib.engines.tables.beside import parted
from chalicelib.engines.tables.columns import fit_columns
from chalicelib.engines.tables.content import PageContent
from chalicelib.engines.tables.evidence import no_table_because
from chalicelib.engines.tables.fuse import Region, fuse
from chalicelib.engines.tables.grid import Grid
from chalicelib.engines.tables.heads import set_apart
from chalicelib.engines.tables.lattice import lattices
from chalicelib.engines.tables.leaders import without_leaders
from chalicelib.engines.tables.rows import fit_rows
from chalicelib.engines.tables.rules import Rule, Rules
from chalicelib.engines.tables.spans import find_spans
from chalicelib.engines.tables.text import Box, Word, is_rule, text_of

SIZE, WIDTH = 10.0, 5.0
"""Words are set in a font whose every letter is half its size wide."""


def _word(
    text: str, baseline: float, *, left: float | None = None, right: float | None = None, size: float = SIZE
) -> Word:
    width = len(text) * WIDTH * size / SIZE
    x0 = left if left is not None else (right or 0.0) - width
    return Word(
        x0, baseline - 0.72 * size, x0 + width, baseline + 0.21 * size, text, size, baseline=baseline, blank=2.8
    )


def _phrase(text: str, baseline: float, left: float) -> list[Word]:
    words = []
    for part in text.split():
        words.append(_word(part, baseline, left=left))
        left = words[-1].x1 + 2.8
    return words


def _lines(cells: Sequence[Sequence[Box | None]]) -> Rules:
    """The sides of ``cells``, each drawn once for each cell."""
    boxes = [box for row in cells for box in row if box is not None]
    flat = [Rule(y, x0, x1) for x0, y0, x1, y1 in boxes for y in (y0, y1)]
    upright = [Rule(x, y0, y1) for x0, y0, x1, y1 in boxes for x in (x0, x1)]
    return Rules(flat, upright)


def _texts(grid: Grid) -> list[list[str]]:
    texts = grid.texts()
    return [[texts.get((row, column), "") for column in range(grid.columns)] for row in range(grid.rows)]


def _grid(words: Sequence[Word], xs: list[float], ys: list[float], *, ruled: bool = False) -> Grid:
    grid = Grid(xs, ys, list(words), ruled=ruled)
    fit_columns(grid)
    return grid


def test_a_missing_boundary_is_found_where_numbers_end_and_words_begin() -> None:
    rows = [("3191", "Paper"), ("17", "Ink and pens"), ("812", "Staples"), ("4", "Chairs of oak"), ("65", "Tea")]
    words: list[Word] = []
    for at, (number, name) in enumerate(rows):
        words += [_word(number, 20 + 14 * at, right=100), *_phrase(name, 20 + 14 * at, 102.8)]

    grid = _grid(words, [50, 200], [10, 24, 38, 52, 66, 80])

    assert _texts(grid) == [list(row) for row in rows]


@pytest.mark.parametrize(
    "rows",
    [["1 234,56", "12 345,00", "123 456,78", "1 000,25"], ["12 Mar 2026", "13 Apr 2026", "28 May 2026", "30 Jun 2026"]],
    ids=["grouped numbers", "dates"],
)
def test_words_of_one_cell_are_not_torn_into_columns(rows: list[str]) -> None:
    words: list[Word] = []
    for at, text in enumerate(rows):
        start = 150 - sum(len(part) * WIDTH for part in text.split()) - 2.8 * text.count(" ")
        words += _phrase(text, 20 + 14 * at, start)

    assert _grid(words, [50, 200], [10, 24, 38, 52, 66]).columns == 1


def test_a_wrapped_line_joins_its_row_when_it_stands_closer_than_rows_do() -> None:
    words = [*_phrase("Item", 20, 50), _word("Cost", 20, right=200)]
    for at, cost in enumerate(["12", "7", "31"]):
        words += [*_phrase(f"Measure {at}", 44 + 30 * at, 50), _word(cost, 44 + 30 * at, right=200)]
    words += _phrase("of the first kind", 56, 50)

    grid = _grid(words, [45, 150, 205], [10, 30, 48, 60, 84, 110])
    fit_rows(grid, Rules())

    assert [row[0] for row in _texts(grid)] == ["Item", "Measure 0\nof the first kind", "Measure 1", "Measure 2"]


def test_numbers_under_numbers_are_records_of_their_own_also_in_one_ruled_row() -> None:
    words = [*_phrase("Item", 20, 50), _word("Cost", 20, right=200)]
    for at, (name, cost) in enumerate([("Paper", "12"), ("Ink", "7"), ("Tea", "31")]):
        words += [*_phrase(name, 40 + 12 * at, 50), _word(cost, 40 + 12 * at, right=200)]

    grid = _grid(words, [45, 150, 205], [10, 28, 80], ruled=True)
    fit_rows(grid, Rules())

    assert _texts(grid) == [["Item", "Cost"], ["Paper", "12"], ["Ink", "7"], ["Tea", "31"]]


def test_lines_of_text_in_a_ruled_row_stay_one_cell() -> None:
    words = [*_phrase("Item", 20, 50), *_phrase("Who", 20, 160)]
    for at, part in enumerate(["A measure whose", "name is long and", "wraps at the end"]):
        words += _phrase(part, 40 + 12 * at, 50)
    words += _phrase("Anna", 40, 160)

    grid = _grid(words, [45, 150, 205], [10, 28, 80], ruled=True)
    fit_rows(grid, Rules())

    assert _texts(grid)[1] == ["A measure whose\nname is long and\nwraps at the end", "Anna"]


def test_the_head_of_a_group_spans_the_columns_at_whose_middle_it_stands() -> None:
    words = [_word("2025", 20, left=140), _word("2024", 20, left=260)]
    for x, head in zip([120, 180, 240, 300], ["Plan", "Real", "Plan", "Real"], strict=True):
        words.append(_word(head, 36, right=x + 10))
    for at in range(4):
        words += _phrase(f"Line{at}", 60 + 16 * at, 20)
        words += [_word(str(10 * at + 7), 60 + 16 * at, right=x + 10) for x in (120, 180, 240, 300)]

    grid = _grid(words, [15, 95, 150, 210, 270, 320], [10, 26, 46, 66, 82, 98, 114])
    fit_rows(grid, Rules())
    find_spans(grid, Rules())

    assert sorted(grid.spans) == [(0, 1, 0, 2), (0, 3, 0, 4)]


def test_tables_side_by_side_are_parted_when_their_lines_do_not_meet() -> None:
    words: list[Word] = []
    for at in range(6):
        words += [*_phrase(f"Left{at}", 20 + 14 * at, 20), _word(str(at), 20 + 14 * at, right=120)]
        words += [*_phrase(f"Right{at}", 26 + 17 * at, 200), _word(str(at), 26 + 17 * at, right=300)]

    left, right = parted(Grid([15, 80, 160, 260, 305], [10, 120], words), Rules())

    assert ([word.text for word in left.words[:2]], [word.text for word in right.words[:2]]) == (
        ["Left0", "0"],
        ["Right0", "0"],
    )


def test_a_caption_in_the_box_of_a_table_is_no_row_of_it() -> None:
    words = _phrase("Table 3. What was in stock in the year", 20, 20)
    for at, (name, count) in enumerate([("Item", "Count"), ("Paper", "12"), ("Ink", "7")]):
        words += [*_phrase(name, 40 + 16 * at, 20), _word(count, 40 + 16 * at, right=200)]
    grid = _grid(words, [15, 120, 210], [10, 28, 46, 62, 78])
    fit_rows(grid, Rules())

    captions, notes = set_apart(grid)

    assert [text_of(one) for one in captions] == ["Table 3. What was in stock in the year"]
    assert (notes, _texts(grid)[0]) == ([], ["Item", "Count"])


def test_drawn_lines_part_rows_that_the_model_took_for_one() -> None:
    words = [*_phrase("Item", 20, 20), *_phrase("Kind", 20, 130)]
    words += [
        *_phrase("Paper", 36, 20),
        *_phrase("white", 36, 130),
        *_phrase("Ink", 52, 20),
        *_phrase("black", 52, 130),
    ]
    grid = _grid(words, [15, 120, 210], [10, 28, 60])

    fit_rows(grid, Rules(horizontal=[Rule(at, 10, 215) for at in (8, 26, 42, 60)]))

    assert _texts(grid) == [["Item", "Kind"], ["Paper", "white"], ["Ink", "black"]]


CHART: list[list[Box | None]] = [[(x, y, x + 50, y + 20) for x in (0, 50, 100, 150)] for y in (0, 20, 40, 60)]


@pytest.mark.parametrize(("picture", "found"), [(False, 1), (True, 0)])
def test_the_grid_of_a_chart_is_no_table(picture: bool, found: int) -> None:
    words = [_word("12", 15, left=5), _word("7", 35, left=5), _word("31", 15, left=60), _word("8", 35, left=60)]
    pictures = [(0.0, 0.0, 200.0, 80.0)] if picture else []

    assert len(fuse([], lattices(_lines(CHART)), words, pictures)) == found


def test_a_mere_frame_does_not_hide_what_the_model_sees_in_it() -> None:
    seen = Region((5, 5, 195, 75), [5, 100, 195], [5, 25, 50, 75], [])
    words = [
        _word("Item", 18, left=10),
        _word("Kind", 18, left=110),
        _word("Ink", 40, left=10),
        _word("black", 40, left=110),
    ]

    (grid,) = fuse([seen], lattices(_lines([[(0, 0, 200, 80)]])), words)

    assert (grid.rows, grid.columns) == (3, 2)


def test_right_to_left_text_is_read_in_its_order_with_numbers_in_theirs() -> None:
    line = [_word("2024", 20, left=20), _word("דוח", 20, right=70), _word("שנתי", 20, right=100)]

    assert text_of(line) == "שנתי דוח 2024"


@pytest.mark.parametrize(
    ("printed", "read"), [(")1,234(", "(1,234)"), ("f(x)g(y)", "f(x)g(y)"), ("a) b (c", "a) b (c")]
)
def test_only_parentheses_that_a_number_wears_the_wrong_way_round_are_turned(printed: str, read: str) -> None:
    assert text_of(_phrase(printed, 20, 5)) == read


def test_a_superscript_is_no_digit_of_its_number() -> None:
    mark = _word("1", 16.0, left=30, size=6)

    assert text_of([_word("1,234", 20, left=5), mark]) == "1,234¹"


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("-----", True),
        ("........", True),
        ("__", True),
        ("-", False),
        ("...", False),
        ("*****", False),
        ("*" * 20, True),
    ],
)
def test_words_that_only_draw_a_line_are_told_from_text(text: str, drawn: bool) -> None:
    assert is_rule(text) == drawn


def test_a_missing_side_merges_the_cells_on_both_sides_of_it() -> None:
    rules = _lines([[(0, 0, 100, 20), (100, 0, 150, 20), (150, 0, 200, 20)], [(0, 20, 100, 60), (100, 20, 200, 60)]])

    (region,) = lattices(rules)

    assert (region.xs, region.ys) == ([0, 100, 150, 200], [0, 20, 60])
    assert (100, 20, 200, 60) in region.cells
    assert len(region.cells) == 5


def test_cells_beyond_the_outermost_lines_are_columns_where_all_lines_across_run_on_to_one_place() -> None:
    flat = [Rule(y, 0, 300) for y in (0, 20, 40, 60)]
    upright = [Rule(x, 0, 60) for x in (100, 200)]

    (region,) = lattices(Rules(flat, upright))

    assert region.xs == [0, 100, 200, 300]


def test_a_leader_is_taken_out_of_the_words_that_it_touches() -> None:
    words, leaders = without_leaders([_word("Scope......17", 20, left=10), *(_word(".", 40, left=x) for x in range(5))])

    assert [word.text for word in words] == ["Scope", "17"]
    assert len(leaders) == 6


def _contents(*, led: bool) -> tuple[Grid, PageContent]:
    pages = ["1", "3", "3", "8", "12"]
    words = [
        word
        for at, page in enumerate(pages)
        for word in (*_phrase(f"Chapter of {at}", 20 + 14 * at, 10), _word(page, 20 + 14 * at, right=200))
    ]
    leaders = [_word("........", 20 + 14 * at, left=90) for at in range(len(pages))] if led else []
    grid = Grid([5, 150, 200], [10, 24, 38, 52, 66, 80], words)
    return grid, PageContent(words, Rules(), leaders=leaders)


@pytest.mark.parametrize(("led", "because"), [(True, "contents"), (False, None)])
def test_lines_that_lead_to_rising_page_numbers_are_contents(led: bool, because: str | None) -> None:
    assert no_table_because(*_contents(led=led)) == because


def test_numbered_items_are_a_list_and_no_table() -> None:
    lines = ["a sentence of some words", "another that is longer than it", "the third and last of them"]
    words = [
        word
        for at, line in enumerate(lines)
        for word in (_word(f"{at + 1}.", 20 + 14 * at, left=10), *_phrase(line, 20 + 14 * at, 40))
    ]

    assert no_table_because(Grid([5, 30, 250], [10, 24, 38, 52], words), PageContent(words, Rules())) == "list"
