"""Pages of a query: rows, and the position from which the next ones follow."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pynamodb.pagination import ResultIterator

from chalicelib.domain.row_size import size_bytes

Row = TypeVar("Row")
Item = TypeVar("Item")
Position = dict[str, Any]
"""DynamoDB's own: the key of the last item read. Opaque above this package."""


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows and the position to go on from (None: no more)."""

    rows: tuple[Row, ...]
    next: Position | None


PAGE_BYTES = 3_000_000
"""Of the rows of one page, as they are stored: an answer stays below 4 MB, and Lambda's 6."""


def read_page(query: Callable[[int], ResultIterator[Any]], row_of: Callable[[Item], Row], limit: int) -> Page[Row]:
    """The first rows of ``query``: ``limit``, or as many as a page holds in bytes, and at least one.

    It is asked for one more, to know whether there are more.
    """
    results = query(limit + 1)
    rows: list[Row] = []
    room = PAGE_BYTES
    position = None
    for item in results:
        room -= _size_of(item)
        if len(rows) == limit or (rows and room < 0):
            return Page(tuple(rows), position)
        rows.append(row_of(item))
        position = results.last_evaluated_key
    return Page(tuple(rows), None)


def _size_of(item: Any) -> int:
    """Bytes of what a row holds, to write it as JSON."""
    return size_bytes({name: value for name, value in item.attribute_values.items() if value is not None})
