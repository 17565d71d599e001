"""What a tagged PDF says of its tables: rows and cells with their spans, by the tree of tags."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chalicelib.engines.tables.text import TagPath
from chalicelib.engines.tagged.reader import read_tags
from chalicelib.engines.tagged.tree import Element, TagTree

_GROUPS = frozenset({"THead", "TBody", "TFoot"})
_CELLS = frozenset({"TH", "TD"})
_MOST_ROWS, _MOST_COLUMNS = 20_000, 1_000
"""A tree that claims more is not read on: nobody sets such a table."""


@dataclass(frozen=True, slots=True)
class TagCell:
    """A cell by its tag: where it stands in the tree and in the table, 0-based, and whether it is a head (TH)."""

    place: tuple[int, ...]
    row: int
    column: int
    last_row: int
    last_column: int
    head: bool


def place_of(tags: TagPath) -> tuple[int, ...]:
    """Where the element of a path of tags stands in the tree: its place among the kids of each of its parents."""
    return tuple(at for _, at in tags)


class TableTags:
    """The cells of tables by their places; the tree is read when the first is asked for, and then kept."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._tree: TagTree | None = None
        self._tables: dict[tuple[int, ...], list[TagCell]] = {}

    def cells(self, table: tuple[int, ...]) -> list[TagCell]:
        """All cells of the table at ``table``, on whichever page; none where the tree has no table there."""
        if table not in self._tables:
            self._tables[table] = list(self._read(table))
        return self._tables[table]

    def _read(self, table: tuple[int, ...]) -> Iterator[TagCell]:
        element = self._element(table)
        rows = list(self._rows(element, table)) if element is not None and element.role == "Table" else []
        taken: set[tuple[int, int]] = set()
        for row, (of_row, place) in enumerate(rows[:_MOST_ROWS]):
            column = 0
            for at, cell in self._kids(of_row):
                if cell.role not in _CELLS or column >= _MOST_COLUMNS:
                    continue
                while (row, column) in taken:
                    column += 1
                last_row = min(row + max(1, cell.attributes.row_span), len(rows)) - 1
                last = min(column + max(1, cell.attributes.column_span), _MOST_COLUMNS) - 1
                yield TagCell((*place, at), row, column, last_row, last, cell.role == "TH")
                if last_row > row:
                    taken |= {(r, c) for r in range(row + 1, last_row + 1) for c in range(column, last + 1)}
                column = last + 1

    def _element(self, place: tuple[int, ...]) -> Element | None:
        if self._tree is None:
            self._tree = read_tags(self._document)
        tree, at = self._tree, None
        kids: list[Any] = list(tree.roots)
        for step in place:
            at = kids[step] if 0 <= step < len(kids) and isinstance(kids[step], int) else None
            if at is None:
                return None
            kids = list(tree.elements[at].kids)
        return None if at is None else tree.elements[at]

    def _kids(self, element: Element) -> Iterator[tuple[int, Element]]:
        if self._tree is not None:
            for at, kid in enumerate(element.kids):
                if isinstance(kid, int):
                    yield at, self._tree.elements[kid]

    def _rows(self, table: Element, place: tuple[int, ...]) -> Iterator[tuple[Element, tuple[int, ...]]]:
        for at, kid in self._kids(table):
            if kid.role == "TR":
                yield kid, (*place, at)
            elif kid.role in _GROUPS:
                for inner, row in self._kids(kid):
                    if row.role == "TR":
                        yield row, (*place, at, inner)
