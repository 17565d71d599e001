"""What is drawn on a page: rules, fills, regions of vector art, images."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.engines.tables.pymupdf import pymupdf
from chalicelib.engines.word.pages.boxes import hull, touch
from chalicelib.engines.word.pages.drawn import Drawing, Fill, Image, Rule
from chalicelib.engines.word.pages.text import Box
from chalicelib.engines.word.read.frame import Frame

_THICKEST_RULE_PT = 4.0
"""A filled bar up to this thick, and four times as long, is a line."""

_LEVEL_PT = 0.6
"""A line whose ends differ by no more runs along the axis."""

_TOUCH_PT = 4.0
"""Paths so near to each other belong to one drawing."""

_MOST_PATHS = 60_000


@dataclass(slots=True)
class _Art:
    """A path, or paths that touch, that are neither rules nor fills."""

    box: Box
    paths: int
    curves: int


def read_drawn(page: Any, frame: Frame) -> tuple[list[Rule], list[Fill], list[Drawing]]:
    """The rules, fills and drawings of an unrotated PyMuPDF ``page``."""
    rules: list[Rule] = []
    fills: list[Fill] = []
    arts: list[_Art] = []
    for path, shown in _with_clips(page):
        _take(path, shown, frame, rules, fills, arts)
    return _merged(rules), fills, [Drawing(one.box, one.paths, one.curves) for one in _regions(arts)]


def _with_clips(page: Any) -> Iterator[tuple[dict[str, Any], Box]]:
    """The page's paths, each with the part of the page on which it is seen."""
    clips: list[tuple[int, Box]] = []
    for path in page.get_cdrawings(extended=True)[:_MOST_PATHS]:
        level = int(path.get("level") or 0)
        while clips and clips[-1][0] >= level:
            clips.pop()
        shown = clips[-1][1] if clips else tuple(page.rect)
        if path["type"] == "clip":
            clips.append((level, _shared(path["scissor"], shown)))
        elif path["type"] in ("f", "s", "fs"):
            yield path, shown


def _take(
    path: dict[str, Any], within: Box, frame: Frame, rules: list[Rule], fills: list[Fill], arts: list[_Art]
) -> None:
    if not _is_on(path["rect"], within):
        return
    box = frame.box(_shared(path["rect"], within))
    items = path["items"]
    if _is_straight(items):
        found: list[Rule | Fill] = [*_stroked(path, within, frame)] if "s" in path["type"] else []
        if path["type"] != "s":
            found += [*_filled(path, within, frame)]
        rules += [one for one in found if isinstance(one, Rule)]
        fills += [one for one in found if isinstance(one, Fill)]
    else:
        arts.append(_Art(box, 1, sum(item[0] == "c" for item in items)))


def _is_on(rect: Sequence[float], page: Any) -> bool:
    """Whether a path is on the page; PyMuPDF says of lines, which have no area, that they meet nothing."""
    x0, y0, x1, y1 = rect
    return bool(x0 <= page[2] + 2 and x1 >= page[0] - 2 and y0 <= page[3] + 2 and y1 >= page[1] - 2)


def _shared(one: Sequence[float], other: Sequence[float]) -> Box:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _is_straight(items: Sequence[Any]) -> bool:
    """Whether a path has only rectangles and lines along the axes."""
    return all(
        item[0] == "re"
        or (item[0] == "qu" and _is_upright(item[1]))
        or (item[0] == "l" and _is_level(item[1], item[2]))
        for item in items
    )


def _is_level(one: Any, other: Any) -> bool:
    return bool(abs(one[0] - other[0]) <= _LEVEL_PT or abs(one[1] - other[1]) <= _LEVEL_PT)


def _is_upright(quad: Any) -> bool:
    points = list(quad)
    return all(_is_level(points[at], points[other]) for at, other in ((0, 1), (0, 2), (1, 3), (2, 3)))


def _color(value: Any) -> str:
    channels = [max(0, min(255, round(float(one) * 255))) for one in value or (0, 0, 0)]
    return "".join(f"{one:02X}" for one in (channels * 3 if len(channels) == 1 else channels)[:3])


def _stroked(path: dict[str, Any], within: Box, frame: Frame) -> Iterator[Rule]:
    if path.get("stroke_opacity", 1) == 0 or path.get("color") is None:
        return
    width = max(0.1, float(path.get("width") or 0.1)) * frame.scale
    dashed = str(path.get("dashes") or "[] 0").split("]")[0].strip("[ ") != ""
    for edge in _edges(path["items"]):
        if not _is_on(
            (min(edge[0], edge[2]), min(edge[1], edge[3]), max(edge[0], edge[2]), max(edge[1], edge[3])), within
        ):
            continue
        x0, y0, x1, y1 = _held(edge, within)
        a, b = frame.point(x0, y0), frame.point(x1, y1)
        yield _rule(
            min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]), width, _color(path["color"]), dashed
        )


