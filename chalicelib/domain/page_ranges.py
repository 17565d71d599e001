"""The page ranges of every option named ``pages``: ``1,3,5-7``, ``5-`` (to the end), ``last``; 1-based."""

import re
from collections.abc import Iterable, Sequence

from chalicelib.domain.errors import PageOutOfRange

_PART = re.compile(r"(?:(?P<last>last)|(?P<first>[1-9][0-9]{0,6})(?:(?P<dash>-)(?P<end>[1-9][0-9]{0,6}|last)?)?)")


def check(text: str) -> str:
    """Return ``text`` without blanks; ``ValueError`` names what is wrong with it."""
    if len(text) > 2_000:
        raise ValueError("is longer than 2,000 characters")
    for part in text.split(","):
        match = _PART.fullmatch(part.strip())
        if match is None:
            raise ValueError(f"'{part.strip()[:40]}' is not a page range; write 1,3,5-7, 5- (to the end) or last")
        end = match["end"]
        if end and end != "last" and int(end) < int(match["first"]):
            raise ValueError(f"'{part.strip()}' runs backwards; write the smaller page first")
    return re.sub(r"\s", "", text)


def resolve(text: str, total: int) -> list[int]:
    """The pages that ``text`` names in a document of ``total`` pages: 1-based, ascending, each once.

    Raises ``PageOutOfRange`` when a named page does not exist.
    """
    pages: set[int] = set()
    for part in check(text).split(","):
        first, last = _bounds(part, total)
        if last > total or first > total:
            raise PageOutOfRange(f"pages: '{part}' is out of range: the document has {total} page{'s' * (total != 1)}.")
        pages.update(range(first, last + 1))
    return sorted(pages)


def _bounds(part: str, total: int) -> tuple[int, int]:
    if part == "last":
        return total, total
    first, dash, end = part.partition("-")
    if not dash:
        return int(first), int(first)
    return int(first), total if end in ("", "last") else int(end)


def spoken(pages: Sequence[int]) -> str:
    """ "page 4", "pages 1-3, 7 and 9"; ``pages`` ascend."""
    parts = [f"{first}" if first == last else f"{first}-{last}" for first, last in _runs(pages)]
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"page{'s' * (len(pages) > 1)} {listed}"


def _runs(pages: Iterable[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for page in pages:
        if runs and runs[-1][1] == page - 1:
            runs[-1] = (runs[-1][0], page)
        else:
            runs.append((page, page))
    return runs
