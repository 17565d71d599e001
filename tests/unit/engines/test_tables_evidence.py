"""What calls for the layout model, and what is no table: lines of words with places, no PDF."""

from collections.abc import Sequence

import pytest

from chalicelib.engines.tables.content import PageContent
from chalicelib.engines.tables.evidence import needs_layout, no_table_because
from chalicelib.engines.tables.fuse import Region
from chalicelib.engines.tables.grid import Grid
from chalicelib.engines.tables.rules import Rules
from chalicelib.engines.tables.text import Word

_SIZE, _LETTER, _PITCH = 10.0, 5.0, 12.0


def _lines(*lines: Sequence[tuple[float, str]], blank: float = 2.8, top: float = 100.0) -> list[Word]:
    """A line for each sequence of (left, phrase); ``blank`` is between the words of a phrase."""
    words = []
    for at, line in enumerate(lines):
        baseline = top + at * _PITCH
        for start, phrase in line:
            left = start
            for text in phrase.split():
                right = left + len(text) * _LETTER
                box = (left, baseline - 0.72 * _SIZE, right, baseline + 0.21 * _SIZE)
                words.append(Word(*box, text, _SIZE, baseline=baseline, blank=2.8))
                left = right + blank
    return words


_PROSE = "the committee met twice and took note of the report"


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (_lines([(50, "Paper"), (200, "120")], [(50, "Ink and pens"), (200, "7")]), True),
        (_lines([(50, _PROSE)], [(52, _PROSE)], [(50, _PROSE)], blank=7.0), False),
        (_lines(*[[(50, _PROSE), (330, _PROSE)]] * 4), False),
        (_lines([(50, "1."), (80, _PROSE)], [(50, "2."), (80, _PROSE)]), False),
        (_lines([(50, "−"), (80, _PROSE)], [(50, "−"), (80, _PROSE)]), False),
    ],
    ids=["columns", "justified text", "two columns of prose", "numbered items", "dashed items"],
)
def test_the_model_is_asked_when_lines_have_a_gap_at_one_place_that_may_part_columns(
    words: list[Word], asked: bool
) -> None:
    assert needs_layout(words, []) is asked


def test_the_model_is_asked_when_several_rows_may_stand_between_two_drawn_lines() -> None:
    cells = [(50.0, 90.0, 200.0, 160.0), (200.0, 90.0, 300.0, 160.0)]
    region = Region((50.0, 90.0, 300.0, 160.0), [50.0, 200.0, 300.0], [90.0, 160.0], cells)
    parted = _lines([(60, "Major"), (210, "one")], [], [(60, "Area"), (210, "two")])
    whole = _lines([(60, "Major"), (210, "one")], [(60, "sources"), (210, "two")])

    assert [needs_layout(words, [region]) for words in (parted, whole)] == [True, False]


@pytest.mark.parametrize(("title", "because"), [("List of tables", "contents"), ("Distances", None)])
def test_few_lines_that_end_in_rising_numbers_are_contents_when_their_title_says_so(
    title: str, because: str | None
) -> None:
    words = _lines([(50, "Parameters"), (300, "7")], [(50, "Results"), (300, "15")], [(50, "Costs"), (300, "18")])
    heading = _lines([(50, title)], top=80.0)
    grid = Grid([50.0, 200.0, 310.0], [92.0, 104.0, 116.0, 128.0], words)

    assert no_table_because(grid, PageContent([*heading, *words], Rules())) == because
