"""Running heads and feet: what artifacts of the tags or repetition at the same place over pages tell; out of the body."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from statistics import median

from chalicelib.engines.word.draft.draft import Draft, PageDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.pages.text import Artifact
from chalicelib.engines.word.understand.head_edges import nearest, outermost_rows
from chalicelib.engines.word.understand.in_table import body_tables
from chalicelib.engines.word.understand.numerals import readings
from chalicelib.engines.word.understand.repeated_pages import pages_repeat, set_apart, set_in_margin
from chalicelib.engines.word.understand.rows import Row, lines_of, rows_of

_ZONE = 0.22
"""Share of a page's height at its head and foot in which running heads and feet stand."""

_SAME_PLACE_PT = 3.0
"""Programs round a head's place by less from page to page."""

_SYSTEMATIC = 0.75
"""Share of the pages between the first and the last with a head that have it; some pages (blank, landscape) do not."""

_NO_TITLE = 1.1
"""What stands at the head of every page in larger letters than the text is the title of a slide."""

_STEADY = 0.6
"""Share of neighbouring pages between which a page number counts."""

_MOST_ROWS = 8

_EDGE = 0.12
"""Share of a page's height from its edge in which a page number stands."""

_LONGEST_NUMBER = 16
"""Characters of "Page 3 of 12" in any language, without the blanks."""

_PAGINATION = (Artifact.PAGINATION, Artifact.HEADER, Artifact.FOOTER)
_NUMERAL = re.compile(r"\d+|(?<![^\W_])[ivxlcdm]+(?![^\W_])|(?<![^\W_])[IVXLCDM]+(?![^\W_])")
_MARK = "\x00"


@dataclass(slots=True)
class _Seen:
    """A row in the zone of a page: how far from the page's edge, its text with ``_MARK`` for numerals, and these."""

    page: int
    row: Row
    far: float
    pattern: str
    numerals: list[str]


def find_running_heads(draft: Draft) -> None:
    """Fill ``PageDraft.heads`` and ``feet`` out of ``lines``, and ``body``."""
    told = [_told(page) for page in draft.pages]
    for page in draft.pages:
        page.in_tables = body_tables(page, draft.source.tags, _ZONE)
    for head in (True, False):
        if any(told):
            break
        repeated = _repeated(draft.pages, head)
        again = pages_repeat(draft.pages)
        zones = [_zone(page, head) for page in draft.pages]
        zones = [set_apart(zone) for zone in zones] if again else zones
        found = outermost_rows(draft.pages, zones, repeated, head)
        all_there_is = _is_all_there_is(draft.pages, found)
        for at, (page, rows) in enumerate(zip(draft.pages, found, strict=True)):
            taken = [] if all_there_is else rows
            taken = taken or _number_alone(page, draft.source.total, head)
            _move(page, lines_of(taken or (set_in_margin(page, head) if at == 0 else [])), head)
    for page in draft.pages:
        page.body = _body(page)


def _is_all_there_is(pages: Sequence[PageDraft], found: Sequence[Sequence[Row]]) -> bool:
    """Whether most pages that have the rows have nothing else: what repeats there is their text."""
    having = [(page, rows) for page, rows in zip(pages, found, strict=True) if rows]
    bare = [page for page, rows in having if len(page.lines) == len(lines_of(rows)) and not _shows_more(page)]
    return 2 * len(bare) > len(having)


def _shows_more(page: PageDraft) -> bool:
    shown = page.page
    return bool(page.heads or page.turned or shown.images or shown.drawings or shown.grids)


def _told(page: PageDraft) -> bool:
    """Move what the tags call a running head or foot; whether there is any."""
    found = [line for line in page.lines if _is_pagination(line)]
    middle = page.page.height / 2
    _move(page, [line for line in found if line.baseline < middle], True)
    _move(page, [line for line in found if line.baseline >= middle], False)
    return bool(found)


def _is_pagination(line: Line) -> bool:
    """Tags may lie: no running head stands in the middle of a page's text."""
    told = [piece.span.artifact in _PAGINATION for piece in line.pieces if piece.text.strip()]
    return bool(told) and all(told)


def _move(page: PageDraft, lines: Iterable[Line], head: bool) -> None:
    moved = {id(line): line for line in lines}
    page.lines = [line for line in page.lines if id(line) not in moved]
    target = page.heads if head else page.feet
    target += moved.values()
    target.sort(key=lambda one: (one.baseline, one.left))


def _zone(page: PageDraft, head: bool) -> list[Row]:
    """The rows in the zone, from the edge inwards to where a table of the body begins."""
    rows = [row for row in rows_of(page.lines) if _far(row, page, head) < _ZONE * page.page.height]
    zone = rows if head else rows[::-1]
    return list(takewhile(lambda row: not any(id(line) in page.in_tables for line in row.lines), zone[:_MOST_ROWS]))


def _far(row: Row, page: PageDraft, head: bool) -> float:
    return row.baseline if head else page.page.height - row.baseline


def _repeated(pages: Sequence[PageDraft], head: bool) -> dict[int, set[int]]:
    """Which rows of each page's zone (by their first line's identity) stand on other pages too."""
    groups: dict[str, list[_Seen]] = defaultdict(list)
    for at, page in enumerate(pages):
        for row in _zone(page, head):
            pattern, numerals = _pattern(row.text)
            groups[pattern].append(_Seen(at, row, _far(row, page, head), pattern, numerals))
    clusters = [
        cluster
        for group in groups.values()
        for cluster in _clusters(group)
        if _systematic({one.page for one in cluster}, len(pages))
        and (_counts(cluster) or _is_everywhere(cluster, len(pages)))
    ]
    repeats = {id(one.row) for cluster in clusters for one in cluster}
    own = [one for group in groups.values() for one in group if id(one.row) not in repeats]
    clusters += _in_place(pages, head, repeats)
    found: dict[int, set[int]] = defaultdict(set)
    for cluster in clusters:
        if _is_in_margin(cluster, own):
            for one in cluster:
                found[one.page].add(id(one.row.lines[0]))
    return found


