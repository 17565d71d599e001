"""Charts that no tag tells: bars, axes and curves that touch, with the labels at them, are one picture."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce

from chalicelib.engines.word.draft.block import PictureDraft, TableDraft
from chalicelib.engines.word.draft.draft import Draft, PageDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.pages.drawn import Drawing
from chalicelib.engines.word.pages.text import Box
from chalicelib.engines.word.understand.boxes import turned
from chalicelib.engines.word.understand.lines import make_line
from chalicelib.engines.word.understand.pictures import area, inside, place
from chalicelib.engines.word.understand.solid import solid_parts
from chalicelib.engines.word.understand.tagged_cells import hull

_TOUCH_PT = 4.0
_LEAST_PT = 40.0
"""No chart is narrower or lower."""

_BARS = 3
_SAME_PT = 1.0
"""Bars whose heights and widths differ by no more are a pattern, or the rows of a table."""

_LONGEST_LABEL = 24
_LONGEST_OUTSIDE = 14
"""Letters of a label within a chart, and of one beside its axes: longer ones are text."""

_BESIDE = 1.6
"""Labels of axes stand so far from them at most, in units of their size."""

_WORDY = 0.2
"""Share of its box that the letters of a chart cover at most."""

_BACKGROUND = 0.5
"""What covers more of the page is no part of a chart."""

_MOST = 4000
_CAPTION = re.compile(r"\s*(?:fig|abb|chart|tab|diagram|graph|source|quelle)", re.I)


@dataclass(slots=True)
class _Cluster:
    """Things drawn that touch: the numbers of rules, fills and drawings, and the box of all."""

    box: Box
    rules: list[int] = field(default_factory=list)
    fills: list[int] = field(default_factory=list)
    drawings: list[int] = field(default_factory=list)


def find_charts(draft: Draft) -> None:
    """Put charts into ``known_blocks`` or ``floating``; takes their rules and fills, and their labels from the lines."""
    for page in draft.pages:
        if page.tagged or not (page.page.fills or page.page.drawings):
            continue
        for cluster in _clusters(page):
            if _is_chart(cluster, page):
                _take(cluster, page)


def _clusters(page: PageDraft) -> list[_Cluster]:
    shown = page.page
    tables = [block.box for block in page.known_blocks if isinstance(block, TableDraft)]
    alone = [
        _Cluster((one.x0, one.y0, one.x1, one.y1), rules=[at])
        for at, one in enumerate(shown.rules)
        if at not in page.taken_rules
    ]
    alone += [_Cluster(one.box, fills=[at]) for at, one in enumerate(shown.fills) if at not in page.taken_fills]
    alone += [
        _Cluster(one.box, drawings=[at]) for at, one in enumerate(shown.drawings) if at not in page.taken_drawings
    ]
    most = _BACKGROUND * shown.width * shown.height
    alone = [one for one in alone if area(one.box) < most and not any(inside(one.box, table) for table in tables)]
    return _joined(alone) if len(alone) <= _MOST else []


def _joined(alone: Iterable[_Cluster]) -> list[_Cluster]:
    """By sweeping down the page."""
    groups: list[_Cluster] = []
    done: list[_Cluster] = []
    for one in sorted(alone, key=lambda each: each.box[1]):
        done += [group for group in groups if group.box[3] < one.box[1] - _TOUCH_PT]
        near = [group for group in groups if _near(group.box, one.box)]
        groups = [
            group
            for group in groups
            if group.box[3] >= one.box[1] - _TOUCH_PT and not any(group is each for each in near)
        ]
        groups.append(reduce(_merged, near, one))
    return [*done, *groups]


def _merged(one: _Cluster, other: _Cluster) -> _Cluster:
    return _Cluster(
        hull(one.box, other.box),
        [*one.rules, *other.rules],
        [*one.fills, *other.fills],
        [*one.drawings, *other.drawings],
    )


def _near(one: Box, other: Box) -> bool:
    return (
        one[0] - _TOUCH_PT <= other[2]
        and other[0] - _TOUCH_PT <= one[2]
        and one[1] - _TOUCH_PT <= other[3]
        and other[1] - _TOUCH_PT <= one[3]
    )


def _is_chart(cluster: _Cluster, page: PageDraft) -> bool:
    """Whether there are bars of different heights, or curves with labels, and no more text than labels."""
    x0, y0, x1, y1 = cluster.box
    if min(x1 - x0, y1 - y0) < _LEAST_PT:
        return False
    parts = [part for line in page.lines for part in solid_parts(line) if _within(_middle(part), cluster.box)]
    letters = sum((part.right - part.left) * part.size for part in parts)
    if letters > _WORDY * area(cluster.box) or any(part.letters > _LONGEST_LABEL for part in parts):
        return False
    bars = [
        box
        for box in (page.page.fills[at].box for at in cluster.fills)
        if not any(_within(_middle(part), box) for part in parts) and area(box) < _BACKGROUND * area(cluster.box)
    ]
    drawn = [page.page.drawings[at] for at in cluster.drawings]
    return (len(bars) >= _BARS and _differ(bars)) or (bool(drawn) and len(parts) > 1)


def _differ(bars: Sequence[Box]) -> bool:
    """Whether bars are as wide as each other and not as high, from one baseline or stacked; or the same lying down."""
    across, along = [one[2] - one[0] for one in bars], [one[3] - one[1] for one in bars]
    bottoms, lefts = [one[3] for one in bars], [one[0] for one in bars]
    many = len(bars) >= 2 * _BARS
    upright = _alike(across) and not _alike(along) and (_alike(bottoms) or many)
    return upright or (_alike(along) and not _alike(across) and (_alike(lefts) or many))


def _alike(lengths: Sequence[float]) -> bool:
    return max(lengths) - min(lengths) <= _SAME_PT


def _take(cluster: _Cluster, page: PageDraft) -> None:
    labels: list[Line] = []
    kept: list[Line] = []
    for line in page.lines:
        parts = solid_parts(line)
        own = [part for part in parts if _is_label(part, _middle(part), cluster.box)]
        labels += own
        if not own:
            kept.append(line)
        elif len(own) < len(parts):
            rest = [piece for part in parts if not any(part is one for one in own) for piece in part.pieces]
            kept.append(make_line(line.page, rest, line.turn))
    boxes = [label.box for label in labels]
    for line in [one for one in page.turned if _is_label(one, turned(*_middle(one), one.turn), cluster.box)]:
        labels.append(line)
        corners = [turned(x, y, line.turn) for x in (line.left, line.right) for y in (line.top, line.bottom)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        boxes.append((min(xs), min(ys), max(xs), max(ys)))
        page.turned = [one for one in page.turned if one is not line]
    page.lines = kept
    page.taken_rules |= set(cluster.rules)
    page.taken_fills |= set(cluster.fills)
    box = reduce(hull, boxes, cluster.box)
    words = " ".join(label.text for label in labels)
    drawing = Drawing(box, len(cluster.rules) + len(cluster.fills) + len(cluster.drawings), len(cluster.drawings))
    place(PictureDraft(page.number, box, drawing=drawing, with_text=True, alt=words or None, words=words), page)


def _is_label(part: Line, middle: tuple[float, float], box: Box) -> bool:
    if _within(middle, box):
        return True
    near = _BESIDE * part.size
    around = (box[0] - near - (part.right - part.left) / 2, box[1] - near, box[2] + near, box[3] + near)
    return _within(middle, around) and part.letters <= _LONGEST_OUTSIDE and not _CAPTION.match(part.text)


def _middle(line: Line) -> tuple[float, float]:
    return (line.left + line.right) / 2, line.baseline - 0.3 * line.size


def _within(point: tuple[float, float], box: Box) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]
