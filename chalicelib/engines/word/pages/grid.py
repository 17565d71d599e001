"""Tables as the finder of tables sees them, where no tags tell."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FoundGrid:
    """Grid lines in points; ``spans`` are merged cells: first row, first column, last row, last column.

    ``ruled`` says whether drawn lines gave the cells; ``header_rows`` counts from the top.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    spans: tuple[tuple[int, int, int, int], ...] = ()
    header_rows: int = 0
    ruled: bool = False
