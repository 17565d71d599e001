"""Keeps the results that Excel stored with formulas which can't be calculated here, or would come out differently.

LibreOffice calculates what a workbook asks to be calculated, or what changes with the time; what another program's
function, another workbook, or a macro gave, it can't.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_CELL = re.compile(rb"<c\b[^>]*(?<!/)>(?P<content>(?:(?!</c>).)*?<f\b.*?)</c>", re.DOTALL)
_FORMULA = re.compile(rb"<f\b(?P<attributes>[^>]*?)(?:/>|>(?P<text>[^<]*)</f>)")
_VALUE = re.compile(rb"<v>(?P<text>[^<]*)</v>")
_FULL = re.compile(rb"<calcPr\b[^>]*?\bfullCalcOnLoad=[\"'](?:1|true)[\"']")
_TEXTS = re.compile(rb"\"(?:[^\"]|\"\")*\"")
_NAME = re.compile(r"([A-Za-z_][A-Za-z0-9_.]*)\(")
_OTHER_BOOK = re.compile(rb"\[[^\[\]]+\][^\[\]!,;()+*/<>=&]*!")
_SHARED = re.compile(rb"\bsi=[\"'](\d+)[\"']")
_PREFIXES = ("_xlfn.", "_xlws.", "_xlpm.", "_xludf.")

_OF_THE_MOMENT = frozenset({"TODAY", "NOW", "RAND", "RANDBETWEEN", "RANDARRAY", "CELL", "INFO"})
"""What Excel calculates whenever it likes: the document shows what it gave last."""


@dataclass(frozen=True)
class Calculation:
    """Whether a workbook asks to be calculated as it is opened, and which functions can be: in capitals, none: all."""

    asked: bool
    known: frozenset[str]


def asks_for_calculation(workbook: bytes) -> bool:
    """By ``xl/workbook.xml``: programs that store no results write so."""
    return _FULL.search(workbook) is not None


def with_stored_results(calculation: Calculation) -> Callable[[bytes], bytes]:
    """A rewriting of a sheet: cells whose stored result is to be kept lose their formula."""

    def rewrite(sheet: bytes) -> bytes:
        if b"<f" not in sheet:
            return sheet
        shared = frozenset(_shared(sheet, calculation))
        return _CELL.sub(lambda cell: _kept(cell, calculation, shared), sheet)

    return rewrite


def _shared(sheet: bytes, calculation: Calculation) -> Iterator[bytes]:
    """The numbers of formulas that stand in one cell for several, where their results are to be kept."""
    for formula in _FORMULA.finditer(sheet):
        number = _SHARED.search(formula["attributes"])
        if number and formula["text"] and _is_kept(formula["text"], b"", calculation):
            yield number[1]


def _kept(cell: re.Match[bytes], calculation: Calculation, shared: frozenset[bytes]) -> bytes:
    formula, value = _FORMULA.search(cell["content"]), _VALUE.search(cell["content"])
    if formula is None or value is None or not value["text"]:
        return cell[0]
    number = _SHARED.search(formula["attributes"])
    kept = number[1] in shared if number else _is_kept(formula["text"] or b"", value["text"], calculation)
    if not kept:
        return cell[0]
    start, end = cell.start("content") + formula.start(), cell.start("content") + formula.end()
    return cell.string[cell.start() : start] + cell.string[end : cell.end()]


def _is_kept(formula: bytes, value: bytes, calculation: Calculation) -> bool:
    """A 0 is also what programs write that calculate nothing: where the workbook asks, it proves nothing."""
    bare = _TEXTS.sub(b"", formula)
    names = {_plain(name) for name in _NAME.findall(bare.decode("utf-8", "replace"))}
    if names & _OF_THE_MOMENT:
        return not (calculation.asked and value == b"0")
    return bool(_OTHER_BOOK.search(bare)) or bool(calculation.known and names - calculation.known)


def _plain(name: str) -> str:
    upper = name.upper()
    for prefix in _PREFIXES:
        upper = upper.removeprefix(prefix.upper())
    return upper
