"""Which texts of a table's columns become numbers or dates, and which stay what they are."""

from datetime import date, datetime
from typing import Any

import pytest

from chalicelib.engines.tables.cell_numbers import Style
from chalicelib.engines.tables.cell_types import Column, document_style, in_doubt, type_column

ENGLISH, GERMAN = Style(",", "."), Style(".", ",")


def _typed(*texts: str, head: str = "", wider: Style = Style()) -> list[Any]:  # noqa: B008 - frozen
    """(value, format) for what becomes a value, ``None`` for what stays text."""
    cells = type_column(Column(head, texts), wider)
    return [cell and (cell.value, cell.format) for cell in cells]


def _values(*texts: str, head: str = "", wider: Style = Style()) -> list[Any]:  # noqa: B008 - frozen
    return [cell and cell[0] for cell in _typed(*texts, head=head, wider=wider)]


@pytest.mark.parametrize(
    ("text", "value", "shown_by"),
    [
        ("0", 0, "0"),
        ("1234", 1234, "0"),
        ("12.50", 12.5, "0.00"),
        ("0.125", 0.125, "0.000"),
        ("-7", -7, "0"),
        ("−7.5", -7.5, '0.0;"−"0.0'),
        ("–0.3", -0.3, '0.0;"–"0.0'),
        ("+5", 5, '"+"0;-0'),
        ("(12)", -12, "0;(0)"),
        ("(1,250.75)", -1250.75, "#,##0.00;(#,##0.00)"),
        ("12.5-", -12.5, "0.0;0.0-"),
        ("12%", 0.12, "0%"),
        ("12.5 %", 0.125, "0.0 %"),
        ("-0.07%", -0.0007, "0.00%"),
        ("(4%)", -0.04, "0%;(0%)"),
        ("(4)%", -0.04, "0;(0)%"),
        ("$1,250.00", 1250.0, '"$"#,##0.00'),
        ("-$5", -5, '"$"0;-"$"0'),
        ("($5)", -5, '"$"0;("$"0)'),
        ("US$ 12.00", 12.0, '"US$" 0.00'),
        ("£7.20", 7.2, '"£"0.00'),
        ("¥1,500", 1500, '"¥"#,##0'),
        ("12.50 €", 12.5, '0.00 "€"'),
        ("EUR 99", 99, '"EUR" 0'),
        ("99 CHF", 99, '0 "CHF"'),
        ("1,234,567", 1234567, "#,##0"),
        ("1,234,567.8", 1234567.8, "#,##0.0"),
    ],
)
def test_a_number_becomes_a_value_whose_format_shows_its_text(text: str, value: float, shown_by: str) -> None:
    assert _typed(text) == [(value, shown_by)]
    assert type(_values(text)[0]) is type(value)


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["1,234.56", "12.00", "7"], [1234.56, 12.0, 7]),
        (["1.234,56", "12,00", "7"], [1234.56, 12.0, 7]),
        (["1 234,56", "12,00", "7"], [1234.56, 12.0, 7]),
        (["1\u202f234,56", "12,00"], [1234.56, 12.0]),
        (["1\u00a0234\u00a0567", "12"], [1234567, 12]),
        (["1'234.50", "12.00"], [1234.5, 12.0]),
        (["1’234.50", "12.00"], [1234.5, 12.0]),
        (["1.234.567", "12"], [1234567, 12]),
        (["0,5", "12.345"], [0.5, 12345]),
        (["1,234", "56", "7"], [1234, 56, 7]),
        (["1,234", "0.5"], [1234, 0.5]),
        (["1,234", "0,5"], [1.234, 0.5]),
        (["1.234", "0.125"], [1.234, 0.125]),
        (["$1,234", "$5,678"], [1234, 5678]),
        (["12,345", "1,234,567"], [12345, 1234567]),
    ],
)
def test_the_column_tells_thousands_from_decimals(texts: list[str], values: list[float]) -> None:
    assert _values(*texts) == values


@pytest.mark.parametrize(
    "texts",
    [
        ["1,234", "5,678"],
        ["1.234", "5.678"],
        ["1,234", "12345"],
        ["1,234", "0"],
    ],
)
def test_doubtful_separators_stay_text_when_nothing_settles_them(texts: list[str]) -> None:
    assert _values(*texts)[0] is None


@pytest.mark.parametrize(("wider", "values"), [(ENGLISH, [1234, 5678]), (GERMAN, [1.234, 5.678])])
def test_the_rest_of_the_document_settles_what_a_column_leaves_open(wider: Style, values: list[float]) -> None:
    assert _values("1,234", "5,678", wider=wider) == values


