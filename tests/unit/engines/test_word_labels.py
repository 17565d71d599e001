"""Labels of lists, scripts and signs of another font, as PDF to Word reads them from where letters stand."""

from dataclasses import replace

from chalicelib.engines.word.document.inline import Level
from chalicelib.engines.word.draft.block import ParagraphDraft
from chalicelib.engines.word.draft.draft import Draft
from tests.support.word_pages import page, paragraph, prose, span, understood


def items(draft: Draft) -> list[tuple[str, int, str]]:
    """Label, level and text of each item of a list."""
    return [(one.label.text, one.label.level, one.text) for one in draft.paragraphs() if one.label is not None]


def levels(one: ParagraphDraft) -> list[tuple[str, Level]]:
    return [(piece.text, piece.level) for line in one.lines for piece in line.pieces]


def test_numbers_without_a_stop_are_labels_when_a_gap_follows_and_they_count() -> None:
    steps = [[span(str(at), 72, 90 + 20 * at), span(f"Step {at} of the work", 96, 90 + 20 * at)] for at in (1, 2, 3)]

    draft = understood(page(1, *(one for step in steps for one in step), *prose(200)))

    assert items(draft) == [(str(at), 0, f"Step {at} of the work") for at in (1, 2, 3)]


def test_numbers_without_a_stop_are_no_labels_when_signs_alone_follow() -> None:
    sums = [[span(str(at), 72, 90 + 20 * at), span(f"+ {at} = {2 * at}", 96, 90 + 20 * at)] for at in (1, 2, 3)]

    draft = understood(page(1, *(one for row in sums for one in row), *prose(200)))

    assert items(draft) == []


def test_number_stays_text_when_a_sentence_goes_on_with_it_on_the_next_line() -> None:
    full = "words that go on to the end of the line and say there that more is to be read of it on page"
    lines = [span(full, 72, 100), span("12) or on the last page of all.", 72, 112), *prose(140)]

    draft = understood(page(1, *lines))

    assert paragraph(draft, full).text == f"{full} 12) or on the last page of all."


def test_item_has_the_inner_bullet_when_two_begin_in_one_line() -> None:
    outer = [span("\u2022", 72, 100), span("Outer item of the list", 96, 100)]
    inner = [span("\u2022", 72, 120), span("\u2727", 96, 120), span("Inner item of the list", 114, 120)]

    draft = understood(page(1, *outer, *inner, *prose(160)))

    assert items(draft) == [("\u2022", 0, "Outer item of the list"), ("\u2727", 1, "Inner item of the list")]


def test_text_is_no_script_when_its_label_is_larger_and_lower() -> None:
    draft = understood(page(1, span("\u2022", 72, 102, size=12), span("First item of all", 96, 100), *prose(140)))

    assert levels(paragraph(draft, "First item of all")) == [("First item of all", Level.BASE)]


def test_digit_is_a_subscript_when_it_hangs_half_its_line_below() -> None:
    water = [span("Water is H", 72, 100), span("2", 122, 105, size=8), span("O at rest.", 126, 100)]

    draft = understood(page(1, *water, *prose(140)))

    assert levels(paragraph(draft, "Water is H"))[:2] == [("Water is H", Level.BASE), ("2", Level.SUB)]


def test_sign_of_another_font_stays_at_its_place_when_it_is_drawn_after_its_line() -> None:
    digits = span("12032024", 72, 100)
    apart = tuple(one + 5 * (at > 1) + 5 * (at > 3) for at, one in enumerate(digits.starts))
    date = replace(digits, starts=apart, ends=tuple(one + 5 for one in apart))
    slashes = [span("/", 82, 100, font="Symbols"), span("/", 97, 100, font="Symbols")]

    draft = understood(page(1, date, *slashes, *prose(140)))

    assert paragraph(draft, "12/03/2024")
