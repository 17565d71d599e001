"""Things drawn on a page that touch each other: what may be one picture."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce

from chalicelib.engines.word.draft.block import TableDraft
from chalicelib.engines.word.draft.draft import PageDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.pages.boxes import hull, touch
from chalicelib.engines.word.pages.text import Box
from chalicelib.engines.word.understand.paper import is_white
from chalicelib.engines.word.understand.pictures import area, inside
from chalicelib.engines.word.understand.solid import solid_parts

_TOUCH_PT = 4.0
_BACKGROUND = 0.5
"""What covers more of the page is no part of a picture."""

_MOST = 4000


@dataclass(slots=True)
class Cluster:
    """Things drawn that touch: the numbers of rules, fills and drawings, and the box of all."""

    box: Box
    rules: list[int] = field(default_factory=list)
    fills: list[int] = field(default_factory=list)
    drawings: list[int] = field(default_factory=list)


def clusters_of(page: PageDraft) -> list[Cluster]:
    """All that is drawn on the page outside of the tables known so far; of too much, nothing."""
    shown = page.page
    tables = [block.box for block in page.known_blocks if isinstance(block, TableDraft)]
    alone = [
        Cluster((one.x0, one.y0, one.x1, one.y1), rules=[at])
        for at, one in enumerate(shown.rules)
        if at not in page.taken_rules
    ]
    alone += [
        Cluster(one.box, fills=[at])
        for at, one in enumerate(shown.fills)
        if at not in page.taken_fills and not is_white(one)
    ]
    alone += [Cluster(one.box, drawings=[at]) for at, one in enumerate(shown.drawings) if at not in page.taken_drawings]
    most = _BACKGROUND * shown.width * shown.height
    alone = [one for one in alone if area(one.box) < most and not any(inside(one.box, table) for table in tables)]
    return _joined(alone) if len(alone) <= _MOST else []


def _joined(alone: Iterable[Cluster]) -> list[Cluster]:
    """By sweeping down the page."""
    groups: list[Cluster] = []
    done: list[Cluster] = []
    for one in sorted(alone, key=lambda each: each.box[1]):
        done += [group for group in groups if group.box[3] < one.box[1] - _TOUCH_PT]
        near = [group for group in groups if touch(group.box, one.box, _TOUCH_PT)]
        groups = [
            group
            for group in groups
            if group.box[3] >= one.box[1] - _TOUCH_PT and not any(group is each for each in near)
        ]
        groups.append(reduce(merged, near, one))
    return [*done, *groups]


def merged(one: Cluster, other: Cluster) -> Cluster:
    """Two as one."""
    return Cluster(
        hull(one.box, other.box),
        [*one.rules, *other.rules],
        [*one.fills, *other.fills],
        [*one.drawings, *other.drawings],
    )


def parts_in(box: Box, page: PageDraft) -> list[Line]:
    """The parts of lines whose middle is within ``box``."""
    return [part for line in page.lines for part in solid_parts(line) if within(middle_of(part), box)]


def middle_of(line: Line) -> tuple[float, float]:
    """The middle of a line's letters."""
    return (line.left + line.right) / 2, line.baseline - 0.3 * line.size


def within(point: tuple[float, float], box: Box) -> bool:
    """Whether a point is in a box."""
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]