@pytest.mark.parametrize(
    ("texts", "style"),
    [
        (["12.5%", "1,200.50"], ENGLISH),
        (["12,5", "1.200,50"], GERMAN),
        (["12.5", "12,5"], Style()),
        (["12", "seven"], Style()),
    ],
)
def test_a_document_has_a_convention_only_when_all_its_numbers_agree(texts: list[str], style: Style) -> None:
    assert document_style(texts) == style


def test_numbers_that_contradict_one_another_stay_text() -> None:
    assert _values("3.14", "2,71") == [None, None]


@pytest.mark.parametrize(
    ("head", "texts"),
    [
        ("", ["007", "12"]),
        ("", ["0123", "0456"]),
        ("", ["12345678", "87654321"]),
        ("", ["1234567890123456", "1"]),
        ("", ["+442079460958", "+442079460959"]),
        ("", ["+44 20 7946 0958", "+44 20 7946 0959"]),
        ("", ["020 7946 0958", "020 7946 0959"]),
        ("", ["555-1234", "555-9876"]),
        ("", ["12-34-56", "65-43-21"]),
        ("", ["A12", "B7", "13"]),
        ("", ["1.", "2.", "3."]),
        ("", ["1.2.3", "1.2.4"]),
        ("", ["12,34.5"]),
        ("Account no.", ["123456", "4567", "12"]),
        ("Telefon", ["55512", "4567"]),
        ("ZIP", ["90210", "10001"]),
        ("Article code", ["4711", "815"]),
    ],
)
def test_digits_that_name_something_stay_text(head: str, texts: list[str]) -> None:
    assert _values(*texts, head=head) == [None] * len(texts)


def test_excel_keeps_fifteen_digits_and_no_more() -> None:
    assert _values("123456789012345", "12") == [123456789012345, 12]
    assert _values("1234567890123456", "12") == [None, None]


def test_a_head_that_speaks_of_amounts_makes_no_identifiers() -> None:
    assert _values("500", "1200", head="Account balance") == [500, 1200]


@pytest.mark.parametrize("missing", ["", "-", "–", "—", "n/a", "N/A", "..", "(X)", "$ -", "x"])
def test_what_stands_for_a_missing_number_stays_and_the_numbers_become_values(missing: str) -> None:
    assert _values("12.5", missing, "3") == [12.5, None, 3]


@pytest.mark.parametrize("noted", ["7.5a", "12 (b)", "99[3]", "10²"])
def test_a_number_with_a_footnote_mark_stays_text_among_values(noted: str) -> None:
    assert _values("10.5", noted, "3") == [10.5, None, 3]


@pytest.mark.parametrize(
    "texts", [["1200", "abc", "3400"], ["3.1", "abc", "4.2"], ["12 kg", "3 kg"], ["10-20", "5"], ["1st", "2nd"]]
)
def test_mixed_columns_stay_text(texts: list[str]) -> None:
    assert _values(*texts) == [None] * len(texts)


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["Yes", "1", "No", "2"], [None, 1, None, 2]),
        (["Paris", "$1,250.00", "open", "12.5%", "4711"], [None, 1250, None, 0.125, None]),
        (["N", "454", "287"], [None, 454, 287]),
        (["12", "<5", "63 (18.5%)", "2 million", "0.5-0.7", "7"], [12, None, None, None, None, 7]),
    ],
)
def test_what_can_only_be_a_number_is_one_when_words_stand_beside_it(texts: list[str], values: list[Any]) -> None:
    assert _values(*texts) == values


@pytest.mark.parametrize(
    ("head", "texts", "values"),
    [
        ("Version", ["2.9", "2.10", "3.4"], [None, None, None]),
        ("Budget (£)", ["12,500", "8,000"], [12500, 8000]),
        ("Preis €/l", ["1,499", "1,389"], [None, None]),
        ("Precio", ["149,90", "1.210,50", "IVA 21 %", "TOTAL"], [149.9, 1210.5, None, None]),
        ("Target", ["95.0%", "120", "$1.20M", "3.5bn"], [0.95, 120, None, None]),
        ("n", ["*2,247.5", "**-3.5", "12.0"], [None, None, 12.0]),
    ],
)
def test_head_and_neighbours_tell_amounts_from_names(head: str, texts: list[str], values: list[Any]) -> None:
    assert _values(*texts, head=head) == values


def test_a_number_that_contradicts_its_whole_table_stays_text_alone() -> None:
    texts = ["1,537", "$72,850", "12.5", "7", "85", "16", "27", "38", "49", "$169,92"]
    assert _values(*texts, wider=ENGLISH) == [1537, 72850, 12.5, 7, 85, 16, 27, 38, 49, None]


def test_one_word_among_many_numbers_does_not_make_a_column_mixed() -> None:
    assert _values("1.5", "2.5", "3.5", "4.5", "5.5", "withheld") == [1.5, 2.5, 3.5, 4.5, 5.5, None]