def _in_place(pages: Sequence[PageDraft], head: bool, repeats: set[int]) -> Iterator[list[_Seen]]:
    """Outermost rows at one distance from the edge on nearly all pages, most of which another page has too.

    Heads name chapters or change sides, with each on too few pages to tell by itself.
    """
    outer = []
    for at, page in enumerate(pages):
        for row in _zone(page, head)[:1]:
            outer.append(_Seen(at, row, _far(row, page, head), *_pattern(row.text)))
    for cluster in _clusters(outer):
        said = Counter(one.pattern for one in cluster)
        again = sum(said[one.pattern] > 1 or id(one.row) in repeats for one in cluster)
        usual = median(row.size for one in cluster for row in rows_of(pages[one.page].lines))
        small = all(one.row.size <= _NO_TITLE * usual for one in cluster)
        if len(cluster) >= max(3, _SYSTEMATIC * len(pages)) and 2 * again > len(cluster) and small:
            yield cluster


def _is_in_margin(cluster: list[_Seen], own: list[_Seen]) -> bool:
    """Whether the text of pages without these rows begins further from the edge; else they are a repeated caption.

    Pages of the other parity have margins, and heads, of their own.
    """
    on = {one.page for one in cluster}
    far, size = max(one.far for one in cluster), cluster[0].row.size
    others: dict[int, float] = {}
    parities = {page % 2 for page in on}
    alternate = len(parities) == 1 and len(on) > 2
    for one in own:
        if one.page not in on and one.page > 0 and (not alternate or one.page % 2 in parities):
            others[one.page] = min(one.far, others.get(one.page, one.far))
    return 2 * sum(place <= far + size for place in others.values()) <= max(1, len(others))


def _pattern(text: str) -> tuple[str, list[str]]:
    flat = " ".join(text.split())
    return _NUMERAL.sub(_MARK, flat), _NUMERAL.findall(flat)


def _clusters(group: list[_Seen]) -> Iterator[list[_Seen]]:
    """Rows at the same distance from the edge."""
    cluster: list[_Seen] = []
    for one in sorted(group, key=lambda one: one.far):
        if cluster and one.far - cluster[-1].far > _SAME_PLACE_PT:
            yield cluster
            cluster = []
        cluster.append(one)
    if cluster:
        yield cluster


def _systematic(on: set[int], total: int) -> bool:
    """Whether pages with the same row follow each other, or every second one does."""
    if len(on) < 2:
        return False
    first, last = min(on), max(on)
    every = len(on) / (last - first + 1)
    second = len(on) / ((last - first) // 2 + 1) if len({one % 2 for one in on}) == 1 else 0.0
    enough = len(on) >= 3 or total <= 4
    return enough and max(every, second) >= _SYSTEMATIC


def _counts(cluster: list[_Seen]) -> bool:
    """Whether the numerals of rows that are alike stay the same or count with the pages; others are data."""
    if _MARK not in cluster[0].pattern:
        return True
    constant = all(one.numerals == cluster[0].numerals for one in cluster)
    words = bool(re.search(r"[^\W\d_]{2}", cluster[0].pattern.replace(_MARK, "")))
    if constant and words:
        return True
    ordered = sorted(cluster, key=lambda one: one.page)
    pairs = list(zip(ordered, ordered[1:], strict=False))
    return any(
        sum(_goes_on(one, other, at) for one, other in pairs) >= _STEADY * len(pairs)
        for at in range(len(cluster[0].numerals))
    )


def _goes_on(one: _Seen, other: _Seen, at: int) -> bool:
    """Whether a numeral counts with the pages; where front matter ends it does not."""
    before, after = readings(one.numerals[at]), readings(other.numerals[at])
    return any(after.get(form) == value + other.page - one.page for form, value in before.items())


def _is_everywhere(cluster: list[_Seen], total: int) -> bool:
    """Whether all pages have the same, were it a numeral."""
    same = all(one.numerals == cluster[0].numerals for one in cluster)
    return same and len({one.page for one in cluster}) == total


def _number_alone(page: PageDraft, total: int, head: bool) -> list[Row]:
    """The outermost row when it is the number of the page and nothing else, far from the text: told by one page."""
    rows = _zone(page, head)[:1]
    if not rows or not _is_number(rows[0].text, page.number, total):
        return []
    near, gap = nearest(page, rows, 0)
    return rows if near and _far(rows[0], page, head) < _EDGE * page.page.height and gap > rows[0].size else []


def _is_number(text: str, number: int, total: int) -> bool:
    """A page alone may be taken out of a longer document, and have any number."""
    pattern, numerals = _pattern(text)
    if numerals[:1] != [str(number)] and not (total == 1 and len(numerals) == 1):
        return False
    shape = re.sub(r"[\s\-\u2013\u2014.|/]", "", pattern)
    return shape == _MARK or (numerals[1:] == [str(total)] and len(shape) <= _LONGEST_NUMBER)


def _body(page: PageDraft) -> tuple[float, float, float, float]:
    """What is between heads and feet."""
    top = max((line.bottom for line in page.heads), default=0.0)
    bottom = min((line.top for line in page.feet), default=page.page.height)
    return 0.0, top, page.page.width, bottom
