"""Right-to-left text of PDF to Word in the order in which it is read."""

import pytest

from chalicelib.engines.word.draft.block import CellDraft, ParagraphDraft, TableDraft
from chalicelib.engines.word.draft.draft import ColumnDraft, Draft, PageDraft, StretchDraft, paragraphs_in
from chalicelib.engines.word.draft.line import Line, Piece
from chalicelib.engines.word.pages.page import SourceDocument
from chalicelib.engines.word.understand.bidi import Letter, logical
from chalicelib.engines.word.understand.numerals import letter, readings, roman, write
from chalicelib.engines.word.understand.rtl_tables import find_rtl_tables
from chalicelib.engines.word.understand.symbols import seen_as
from tests.support.word_pages import from_right, page, span, understood


def read(visual: str, rtl: bool) -> str:
    """What ``visual``, letters from left to right, says."""
    letters = [Letter(char, 5.0 * at, 5.0 * at + 5, 0) for at, char in enumerate(visual)]
    return "".join(one.text for one, _ in logical(letters, rtl))


@pytest.mark.parametrize(
    ("visual", "rtl", "said"),
    [
        ("\u05ea\u05d9\u05d1", True, "\u05d1\u05d9\u05ea"),
        ("abc \u05d2\u05d1\u05d0", True, "\u05d0\u05d1\u05d2 abc"),
        ("abc \u05d2\u05d1\u05d0", False, "abc \u05d0\u05d1\u05d2"),
        ("\u05d2 12.5 \u05d0", True, "\u05d0 12.5 \u05d2"),
        ("20 10 \u05d0", True, "\u05d0 10 20"),
        ("\u05d2 version 3.0 \u05d0", True, "\u05d0 version 3.0 \u05d2"),
        ("see \u05d2 12 \u05d0 there", False, "see \u05d0 12 \u05d2 there"),
        ("plain text 3", False, "plain text 3"),
        ("\u05d2 15% \u05d0", True, "\u05d0 15% \u05d2"),
        ("\u0628 %15 \u0627", True, "\u0627 15% \u0628"),
    ],
)
def test_letters_are_in_reading_order_when_directions_mix(visual: str, rtl: bool, said: str) -> None:
    assert read(visual, rtl) == said


def test_vowels_follow_their_letter_when_a_line_is_turned_round() -> None:
    letters = [Letter("\u05d1", 0, 5, 0), Letter("\u05d0", 5, 10, 0), Letter("\u05b8", 6, 8, 0)]

    assert "".join(one.text for one, _ in logical(letters, True)) == "\u05d0\u05b8\u05d1"


def test_line_runs_from_the_right_when_it_begins_there() -> None:
    words = "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd"
    lines = [from_right(words * (2 if at % 3 else 8), 523, 80 + 14 * at) for at in range(9)]

    draft = understood(page(1, *lines))

    paragraphs = draft.paragraphs()
    assert all(one.text.startswith("\u05e9\u05dc\u05d5\u05dd") for one in paragraphs)
    assert all(one.format is not None and one.format.rtl for one in paragraphs)
    assert all(piece.rtl for one in paragraphs for line in one.lines for piece in line.pieces)


def test_text_runs_from_the_left_when_only_a_word_does_not() -> None:
    draft = understood(
        page(1, span("The word", 72, 80), from_right("\u05e9\u05dc\u05d5\u05dd", 137, 80), span("is peace.", 142, 80))
    )

    (one,) = draft.paragraphs()
    assert one.text == "The word \u05e9\u05dc\u05d5\u05dd is peace."
    assert one.format is not None
    assert not one.format.rtl


@pytest.mark.parametrize("value", [1, 4, 9, 14, 40, 99, 400, 1999])
def test_roman_numerals_are_read_when_written(value: int) -> None:
    assert roman(write(value, "lowerRoman")) == value
    assert roman(write(value, "upperRoman")) == value


def test_numeral_has_all_its_readings_when_it_is_ambiguous() -> None:
    assert readings("i") == {"lowerLetter": 9, "lowerRoman": 1}
    assert readings("07") == {"decimalZero": 7}
    assert (letter("bb"), letter("ab"), roman("iix")) == (28, None, None)


@pytest.mark.parametrize(
    ("code", "font", "seen"),
    [
        ("\uf0b7", "TimesNewRomanPSMT", "\u2022"),
        ("\uf0a7", "Wingdings-Regular", "\u25aa"),
        ("\uf0a7", "OpenSymbol", "\u25aa"),
        ("\uf061", "SymbolMT", "\u03b1"),
        ("\u00a7", "Wingdings", "\u25aa"),
        ("\u00a7", "Arial", "\u00a7"),
        ("a", "SymbolMT", "a"),
    ],
)
def test_sign_is_the_character_seen_when_its_font_is_of_signs(code: str, font: str, seen: str) -> None:
    assert seen_as(code, font) == seen


def table_of(*rows: tuple[str, str]) -> TableDraft:
    """A table of two columns, the first one narrow, as it stands on the page."""
    cells = [
        CellDraft(at, column, (edges[0], 20.0 * at, edges[1], 20.0 * at + 20), blocks=[words(text)])
        for at, row in enumerate(rows)
        for column, (text, edges) in enumerate(zip(row, ((0.0, 50.0), (50.0, 200.0)), strict=True))
    ]
    return TableDraft(1, (0, 0, 200, 40), [0, 50, 200], [0, 20, 40], cells)


def words(text: str) -> ParagraphDraft:
    own = span(text, 0, 0)
    return ParagraphDraft([Line(1, [Piece(text, list(own.starts), list(own.ends), own)], 0, 10, 0, 10)], 0, 0)


def mirrored_table(table: TableDraft) -> TableDraft:
    draft = Draft(SourceDocument(1), [PageDraft(page(1))])
    draft.pages[0].stretches = [StretchDraft([ColumnDraft((0, 0, 200, 40), blocks=[table])])]
    find_rtl_tables(draft)
    return table


def test_columns_count_from_the_right_when_a_table_is_hebrew() -> None:
    table = mirrored_table(table_of(("\u05d1", "\u05d0"), ("\u05d3", "\u05d2")))

    assert table.rtl
    assert [(cell.row, cell.column, one.text) for cell in table.cells for one in paragraphs_in(cell.blocks)] == [
        (0, 0, "\u05d0"),
        (0, 1, "\u05d1"),
        (1, 0, "\u05d2"),
        (1, 1, "\u05d3"),
    ]
    assert table.xs == [0, 150, 200]


def test_columns_count_from_the_left_when_a_table_is_english() -> None:
    table = mirrored_table(table_of(("a", "b"), ("c", "d")))

    assert not table.rtl
    assert table.xs == [0, 50, 200]
