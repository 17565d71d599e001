"""Numbers the tables of a document and types their columns, with the evidence of all pages that a table runs over."""

import re
from collections.abc import Mapping, Sequence

from chalicelib.engines.tables.cell_numbers import Style
from chalicelib.engines.tables.cell_types import Column, Typed, document_style, in_doubt, type_column
from chalicelib.engines.tables.found import FoundTable, PageReading
from chalicelib.engines.tables.joined import chains, heads, link
from chalicelib.engines.tables.workbook import Placed

_WHOLE = re.compile(r"0|[1-9]\d{0,3}")


def place(readings: Mapping[int, PageReading]) -> list[Placed]:
    """The tables of ``readings``, by page, with the values of their cells."""
    placed = [
        Placed(page, number, table)
        for page in sorted(readings)
        for number, table in enumerate(readings[page].tables, 1)
    ]
    link(placed)
    whole = chains(placed)
    columns = [_column(chain, column) for chain in whole for column in range(chain[0].table.columns)]
    in_tables = document_style(text for column in columns for text in column.cells)
    in_prose = document_style(amount for reading in readings.values() for amount in reading.amounts)
    style = in_tables if in_tables != Style() else in_prose
    for chain in whole:
        columns = [_column(chain, column) for column in range(chain[0].table.columns)]
        own = document_style(text for column in columns for text in column.cells)
        for at, column in enumerate(columns):
            values = type_column(column, own if own != Style() else style)
            _type(chain, at, values)
            for one in chain:
                one.typed |= _whole_heads(one.table, at)
            if in_doubt(column.cells, values):
                chain[0].doubtful.append(at)
    return placed


def _whole_heads(table: FoundTable, column: int) -> dict[tuple[int, int], Typed]:
    """The heads of ``column`` that are years or short whole numbers: people write them so, and nothing is lost."""
    return {
        (row, at): Typed(int(text), "0")
        for row, at, text in table.texts
        if at == column and row < table.header_rows and _WHOLE.fullmatch(text)
    }


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
    return Column(heads(chain[0].table)[column], texts)


def _type(chain: Sequence[Placed], column: int, values: Sequence[Typed | None]) -> None:
    slots = [(one, row) for one in chain for row, _ in _cells(one.table, column)]
    for (one, row), value in zip(slots, values, strict=True):
        if value is not None:
            one.typed[row, column] = value
