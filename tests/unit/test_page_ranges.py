"""Page ranges, as every option named ``pages`` takes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import PageOutOfRange
from chalicelib.domain.page_ranges import check, resolve


@pytest.mark.parametrize(
    ("text", "total", "pages"),
    [
        ("1", 3, [1]),
        ("3,1", 3, [1, 3]),
        ("2,2,1-2", 3, [1, 2]),
        ("1,3,5-7", 9, [1, 3, 5, 6, 7]),
        ("2-", 4, [2, 3, 4]),
        ("4-", 4, [4]),
        ("last", 4, [4]),
        ("2-last", 4, [2, 3, 4]),
        ("1,last", 1, [1]),
        (" 1 , 2-3 ", 3, [1, 2, 3]),
    ],
)
def test_pages_are_those_that_are_named(text: str, total: int, pages: list[int]) -> None:
    assert resolve(check(text), total) == pages


@pytest.mark.parametrize(
    "text", ["", ",", "1,", "0", "0-3", "-3", "a", "1-2-3", "1..3", "1;3", "lastly", "last-1", "last-", "+1", "\u0661"]
)
def test_a_range_is_refused_when_it_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="is not a page range"):
        check(text)


@pytest.mark.parametrize("text", ["3-1", "1,7-6"])
def test_a_range_is_refused_when_it_runs_backwards(text: str) -> None:
    with pytest.raises(ValueError, match="backwards"):
        check(text)


def test_a_range_is_refused_when_it_is_endless() -> None:
    with pytest.raises(ValueError, match="longer"):
        check("1," * 1_000 + "1")


@pytest.mark.parametrize(("text", "total"), [("4", 3), ("1-4", 3), ("4-", 3), ("9999999", 3)])
def test_a_page_that_does_not_exist_is_named(text: str, total: int) -> None:
    with pytest.raises(PageOutOfRange, match=f"'{text}' is out of range: the document has {total} pages"):
        resolve(text, total)


@given(st.lists(st.integers(1, 60), min_size=1), st.integers(60, 80))
def test_resolving_gives_each_named_page_once_in_order(pages: list[int], total: int) -> None:
    assert resolve(",".join(map(str, pages)), total) == sorted(set(pages))
