"""Page numbers in heads and feet: the numerals that count with the pages, and the number of all pages after them."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.engines.word.draft.cutting import cut
from chalicelib.engines.word.draft.draft import Draft, PageDraft
from chalicelib.engines.word.draft.line import Line, Piece
from chalicelib.engines.word.understand.numerals import readings

_NUMERAL = re.compile(r"(?<![\w.,])(?:\d+|[ivxlcdm]+|[IVXLCDM]+)(?!\w|[.,]\d)")
"""A numeral by itself: neither part of a word, nor of a telephone number or a date."""

_STEADY = 0.5
"""Share of the pages between the first and the last on which a way of counting holds at least."""

_LONGEST = 12
"""Letters and digits of "Page of 12" in any language."""

_BETWEEN = 8
"""Most letters between a page's number and the number of pages: " of ", " de ", " / ", " von insgesamt" is too rare."""


@dataclass(slots=True)
class _Numeral:
    """A numeral in a head or foot: characters ``start`` to ``end`` of a piece."""

    page: int
    line: Line
    piece: Piece
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.piece.text[self.start : self.end]


def find_page_numbers(draft: Draft) -> None:
    """Set ``Piece.page_field`` in heads and feet and ``PageDraft.printed``."""
    numerals = _without_constant([one for at, page in enumerate(draft.pages) for one in _numerals(at, page)])
    chosen: dict[int, list[tuple[_Numeral, str, int]]] = defaultdict(list)
    for form, ahead in _counters(numerals, len(draft.pages), draft):
        for one in numerals:
            value = readings(one.text).get(form)
            taken = chosen[one.page]
            if value is not None and value - one.page == ahead and _may_join(taken, one, form, value):
                taken.append((one, form, value))
    for page, found in chosen.items():
        if found:
            draft.pages[page].printed = found[0][1:]
            _mark(found, numerals, draft.source.total)


def _without_constant(numerals: list[_Numeral]) -> list[_Numeral]:
    """Numerals of lines that say the same on another page are a version's or a date's: they count nothing."""
    said: dict[str, set[int]] = defaultdict(set)
    for one in numerals:
        said[one.line.text].add(one.page)
    return [one for one in numerals if len(said[one.line.text]) == 1 or not _says_more(one)]


def _says_more(one: _Numeral) -> bool:
    return re.search(r"\w", one.line.text.replace(one.text, "", 1)) is not None


def _may_join(taken: list[tuple[_Numeral, str, int]], one: _Numeral, form: str, value: int) -> bool:
    """A page has one number, which may stand in its head and in its foot."""
    return not taken or (taken[0][1:] == (form, value) and all(other.line is not one.line for other, _, _ in taken))


def _numerals(at: int, page: PageDraft) -> Iterator[_Numeral]:
    for line in [*page.heads, *page.feet]:
        for piece in line.pieces:
            for match in _NUMERAL.finditer(piece.text):
                yield _Numeral(at, line, piece, match.start(), match.end())


def _counters(numerals: list[_Numeral], pages: int, draft: Draft) -> list[tuple[str, int]]:
    """Ways of counting (format, how far ahead of the page's index) that hold on pages, the most frequent first."""
    on: dict[tuple[str, int], set[int]] = defaultdict(set)
    alone: set[tuple[str, int]] = set()
    for one in numerals:
        for form, value in readings(one.text).items():
            if not form.endswith("Letter") and value > 0:
                on[form, value - one.page].add(one.page)
                if _stands_alone(one, draft.source.total):
                    alone.add((form, value - one.page))
    natural = ("decimal", draft.pages[0].number if draft.pages else 1)
    own = [
        way
        for way, places in on.items()
        if len(places) >= max(2, _STEADY * (max(places) - min(places) + 1)) or (way == natural and way in alone)
    ]
    return sorted(own, key=lambda way: (-len(on[way]), way != natural, way))


def _stands_alone(one: _Numeral, total: int) -> bool:
    """Whether nothing but the number of pages stands beside it: what a single page can tell."""
    rest = one.line.text.replace(one.text, "", 1)
    if not re.search(r"\w", rest):
        return True
    numerals = _NUMERAL.findall(one.line.text)
    return numerals == [one.text, str(total)] and len(re.sub(r"\W", "", rest)) <= _LONGEST


def _mark(found: list[tuple[_Numeral, str, int]], numerals: list[_Numeral], total: int) -> None:
    """Cut the numerals out of their pieces, from the right so that the places before them stay."""
    marks = [(one, "PAGE") for one, _, _ in found]
    for one, _, _ in found:
        after = [other for other in numerals if other.line is one.line and _is_total(one, other, total)]
        marks += [(other, "NUMPAGES") for other in after[:1]]
    for one, name in sorted(marks, key=lambda mark: -mark[0].start):
        _cut_out(one, name)


def _is_total(one: _Numeral, other: _Numeral, total: int) -> bool:
    if other.text != str(total) or (other.piece is one.piece and other.start <= one.start):
        return False
    text = one.line.text
    first, last = text.find(one.text), text.rfind(other.text)
    return 0 < last - first - len(one.text) <= _BETWEEN


def _cut_out(one: _Numeral, name: str) -> None:
    pieces = one.line.pieces
    place = next((at for at, piece in enumerate(pieces) if piece is one.piece), None)
    if place is None:
        return
    head, rest = cut(one.piece, one.start)
    number, tail = cut(rest, one.end - one.start)
    number.page_field = name
    if not head.text:
        number.gap = one.piece.gap
    else:
        one.piece.text, one.piece.starts, one.piece.ends = head.text, head.starts, head.ends
    pieces[place : place + 1] = [part for part in ((one.piece if head.text else head), number, tail) if part.text]
