"""Table columns as wide as on the page: pdf2docx leaves python-docx's grid of equal columns under its cells."""

from itertools import pairwise
from typing import Any

from docx.oxml.ns import qn
from docx.shared import Pt
from pdf2docx.table.TableBlock import TableBlock

_make_docx = TableBlock.make_docx


def install() -> None:
    """Let pdf2docx's tables be made with their widths; safe to call again."""
    TableBlock.make_docx = _make_with_widths


def _make_with_widths(self: Any, table: Any) -> None:
    """``TableBlock.make_docx``; widths come first, as merging cells adds them up."""
    widths = _column_widths(self)
    if widths:
        _set_widths(table._tbl, [Pt(width).twips for width in widths])
    _make_docx(self, table)


def _column_widths(block: Any) -> list[float] | None:
    """Widths in points, from the left edges of the cells that pdf2docx found; None when a column has no cell of its own."""
    edges: list[float | None] = [None] * block.num_cols
    for row in block:
        for index, cell in enumerate(row):
            if cell and edges[index] is None:
                edges[index] = cell.bbox.x0
    known = [edge for edge in edges if edge is not None]
    widths = [after - before for before, after in pairwise([*known, block.bbox.x1])]
    return widths if len(known) == len(edges) and min(widths, default=0) > 0 else None


def _set_widths(tbl: Any, widths: list[int]) -> None:
    for column, width in zip(tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=False):
        column.set(qn("w:w"), str(width))
    for row in tbl.findall(qn("w:tr")):
        for cell, width in zip(row.findall(qn("w:tc")), widths, strict=False):
            cell.width = Pt(width / 20)
