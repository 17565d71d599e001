"""Reads the tables of PDFs with one program and prints them as JSON: run in that program's environment."""

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

Rows = Iterable[Iterable[Any]]


def _ours(path: Path) -> Iterable[list[Any]]:
    from chalicelib.engines.tables.found import PageReading
    from chalicelib.engines.tables.joined import joined
    from chalicelib.engines.tables.page import read_page
    from chalicelib.engines.tables.source import open_source
    from chalicelib.engines.tables.table_tags import TableTags
    from chalicelib.engines.tables.typed_tables import place

    document = open_source(path, None)
    tags = TableTags(document)
    readings: dict[int, PageReading] = {at + 1: read_page(document, at, tags) for at in range(document.page_count)}
    for one in joined(place(readings)):
        spans = {span[:2]: span for span in one.table.spans}
        yield [[*spans.get((row, at), (row, at, row, at)), text] for row, at, text in one.table.texts]


def _pymupdf(path: Path) -> Iterable[list[Any]]:
    from chalicelib.engines.tables.pymupdf import pymupdf

    for page in pymupdf.open(path):
        for table in page.find_tables(union=True, refine=True).tables:
            yield list(_placed(table.placements))


def _placed(rows: Iterable[Iterable[Any]]) -> Iterator[list[Any]]:
    """Cells with their spans, laid out row by row as HTML does."""
    taken: set[tuple[int, int]] = set()
    for r, row in enumerate(rows):
        c = 0
        for cell in row:
            while (r, c) in taken:
                c += 1
            last_row, last = r + cell.rowspan - 1, c + cell.colspan - 1
            taken |= {(at, column) for at in range(r, last_row + 1) for column in range(c, last + 1)}
            if cell.text:
                yield [r, c, last_row, last, cell.text]
            c = last + 1


def _camelot(path: Path) -> Iterable[list[Any]]:
    import camelot  # type: ignore[import-not-found]

    for table in camelot.read_pdf(str(path), pages="all", flavor="hybrid"):
        yield _cells(table.df.to_numpy().tolist())


def _pdfplumber(path: Path) -> Iterable[list[Any]]:
    import pdfplumber  # type: ignore[import-not-found]

    with pdfplumber.open(path) as document:
        for page in document.pages:
            for rows in page.extract_tables():
                yield _cells(rows)


READERS: dict[str, Callable[[Path], Iterable[list[Any]]]] = {
    "ConvertPro": _ours,
    "PyMuPDF": _pymupdf,
    "Camelot hybrid": _camelot,
    "pdfplumber": _pdfplumber,
}


def _cells(rows: Rows) -> list[Any]:
    return [[r, c, r, c, str(text)] for r, row in enumerate(rows) for c, text in enumerate(row) if text]


def main() -> None:
    """``reader.py NAME PDF…``: a line of JSON for each PDF, with the processor time that it took."""
    name, *paths = sys.argv[1:]
    for path in paths:
        started = time.process_time()
        try:
            tables = list(READERS[name](Path(path)))
        except Exception as error:  # noqa: BLE001 - a program that fails on a file has found nothing in it
            print(f"{name} failed on {path}: {error}", file=sys.stderr)
            tables = []
        print(json.dumps({"tables": tables, "cpu_s": time.process_time() - started}), flush=True)


if __name__ == "__main__":
    main()
