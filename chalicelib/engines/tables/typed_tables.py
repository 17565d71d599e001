"""Numbers the tables of a document and types their columns, with the evidence of all pages that a table runs over."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from chalicelib.engines.tables.cell_numbers import Style
from chalicelib.engines.tables.cell_types import Column, Typed, document_style, type_column
from chalicelib.engines.tables.page import FoundTable, PageReading
from chalicelib.engines.tables.workbook import Placed

_SAME_PLACE = 6.0
"""Boundaries of columns on two pages agree within this many points."""


def place(readings: Mapping[int, PageReading]) -> list[Placed]:
    """The tables of ``readings``, by page, with the values of their cells."""
    placed = [
        Placed(page, number, table)
        for page in sorted(readings)
        for number, table in enumerate(readings[page].tables, 1)
    ]
    for before, after in pairwise(placed):
        if after.page == before.page + 1 and after.number == 1 and _goes_on(before.table, after.table):
            after.continues = before
    chains = _chains(placed)
    columns = [_column(chain, column) for chain in chains for column in range(chain[0].table.columns)]
    in_tables = document_style(text for column in columns for text in column.cells)
    in_prose = document_style(amount for reading in readings.values() for amount in reading.amounts)
    style = in_tables if in_tables != Style() else in_prose
    for chain in chains:
        for column in range(chain[0].table.columns):
            _type(chain, column, type_column(_column(chain, column), style))
    return placed


def _goes_on(before: FoundTable, after: FoundTable) -> bool:
    """Whether ``after``, the first table of a page, is the rest of ``before``, the last of the page above."""
    if before.columns != after.columns or after.captions or before.notes:
        return False
    heads = _heads(before), _heads(after)
    if heads[0] == heads[1] and any(heads[0]):
        return True
    return all(abs(a - b) <= _SAME_PLACE for a, b in zip(before.xs, after.xs, strict=True))


def _heads(table: FoundTable) -> list[str]:
    heads = [""] * table.columns
    for row, column, text in table.texts:
        if row < table.header_rows:
            heads[column] = f"{heads[column]} {' '.join(text.split())}".strip()
    return heads


def _chains(placed: Sequence[Placed]) -> list[list[Placed]]:
    """The pieces of each table that runs over several pages; most stand alone."""
    chains: list[list[Placed]] = []
    for one in placed:
        if one.continues is None:
            chains.append([one])
        else:
            chains[-1].append(one)
    return chains


def _cells(table: FoundTable, column: int) -> list[tuple[int, str]]:
    """(row, text) below the head; a cell merged across columns belongs to none of them."""
    wide = {(row, at) for row, at, _, last in table.spans if last > at}
    return [
        (row, text)
        for row, at, text in table.texts
        if at == column and row >= table.header_rows and (row, at) not in wide
    ]


def _column(chain: Sequence[Placed], column: int) -> Column:
    texts = [text for one in chain for _, text in _cells(one.table, column)]
    return Column(_heads(chain[0].table)[column], texts)


def _type(chain: Sequence[Placed], column: int, values: Sequence[Typed | None]) -> None:
    slots = [(one, row) for one in chain for row, _ in _cells(one.table, column)]
    for (one, row), value in zip(slots, values, strict=True):
        if value is not None:
            one.typed[row, column] = value