@pytest.mark.parametrize("text", ["-0", "(0.00)", "−0%"])
def test_a_minus_zero_stays_text_because_excel_drops_its_sign(text: str) -> None:
    assert _values(text, "1.5") == [None, 1.5]


@pytest.mark.parametrize(
    "text", [".9", "$-573", "1e5", "=1+1", "٣٤٥", "½", "1 2", "12,", "--5", "(5", "5)", "$5%", "$5 EUR"]
)
def test_what_may_not_be_the_number_it_seems_stays_text(text: str) -> None:
    assert _values(text, "1.5", "2.5", "3.5", "4.5", "5.5", "6.5", "7.5", "8.5", "9.5", "0.5")[0] is None


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["2026-01-31", "-"], [(date(2026, 1, 31), "yyyy-mm-dd"), None]),
        (["2026/01/31"], [(date(2026, 1, 31), 'yyyy"/"mm"/"dd')]),
        (["2026-01-31 08:30"], [(datetime.fromisoformat("2026-01-31T08:30"), "yyyy-mm-dd hh:mm")]),
        (
            ["12 March 2026", "5 May 2026"],
            [(date(2026, 3, 12), "[$-409]dd mmmm yyyy"), (date(2026, 5, 5), "[$-409]d mmm yyyy")],
        ),
        (["12-Mar-2026"], [(date(2026, 3, 12), "[$-409]dd-mmm-yyyy")]),
        (["March 3, 2026"], [(date(2026, 3, 3), '[$-409]mmmm d"," yyyy')]),
        (["03/04/2026", "25/06/2026"], [(date(2026, 4, 3), 'dd"/"mm"/"yyyy'), (date(2026, 6, 25), 'dd"/"mm"/"yyyy')]),
        (["03/04/2026", "6/25/2026"], [(date(2026, 3, 4), 'mm"/"dd"/"yyyy'), (date(2026, 6, 25), 'm"/"dd"/"yyyy')]),
        (["31.12.2025", "01.02.2026"], [(date(2025, 12, 31), 'dd"."mm"."yyyy'), (date(2026, 2, 1), 'dd"."mm"."yyyy')]),
    ],
)
def test_clear_dates_become_values_whose_format_shows_their_text(texts: list[str], expected: list[Any]) -> None:
    assert _typed(*texts) == expected


@pytest.mark.parametrize(
    "texts",
    [
        ["03/04/2026", "05/06/2026"],
        ["12/31/2025", "31/12/2025"],
        ["30/02/2026", "13/01/2026"],
        ["31/12/25", "30/12/25"],
        ["1899-12-31"],
        ["MAR 3, 2026"],
        ["12. März 2026"],
        ["2026-13-01"],
        ["2026-01-31", "later"],
        ["Q1 2026", "Q2 2026"],
    ],
)
def test_dates_that_are_not_clear_stay_text(texts: list[str]) -> None:
    assert _values(*texts) == [None] * len(texts)


@pytest.mark.parametrize(
    ("noted", "value", "shown"),
    [
        ("12.5*", 12.5, '0.0"*"'),
        ("1,234¹", 1234, '#,##0"¹"'),
        ("31.6**", 31.6, '0.0"**"'),
        ("1,250ᵃ", 1250, '#,##0"ᵃ"'),
        ("5.5†", 5.5, '0.0"†"'),
    ],
)
def test_the_mark_of_a_note_is_shown_behind_a_number_that_is_one(noted: str, value: float, shown: str) -> None:
    typed = type_column(Column("", ["10.5", noted, "3,000.5"]))[1]

    assert typed is not None
    assert (typed.value, typed.format) == (value, shown)


@pytest.mark.parametrize(
    ("text", "value"),
    [("12,34,567.00", 1234567.0), ("1,00,000", 100000), ("45,67,89,012.50", 456789012.5), ("-1,00,000.00", -100000.0)],
)
def test_indian_grouping_is_read_as_it_is_written(text: str, value: float) -> None:
    assert _values(text, "12,000.00") == [value, 12000.0]


@pytest.mark.parametrize(
    ("text", "value"), [("450.00 DR", -450.0), ("1,000.00 CR", 1000.0), ("20.50Dr", -20.5), ("75.00 -", -75.0)]
)
def test_a_debit_is_below_zero(text: str, value: float) -> None:
    assert _values(text, "1,000.00 CR") == [value, 1000.0]


def test_numbers_of_sections_stay_text_for_1_10_is_not_1_1() -> None:
    assert _values("1.8", "1.9", "1.10", "2.1") == [None] * 4
    assert _values("1.8", "3.9", "1.5") == [1.8, 3.9, 1.5]


def test_a_number_that_stayed_text_because_it_has_two_readings_is_in_doubt() -> None:
    assert in_doubt(["1,234", "-"], type_column(Column("", ["1,234", "-"])))
    assert not in_doubt(["1,234.5", "word"], [None, None])
