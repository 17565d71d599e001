"""A row never outgrows what DynamoDB holds, and what was cut is told."""

import json

import pytest

from chalicelib.domain.errors import CorruptDocument, problem_of
from chalicelib.domain.row_size import (
    PROBLEM_BYTES,
    REPORT_BYTES,
    WARNINGS_BYTES,
    as_json,
    cut_text,
    fitting,
    size_bytes,
)

CJK, ODD = "表" * 300, "\ud800 and half"


def test_the_report_of_many_long_names_fits_and_says_that_it_was_cut() -> None:
    sheets = [f"{number}{CJK}" for number in range(1_500)]
    report = {"engine": "libreoffice", "hidden_sheets": sheets, "pages_out": 3}
    warnings, kept = fitting([f"{CJK} {number} is hidden." for number in range(1_500)], report)
    assert size_bytes(kept) <= REPORT_BYTES
    assert size_bytes(warnings) <= WARNINGS_BYTES + 200
    assert (kept["engine"], kept["pages_out"]) == ("libreoffice", 3)
    assert kept["hidden_sheets"] == sheets[: len(kept["hidden_sheets"])]
    assert kept["hidden_sheets"]
    assert "hidden_sheets" in warnings[0]
    assert warnings[-1].endswith("more warnings were left out here for want of space.")


def test_nothing_is_cut_or_told_when_all_fits() -> None:
    report = {"engine": "pages", "tables": [{"page": 1}], "nested": {"a": [1, None, True]}}
    assert fitting(["One."], report) == (("One.",), report)


@pytest.mark.parametrize(
    "value",
    [
        {f"k{number}": CJK for number in range(900)},
        CJK * 900,
        [[CJK] * 900],
        {"a": {"b": [CJK] * 900}},
        list(range(90_000)),
    ],
)
def test_any_shape_of_report_fits(value: object) -> None:
    _, kept = fitting([], {"value": value, **{f"more-{number}": CJK * 40 for number in range(30)}})
    assert size_bytes(kept) <= REPORT_BYTES


def test_what_is_no_unicode_is_stored_as_something_that_is() -> None:
    warnings, report = fitting([ODD], {"name": ODD, ODD: 1})
    assert as_json([warnings, report]).encode()
    assert json.loads(as_json(ODD)) == "? and half"


def test_text_is_cut_by_its_bytes_and_between_characters() -> None:
    assert cut_text("short", 20) == "short"
    cut = cut_text("表" * 100, 50)
    assert len(cut.encode()) <= 50
    assert cut.endswith("(cut)")
    assert size_bytes(problem_of(CorruptDocument("表" * 9_000)).detail) <= PROBLEM_BYTES + 2
