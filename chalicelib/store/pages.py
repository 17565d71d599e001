"""Pages of a query: rows, and the position from which the next ones follow."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar

from pynamodb.pagination import ResultIterator

Row = TypeVar("Row")
Item = TypeVar("Item")
Position = dict[str, Any]
"""DynamoDB's own: the key of the last item read. Opaque above this package."""


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows and the position to go on from (None: no more)."""

    rows: tuple[Row, ...]
    next: Position | None


def read_page(query: Callable[[int], ResultIterator[Any]], row_of: Callable[[Item], Row], limit: int) -> Page[Row]:
    """The first ``limit`` rows of ``query``, which is asked for one more to know whether there are more."""
    results = query(limit + 1)
    rows = tuple(row_of(item) for item in islice(results, limit))
    position = results.last_evaluated_key
    more = len(rows) == limit and next(results, None) is not None
    return Page(rows, position if more else None)
