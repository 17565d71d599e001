"""Tables of a page by the finder of the table engine."""

from collections.abc import Iterator
from typing import Any

from chalicelib.engines.tables.page import grids_on
from chalicelib.engines.word.pages.grid import FoundGrid
from chalicelib.engines.word.read.frame import Frame


def find_grids(page: Any, frame: Frame) -> Iterator[FoundGrid]:
    """The tables on an unrotated ``page`` whose text stands upright; others have to do without."""
    if frame.rotation or frame.turned:
        return
    scale = frame.scale
    for grid in grids_on(page):
        yield FoundGrid(
            xs=tuple(x * scale for x in grid.xs),
            ys=tuple(y * scale for y in grid.ys),
            spans=tuple(sorted(set(grid.spans))),
            header_rows=grid.header_rows,
            ruled=grid.ruled,
        )
