"""What a person should know of the numbers in the workbook, in sentences."""

import re
from collections.abc import Iterator, Sequence

from openpyxl.utils import get_column_letter

from chalicelib.engines.tables.workbook import Placed

_DEBIT = re.compile(r"\d ?DR\b", re.IGNORECASE)


def number_warnings(placed: Sequence[Placed]) -> Iterator[str]:
    """Columns whose numbers can be read in two ways, and those in which DR made a number negative."""
    for one in placed:
        where = f"Table {one.number} on page {one.page}"
        debits = {column for row, column, text in one.table.texts if (row, column) in one.typed and _DEBIT.search(text)}
        if one.doubtful:
            yield f"{where}: numbers in {_columns(one.doubtful)} can be read in two ways, so they stay text."
        if debits:
            yield f"{where}: amounts marked DR (debit) in {_columns(sorted(debits))} are negative numbers."


def _columns(columns: Sequence[int]) -> str:
    letters = ", ".join(get_column_letter(at + 1) for at in columns)
    return f"column {letters}" if len(columns) == 1 else f"columns {letters}"
