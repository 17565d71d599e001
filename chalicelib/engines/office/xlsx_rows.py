"""The heights that Excel stored with rows it fitted itself: by its own fonts and breaks, and it prints them so."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path, PurePosixPath

from chalicelib.engines.office.parts import read_part

_ROW = re.compile(rb"<row\b([^>]*)>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")
_DEFAULT = re.compile(rb"<sheetFormatPr\b[^>]*?\bdefaultRowHeight=[\"']([\d.]+)[\"']")
_SHEET = re.compile(rb"<sheet\b([^>]*)>")
_RELATION = re.compile(rb"<Relationship\b([^>]*)>")
_TRUE = (b"1", b"true")

_HIGHEST = 409.5
"""Points; Excel has no higher row."""

_LAST_ROW = 1_048_576


@dataclass(frozen=True)
class Rows:
    """Rows that follow each other and are equally high: from 0, both ends included; ``height`` in points."""

    first: int
    last: int
    height: float


def stored_heights(path: Path) -> dict[str, list[Rows]]:
    """By the sheets' names: the rows that were fitted, not set by hand, and are higher than an ordinary one."""
    found = {name: list(_together(_fitted(read_part(path, part)))) for name, part in _sheet_parts(path)}
    return {name: rows for name, rows in found.items() if rows}


def _sheet_parts(path: Path) -> Iterator[tuple[str, str]]:
    relations = [_attributes(one[1]) for one in _RELATION.finditer(read_part(path, "xl/_rels/workbook.xml.rels"))]
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    for sheet in _SHEET.finditer(read_part(path, "xl/workbook.xml")):
        attributes = _attributes(sheet[1])
        relation = next((value for key, value in attributes.items() if key.endswith(":id")), None)
        target = targets.get(relation)
        if target:
            yield attributes.get("name", ""), str(PurePosixPath("/xl") / target).removeprefix("/")


def _fitted(sheet: bytes) -> Iterator[tuple[int, float]]:
    default = _DEFAULT.search(sheet)
    ordinary = float(default[1]) if default else _HIGHEST
    for row in _ROW.finditer(sheet) if default else ():
        if b"ht=" not in row[1]:
            continue
        attributes = dict(_ATTRIBUTE.findall(row[1]))
        number, height = attributes.get(b"r", b""), _number(attributes.get(b"ht", b""))
        by_hand = attributes.get(b"customHeight") in _TRUE or attributes.get(b"hidden") in _TRUE
        if number.isdigit() and 0 < int(number) <= _LAST_ROW and ordinary < height <= _HIGHEST and not by_hand:
            yield int(number) - 1, height


def _together(rows: Iterator[tuple[int, float]]) -> Iterator[Rows]:
    run: Rows | None = None
    for number, height in rows:
        if run and number == run.last + 1 and height == run.height:
            run = Rows(run.first, number, height)
            continue
        if run:
            yield run
        run = Rows(number, number, height)
    if run:
        yield run


def _number(text: bytes) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _attributes(markup: bytes) -> dict[str, str]:
    pairs = _ATTRIBUTE.findall(markup)
    return {key.decode("utf-8", "replace"): unescape(value.decode("utf-8", "replace")) for key, value in pairs}
