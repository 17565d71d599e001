"""Art without text: all that is drawn side by side, shapes and lines and curves, is one picture."""

from collections.abc import Sequence

from chalicelib.engines.word.draft.block import PictureDraft
from chalicelib.engines.word.draft.draft import Draft, PageDraft
from chalicelib.engines.word.pages.drawn import Drawing
from chalicelib.engines.word.pages.text import Box
from chalicelib.engines.word.understand.clusters import Cluster, clusters_of, merged, middle_of, within
from chalicelib.engines.word.understand.pictures import area, place
from chalicelib.engines.word.understand.solid import solid_parts

_BESIDE = 0.6
"""Parts of one picture are no further apart than this share of the lower one's height: letters drawn as outlines are not."""

_MOST = 400
"""So many things drawn apart are a pattern, in which to look for neighbours takes too long."""

_SMALLEST_PT = 10.0
_LARGEST = 0.5
"""Of the page: what takes more is its background."""


Point = tuple[float, float]


def find_art(draft: Draft) -> None:
    """Put art of several things into ``known_blocks`` or ``floating``; takes their rules and fills."""
    for page in draft.pages:
        if page.page.drawings and not page.tagged:
            text = [middle_of(part) for line in page.lines for part in solid_parts(line)]
            for cluster in _grouped([one for one in clusters_of(page) if _is_free(one.box, text)], text):
                if cluster.drawings and (cluster.rules or cluster.fills or len(cluster.drawings) > 1):
                    _take(cluster, page)


def _is_free(box: Box, text: Sequence[Point]) -> bool:
    return not any(within(point, box) for point in text)


def _grouped(clusters: Sequence[Cluster], text: Sequence[Point]) -> list[Cluster]:
    """Clusters beside each other as one, where no text stands between; lines alone, which part text, are none of them."""
    able = [one for one in clusters if one.drawings or one.fills]
    if len(able) > _MOST:
        return able
    groups: list[Cluster] = []
    for one in sorted(able, key=lambda each: (each.box[0], each.box[1])):
        group, found = one, True
        while found:
            found = False
            for other in groups:
                both = merged(group, other)
                if _are_beside(group.box, other.box) and _is_free(both.box, text):
                    groups = [each for each in groups if each is not other]
                    group, found = both, True
                    break
        groups.append(group)
    return groups


def _are_beside(one: Box, other: Box) -> bool:
    across = max(one[0], other[0]) - min(one[2], other[2])
    along = max(one[1], other[1]) - min(one[3], other[3])
    near = _BESIDE * min(one[3] - one[1], other[3] - other[1])
    return max(across, along) <= near


def _take(cluster: Cluster, page: PageDraft) -> None:
    x0, y0, x1, y1 = cluster.box
    if min(x1 - x0, y1 - y0) < _SMALLEST_PT or area(cluster.box) > _LARGEST * page.page.width * page.page.height:
        return
    page.taken_rules |= set(cluster.rules)
    page.taken_fills |= set(cluster.fills)
    page.taken_drawings |= set(cluster.drawings)
    paths = len(cluster.rules) + len(cluster.fills) + len(cluster.drawings)
    place(PictureDraft(page.number, cluster.box, drawing=Drawing(cluster.box, paths, len(cluster.drawings))), page)
