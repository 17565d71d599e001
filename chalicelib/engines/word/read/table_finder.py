"""Tables of a page by the finder of the table engine."""

from collections.abc import Iterator
from typing import Any

from chalicelib.engines.tables.page import grids_on
from chalicelib.engines.tables.pymupdf import pymupdf
from chalicelib.engines.word.pages.grid import FoundGrid
from chalicelib.engines.word.read.frame import Frame


def find_grids(page: Any, frame: Frame) -> Iterator[FoundGrid]:
    """The tables on an unrotated ``page``, on the upright one."""
    angle = (frame.rotation + frame.turned) % 360
    if not angle:
        yield from _grids(page, frame.scale)
        return
    with pymupdf.open() as copied:
        yield from _grids(_turned(page, angle, copied), frame.scale)


def _turned(page: Any, angle: int, copied: Any) -> Any:
    """What ``page`` shows, turned clockwise by ``angle``, as a page of ``copied``: the finder wants upright text."""
    width, height = float(page.rect.width), float(page.rect.height)
    if angle % 180:
        width, height = height, width
    upright = copied.new_page(width=width, height=height)
    if page.get_contents():
        upright.show_pdf_page(upright.rect, page.parent, page.number, rotate=angle)
    return upright


def _grids(page: Any, scale: float) -> Iterator[FoundGrid]:
    for grid in grids_on(page):
        yield FoundGrid(
            xs=tuple(x * scale for x in grid.xs),
            ys=tuple(y * scale for y in grid.ys),
            spans=tuple(sorted(set(grid.spans))),
            header_rows=grid.header_rows,
            ruled=grid.ruled,
        )
