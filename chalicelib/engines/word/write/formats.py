"""How a paragraph lies, as paragraph properties: only what the style or the list does not say already."""

from collections.abc import Iterator
from functools import lru_cache

from chalicelib.engines.word.document.borders import Border, Borders
from chalicelib.engines.word.document.format import Align, Format, LineSpacing, SpacingRule, TabAlign, TabStop
from chalicelib.engines.word.write.units import color, eighths, lines, size_twips, twips
from chalicelib.engines.word.write.xml import w

_ALIGN = {Align.START: "left", Align.CENTER: "center", Align.END: "right", Align.JUSTIFY: "both"}
"""``left`` is where a line of the paragraph's direction begins: in right-to-left paragraphs, at the right."""

_TABS = {TabAlign.START: "left", TabAlign.CENTER: "center", TabAlign.END: "right", TabAlign.DECIMAL: "decimal"}
_RULES = {SpacingRule.MULTIPLE: "auto", SpacingRule.AT_LEAST: "atLeast", SpacingRule.EXACT: "exact"}
_SIDES = ("top", "left", "bottom", "right")
_TEXT_TO_BORDER_PT = 1
_SAME_TWIPS = 10
"""Half a point: indents and distances that differ by less look alike."""


@lru_cache(maxsize=8192)
def properties(format_: Format, base: Format) -> tuple[str, str]:
    """The paragraph properties that go before the numbering, and those that go after it (CT_PPrBase)."""
    return "".join(_keeping(format_, base)), "".join(_lying(format_, base))


def border(name: str, line: Border | None, space: int | None = None) -> str:
    """A border element ``name``; None is no line, said with ``nil``."""
    if line is None:
        return w(name, val="nil")
    return w(name, val=line.style, sz=eighths(line.width), space=space or 0, color=color(line.color))


def shade(rgb: str | None) -> str:
    """The colour behind."""
    return w("shd", val="clear", color="auto", fill=color(rgb))


def _keeping(format_: Format, base: Format) -> Iterator[str]:
    for name, on, was in (
        ("keepNext", format_.keep_next, base.keep_next),
        ("keepLines", format_.keep_lines, base.keep_lines),
        ("pageBreakBefore", format_.page_break_before, base.page_break_before),
    ):
        yield _switch(name, on, was)


def _lying(format_: Format, base: Format) -> Iterator[str]:
    if format_.borders != base.borders:
        yield _borders(format_.borders)
    if format_.shade != base.shade:
        yield shade(format_.shade)
    yield _tabs(format_.tabs, base.tabs)
    yield _switch("bidi", format_.rtl, base.rtl)
    yield _spacing(format_, base)
    yield _indents(format_, base)
    yield _switch("contextualSpacing", format_.contextual, base.contextual)
    if format_.align != base.align:
        yield w("jc", val=_ALIGN[format_.align])


def _switch(name: str, on: bool, was: bool) -> str:
    if on == was:
        return ""
    return w(name) if on else w(name, val="0")


def _borders(borders: Borders) -> str:
    names = (*_SIDES, "between")
    lines = (borders.top, borders.left, borders.bottom, borders.right, borders.between)
    drawn = "".join(border(name, line, _TEXT_TO_BORDER_PT) for name, line in zip(names, lines, strict=True) if line)
    return w("pBdr", drawn or "".join(w(name, val="nil") for name in _SIDES))


def _tabs(tabs: tuple[TabStop, ...], base: tuple[TabStop, ...]) -> str:
    if tabs == base:
        return ""
    wanted = {twips(one.place): one for one in tabs}
    gone = {twips(one.place) for one in base} - wanted.keys()
    stops = [(place, w("tab", val="clear", pos=place)) for place in gone]
    stops += [
        (place, w("tab", val=_TABS[one.align], leader=one.leader.value, pos=place)) for place, one in wanted.items()
    ]
    return w("tabs", *(text for _, text in sorted(stops)))


def _spacing(format_: Format, base: Format) -> str:
    attributes: dict[str, str | int] = {}
    if _differ(format_.before, base.before):
        attributes["before"] = size_twips(format_.before)
    if _differ(format_.after, base.after):
        attributes["after"] = size_twips(format_.after)
    if _line(format_.spacing) != _line(base.spacing):
        attributes["line"], attributes["lineRule"] = _line(format_.spacing)
    return w("spacing", **attributes) if attributes else ""


def _line(spacing: LineSpacing) -> tuple[int, str]:
    """A line's height in 240ths of a line or in twips, and the rule that tells which."""
    multiple = spacing.rule is SpacingRule.MULTIPLE
    return lines(spacing.value) if multiple else max(1, size_twips(spacing.value)), _RULES[spacing.rule]


def _indents(format_: Format, base: Format) -> str:
    attributes: dict[str, int] = {}
    if _differ(format_.start, base.start):
        attributes["left"] = twips(format_.start)
    if _differ(format_.end, base.end):
        attributes["right"] = twips(format_.end)
    if _differ(format_.first, base.first):
        attributes["hanging" if format_.first < 0 else "firstLine"] = abs(twips(format_.first))
    return w("ind", **attributes) if attributes else ""


def _differ(one: float, other: float) -> bool:
    return abs(twips(one) - twips(other)) >= _SAME_TWIPS
