"""What the documents say of times and costs is what a rehearsal recorded."""

import re
from pathlib import Path

import pytest

from benchmarks import cost, recorded


@pytest.fixture(autouse=True)
def _template(packaged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is now, whatever lies in build/."""
    monkeypatch.setattr(cost, "PACKAGED", packaged / "sam.yaml")


@pytest.mark.parametrize("path", recorded.DOCUMENTS, ids=lambda path: path.name)
def test_a_table_is_what_was_recorded_when_somebody_reads_it(path: Path) -> None:
    text = path.read_text()
    assert recorded.filled(text, recorded.read()) == text, "python -m benchmarks.recorded"


def test_no_path_and_no_name_of_a_machine_is_recorded_when_a_rehearsal_is() -> None:
    assert not re.search(r"/\w+/|localhost|127\.0|\.local\b", recorded.FILE.read_text())


def test_a_month_costs_three_dollars_at_most_when_a_small_account_idles() -> None:
    assert sum(cost.idle(recorded.read(), "small").values()) <= 3


def test_importing_the_api_is_little_more_than_what_it_stands_on_when_a_function_starts() -> None:
    assert recorded.read()["starts"]["import_ratio"] <= 1.5


def test_a_page_costs_a_twentieth_of_any_list_price_at_most_when_a_letter_is_converted() -> None:
    (letter,) = [one for one in recorded.read()["conversions"] if one["slug"] == "docx-to-pdf"]
    cents = sum(cost.of_conversion(letter, cost.indexes()).values()) * 100
    assert cents * 20 <= min(price for price, _ in cost.LIST_PRICES.values())