def _held(edge: Box, within: Box) -> Box:
    """What is seen of a line along an axis."""
    xs = [max(within[0], min(within[2], x)) for x in (edge[0], edge[2])]
    ys = [max(within[1], min(within[3], y)) for y in (edge[1], edge[3])]
    return xs[0], ys[0], xs[1], ys[1]


def _edges(items: Sequence[Any]) -> Iterator[Box]:
    for item in items:
        if item[0] == "l":
            yield item[1][0], item[1][1], item[2][0], item[2][1]
            continue
        x0, y0, x1, y1 = pymupdf.Quad(item[1]).rect if item[0] == "qu" else item[1]
        yield from ((x0, y0, x1, y0), (x1, y0, x1, y1), (x0, y1, x1, y1), (x0, y0, x0, y1))


def _rule(x0: float, y0: float, x1: float, y1: float, width: float, color: str, dashed: bool = False) -> Rule:
    if x1 - x0 >= y1 - y0:
        middle = (y0 + y1) / 2
        return Rule(x0, middle, x1, middle, width, color, dashed)
    middle = (x0 + x1) / 2
    return Rule(middle, y0, middle, y1, width, color, dashed)


def _filled(path: dict[str, Any], within: Box, frame: Frame) -> Iterator[Rule | Fill]:
    alpha = float(path.get("fill_opacity", 1) or 0)
    if alpha == 0 or path.get("fill") is None:
        return
    color = _color(path["fill"])
    shapes = [item for item in path["items"] if item[0] in ("re", "qu")]
    rects = [pymupdf.Quad(one[1]).rect if one[0] == "qu" else one[1] for one in shapes] or [path["rect"]]
    for rect in rects:
        if not _is_on(rect, within):
            continue
        x0, y0, x1, y1 = frame.box(_shared(rect, within))
        thin, long = sorted((x1 - x0, y1 - y0))
        if thin <= _THICKEST_RULE_PT and long >= 4 * thin and long > 2:
            yield _rule(x0, y0, x1, y1, max(0.1, thin), color)
        elif thin > 0.5:
            yield Fill((x0, y0, x1, y1), color, alpha)


def _merged(rules: list[Rule]) -> list[Rule]:
    """Pieces of one line as one: Word draws a cell's border cell by cell, dotted lines dot by dot."""
    lines: dict[tuple[bool, int, str], list[Rule]] = {}
    for rule in rules:
        across = rule.y0 if rule.horizontal else rule.x0
        lines.setdefault((rule.horizontal, round(across * 2), rule.color), []).append(rule)
    found: list[Rule] = []
    for (horizontal, _, _), parts in lines.items():
        parts.sort(key=lambda one: one.x0 if horizontal else one.y0)
        run = parts[0]
        for part in parts[1:]:
            start, end = (part.x0, run.x1) if horizontal else (part.y0, run.y1)
            if start - end <= max(1.0, 2 * part.width):
                run = _joined(run, part)
            else:
                found.append(run)
                run = part
        found.append(run)
    return found


def _joined(one: Rule, other: Rule) -> Rule:
    width = max(one.width, other.width)
    if one.horizontal:
        return Rule(one.x0, one.y0, max(one.x1, other.x1), one.y0, width, one.color, one.dashed or other.dashed)
    return Rule(one.x0, one.y0, one.x0, max(one.y1, other.y1), width, one.color, one.dashed or other.dashed)


def _regions(arts: list[_Art]) -> list[_Art]:
    """Paths that touch each other as one, by sweeping down the page."""
    groups: list[_Art] = []
    for art in sorted(arts, key=lambda one: one.box[1]):
        merged = art
        rest: list[_Art] = []
        for group in groups:
            if touch(group.box, merged.box, _TOUCH_PT):
                merged = _Art(hull(group.box, merged.box), group.paths + merged.paths, group.curves + merged.curves)
            else:
                rest.append(group)
        groups = [*rest, merged]
    return groups


def read_images(page: Any, frame: Frame) -> list[Image]:
    """The images that an unrotated PyMuPDF ``page`` shows; ``number`` is the object's, or minus the place in the list."""
    found = []
    for at, info in enumerate(page.get_image_info(xrefs=True), start=1):
        shown = pymupdf.Rect(info["bbox"]) & page.rect
        if shown.is_empty or shown.width < 1 or shown.height < 1:
            continue
        a, b = info["transform"][:2]
        found.append(
            Image(
                box=frame.box(shown),
                number=int(info["xref"]) or -at,
                width_px=int(info["width"]),
                height_px=int(info["height"]),
                turn=int(frame.turn((a, b))) % 360,
                mask=info.get("bpc") == 1 and not info.get("colorspace"),
            )
        )
    return found
