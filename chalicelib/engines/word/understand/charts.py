"""Charts that no tag tells: bars, axes and curves that touch, with the labels at them, are one picture."""

import re
from collections.abc import Sequence
from functools import reduce

from chalicelib.engines.word.draft.block import PictureDraft
from chalicelib.engines.word.draft.draft import Draft, PageDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.pages.boxes import hull
from chalicelib.engines.word.pages.drawn import Drawing
from chalicelib.engines.word.pages.text import Box
from chalicelib.engines.word.understand.boxes import turned
from chalicelib.engines.word.understand.clusters import Cluster, clusters_of, middle_of, parts_in, within
from chalicelib.engines.word.understand.lines import make_line
from chalicelib.engines.word.understand.pictures import area, place
from chalicelib.engines.word.understand.solid import solid_parts
from chalicelib.engines.word.understand.turned_cells import box_of

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

_SHARE = 0.5
"""Of a chart: a bar that takes more of it is its background."""

_CAPTION = re.compile(r"\s*(?:fig|abb|chart|tab|diagram|graph|source|quelle)", re.I)


_CURVE, _FRAME = 0.3, 0.9
"""What is drawn within a plot takes this share of both its sides at least, and a frame around it more than that."""


def find_plots(draft: Draft) -> None:
    """Take charts whose axes and grid lines would else be a table's: curves run through them, and text only labels them."""
    for page in draft.pages:
        if page.page.drawings and not page.tagged:
            plots = [one for one in clusters_of(page) if one.rules and _has_curves(one, page)]
            named = [one for one in plots if _is_labelled(one, page) and len(parts_in(one.box, page)) > 1]
            _place([_taken(one, page) for one in named], page)


def _has_curves(cluster: Cluster, page: PageDraft) -> bool:
    x0, y0, x1, y1 = cluster.box
    for at in cluster.drawings:
        box = page.page.drawings[at].box
        shares = (box[2] - box[0]) / max(1.0, x1 - x0), (box[3] - box[1]) / max(1.0, y1 - y0)
        if _CURVE <= min(shares) < _FRAME:
            return True
    return False


def find_charts(draft: Draft) -> None:
    """Put charts into ``known_blocks`` or ``floating``; takes their rules and fills, and their labels from the lines."""
    for page in draft.pages:
        if page.tagged or not (page.page.fills or page.page.drawings):
            continue
        _place([_taken(one, page) for one in clusters_of(page) if _is_chart(one, page)], page)


def _is_labelled(cluster: Cluster, page: PageDraft) -> bool:
    """Whether a thing drawn is large enough for a chart, and has no more text than labels."""
    x0, y0, x1, y1 = cluster.box
    if min(x1 - x0, y1 - y0) < _LEAST_PT:
        return False
    parts = parts_in(cluster.box, page)
    letters = sum((part.right - part.left) * part.size for part in parts)
    return letters <= _WORDY * area(cluster.box) and all(part.letters <= _LONGEST_LABEL for part in parts)


def _is_chart(cluster: Cluster, page: PageDraft) -> bool:
    """Whether there are bars of different heights, or curves with labels, and no more text than labels."""
    if not _is_labelled(cluster, page):
        return False
    parts = parts_in(cluster.box, page)
    bars = [
        box
        for box in (page.page.fills[at].box for at in cluster.fills)
        if not any(within(middle_of(part), box) for part in parts) and area(box) < _SHARE * area(cluster.box)
    ]
    drawn = [page.page.drawings[at] for at in cluster.drawings]
    named = any(_is_label(part, middle_of(part), cluster.box) for line in page.lines for part in solid_parts(line))
    return (len(bars) >= _BARS and _differ(bars) and named) or (bool(drawn) and len(parts) > 1)


def _differ(bars: Sequence[Box]) -> bool:
    """Whether bars are as wide as each other and not as high, from one baseline or stacked; or the same lying down."""
    across, along = [one[2] - one[0] for one in bars], [one[3] - one[1] for one in bars]
    bottoms, lefts = [one[3] for one in bars], [one[0] for one in bars]
    many = len(bars) >= 2 * _BARS
    upright = _alike(across) and not _alike(along) and (_alike(bottoms) or many)
    return upright or (_alike(along) and not _alike(across) and (_alike(lefts) or many))


def _alike(lengths: Sequence[float]) -> bool:
    return max(lengths) - min(lengths) <= _SAME_PT


def _place(pictures: Sequence[PictureDraft], page: PageDraft) -> None:
    """Put pictures where they go, once none of their labels is a line of the text any more."""
    for picture in pictures:
        place(picture, page)


def _taken(cluster: Cluster, page: PageDraft) -> PictureDraft:
    labels: list[Line] = []
    kept: list[Line] = []
    for line in page.lines:
        parts = solid_parts(line)
        own = [part for part in parts if _is_label(part, middle_of(part), cluster.box)]
        labels += own
        if not own:
            kept.append(line)
        elif len(own) < len(parts):
            rest = [piece for part in parts if not any(part is one for one in own) for piece in part.pieces]
            kept.append(make_line(line.page, rest, line.turn))
    boxes = [label.box for label in labels]
    for line in [one for one in page.turned if _is_label(one, turned(*middle_of(one), one.turn), cluster.box)]:
        labels.append(line)
        boxes.append(box_of(line))
        page.turned = [one for one in page.turned if one is not line]
    page.lines = kept
    page.taken_rules |= set(cluster.rules)
    page.taken_fills |= set(cluster.fills)
    page.taken_drawings |= set(cluster.drawings)
    box = reduce(hull, boxes, cluster.box)
    words = " ".join(label.text for label in labels)
    drawing = Drawing(box, len(cluster.rules) + len(cluster.fills) + len(cluster.drawings), len(cluster.drawings))
    return PictureDraft(page.number, box, drawing=drawing, with_text=True, alt=words or None, words=words)


def _is_label(part: Line, middle: tuple[float, float], box: Box) -> bool:
    if within(middle, box):
        return True
    near = _BESIDE * part.size
    around = (box[0] - near - (part.right - part.left) / 2, box[1] - near, box[2] + near, box[3] + near)
    return within(middle, around) and part.letters <= _LONGEST_OUTSIDE and not _CAPTION.match(part.text)
