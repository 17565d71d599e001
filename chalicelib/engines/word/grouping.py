"""Equal but fast forms of pdf2docx's groupings, which ask about every two elements of a page.

pdf2docx 0.5.13 builds its graphs of neighbours with a predicate over all pairs: a page with 2,000 rules takes minutes.
Each of those predicates is false for boxes that lie apart, so here a sweep asks only about boxes that touch.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from pdf2docx.common.algorithm import graph_bfs
from pdf2docx.common.Collection import Collection
from pdf2docx.common.Element import Element
from pdf2docx.layout.Layout import Layout

TOUCH_PT = 1.0
"""Boxes further apart are never neighbours: the widest tolerance of the predicates is 0.5 pt (``TINY_DIST``)."""

ALIGN_PT = 1e-3
"""The tolerance of ``Element.horizontally_align_with``."""

Box = tuple[float, float, float, float]
Pair = tuple[int, int]


def install() -> None:
    """Put the fast forms in the place of pdf2docx's own; safe to call again."""
    Collection.group = _group
    Collection.group_by_rows = _group_by_rows
    Collection.group_by_columns = _group_by_columns
    Collection.group_by_physical_rows = _group_by_physical_rows
    Element.__bool__ = _has_extent
    Layout.assign_blocks = _assign_blocks


def _has_extent(element: Any) -> bool:
    box = element.bbox
    return bool(box.x0 or box.y0 or box.x1 or box.y1)


def _box(item: Any) -> Box:
    rect = item[0] if isinstance(item, tuple) else item.bbox
    return rect.x0, rect.y0, rect.x1, rect.y1


def _assign_blocks(self: Any, blocks: Iterable[Any]) -> None:
    """``Layout.assign_blocks``: a block that does not meet the layout (a cell, of hundreds) is not looked at further."""
    x0, y0, x1, y1 = _box(self)
    for block in blocks:
        left, top, right, bottom = _box(block)
        if left < x1 and right > x0 and top < y1 and bottom > y0:
            self._assign_block(block)


def _touching(boxes: Sequence[Box], indexes: Iterable[int], axis: int, slack: float) -> Iterator[Pair]:
    """Pairs ``i < j`` whose extents along ``axis`` (0: x, 1: y) come within ``slack`` points of each other."""
    active: list[int] = []
    for index in sorted(indexes, key=lambda one: boxes[one][axis]):
        start = boxes[index][axis] - slack
        active = [one for one in active if boxes[one][axis + 2] >= start]
        yield from ((one, index) if one < index else (index, one) for one in active)
        active.append(index)


def _components(items: Sequence[Any], pairs: Iterable[Pair], kind: Callable[[list[Any]], Any]) -> list[Any]:
    """Connected components of the graph of ``pairs``, each a ``kind``, members in their old order."""
    graph: list[set[int]] = [set() for _ in items]
    for one, other in pairs:
        graph[one].add(other)
        graph[other].add(one)
    return [kind([items[index] for index in sorted(group)]) for group in graph_bfs(graph)]


def _group(self: Any, fun: Callable[[Any, Any], Any]) -> list[Any]:
    """``Collection.group``: components under the predicate ``fun``."""
    items = self._instances
    boxes = [_box(item) for item in items]

    def connected() -> Iterator[Pair]:
        for one, other in _touching(boxes, range(len(items)), 0, TOUCH_PT):
            low, high = max(boxes[one][1], boxes[other][1]), min(boxes[one][3], boxes[other][3])
            if low - high <= TOUCH_PT and fun(items[one], items[other]):
                yield one, other

    return _components(items, connected(), self.__class__)


def _group_along(self: Any, axis: int, factor: float, ordered: bool) -> list[Any]:
    """Components of elements that overlap along ``axis`` by more than ``factor`` of the shorter one."""
    items = self._instances
    boxes = [_box(item) for item in items]
    solid = [index for index, item in enumerate(items) if item]

    def connected() -> Iterator[Pair]:
        for one, other in _touching(boxes, solid, axis, ALIGN_PT):
            first, second = boxes[one], boxes[other]
            shared = min(first[axis + 2], second[axis + 2]) - max(first[axis], second[axis])
            shorter = min(first[axis + 2] - first[axis], second[axis + 2] - second[axis])
            if shared + ALIGN_PT >= factor * shorter:
                yield one, other

    groups = _components(items, connected(), self.__class__)
    if ordered:
        groups.sort(key=lambda group: group.bbox[axis])
    return groups


def _group_by_rows(self: Any, factor: float = 0.0, sorted: bool = True, text_direction: bool = False) -> list[Any]:  # noqa: A002
    """``Collection.group_by_rows``; of its callers only vertical text turns the axis."""
    vertical = text_direction and self.is_vertical_text
    return _group_along(self, 0 if vertical else 1, factor, sorted)


def _group_by_columns(self: Any, factor: float = 0.0, sorted: bool = True, text_direction: bool = False) -> list[Any]:  # noqa: A002
    """``Collection.group_by_columns``."""
    vertical = text_direction and self.is_vertical_text
    groups = _group_along(self, 1 if vertical else 0, factor, False)
    if sorted:
        groups.sort(key=lambda group: group.bbox[3 if vertical else 0])
    return groups


def _group_by_physical_rows(self: Any, sorted: bool = False, text_direction: bool = False) -> list[Any]:  # noqa: A002
    """``Collection.group_by_physical_rows``: elements of one direction, the centre of each above the other's end."""
    items = self._instances
    boxes = [_box(item) for item in items]
    upright = [bool(item.is_horizontal_text) for item in items]

    def connected() -> Iterator[Pair]:
        for axis, flag in ((1, True), (0, False)):
            same = [index for index, value in enumerate(upright) if value is flag]
            for one, other in _touching(boxes, same, axis, 0.0):
                first, second = boxes[one], boxes[other]
                if (
                    items[other]
                    and _centre(first, axis) <= second[axis + 2]
                    and _centre(second, axis) <= first[axis + 2]
                ):
                    yield one, other

    groups = _components(items, connected(), self.__class__)
    if sorted:
        axis = 0 if text_direction and self.is_vertical_text else 1
        groups.sort(key=lambda group: group.bbox[axis])
    return groups


def _centre(box: Box, axis: int) -> float:
    return (box[axis] + box[axis + 2]) / 2.0
