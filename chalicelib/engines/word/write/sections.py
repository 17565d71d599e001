"""Sections: pages, margins, columns, and the parts that run along."""

import re
from dataclasses import dataclass, field, replace

from chalicelib.engines.word.document.block import Block
from chalicelib.engines.word.document.section import Columns, PageSetup, Running, Section, Start
from chalicelib.engines.word.write.blocks import blocks_text
from chalicelib.engines.word.write.formats import border
from chalicelib.engines.word.write.package import Part
from chalicelib.engines.word.write.story import Story, Writing
from chalicelib.engines.word.write.units import size_twips, twips
from chalicelib.engines.word.write.xml import tag, w, whole

_LONGEST_PT = 1584.0
_SHORTEST_PT = 7.2
"""Word's largest and least page: 22 and 0.1 inches."""

_FARTHEST_BORDER_PT = 31
_MOST_COLUMNS = 45
_MOST_LINES = 32766
_FORMATS = re.compile(
    "decimal|lowerRoman|upperRoman|lowerLetter|upperLetter|numberInDash|arabicAbjad|arabicAlpha|hebrew1|hebrew2"
    "|hindiNumbers|thaiNumbers|chineseCounting|japaneseCounting|koreanCounting|ideographDigital|decimalFullWidth"
)


@dataclass(slots=True)
class RunningPart:
    """A header or footer: its part and what is in it."""

    part: Part
    kind: str
    text: str


@dataclass(slots=True)
class Sections:
    """Writes the ends of sections, and collects the heads and feet for the package."""

    writing: Writing
    body: Part
    parts: list[RunningPart] = field(default_factory=list)
    _known: dict[tuple[str, tuple[Block, ...]], str] = field(default_factory=dict)
    _current: dict[tuple[str, str], tuple[Block, ...]] = field(default_factory=dict)

    def end(self, section: Section) -> str:
        """``w:sectPr``."""
        references = self._references("header", section.headers) + self._references("footer", section.footers)
        return w(
            "sectPr",
            references,
            w("type", val=section.start.value) if section.start is not Start.NEXT_PAGE else "",
            _size(section.page),
            _page_margins(section.page),
            _page_borders(section),
            _line_numbers(section),
            _page_numbers(section),
            _columns(section.columns),
            w("vAlign", val="center") if section.center else "",
            w("titlePg") if section.first_differs else "",
            w("bidi") if section.rtl else "",
        )

    def _references(self, kind: str, running: Running) -> str:
        wanted = (("default", running.default), ("first", running.first), ("even", running.even))
        return "".join(self._reference(kind, which, blocks) for which, blocks in wanted)

    def _reference(self, kind: str, which: str, blocks: tuple[Block, ...] | None) -> str:
        """Nothing where it is as in the section before."""
        before = self._current.get((kind, which), ())
        if blocks is None or blocks == before:
            return ""
        self._current[kind, which] = blocks
        return tag(f"w:{kind}Reference", w_type=which, r_id=self._part(kind, blocks))

    def _part(self, kind: str, blocks: tuple[Block, ...]) -> str:
        """The relationship to the part with these blocks; equal ones are one part."""
        key = (kind, blocks)
        if key not in self._known:
            number = 1 + sum(one.kind == kind for one in self.parts)
            part = Part(f"word/{kind}{number}.xml")
            inside = blocks_text(blocks, Story(self.writing, part))
            self.parts.append(RunningPart(part, kind, whole("w:hdr" if kind == "header" else "w:ftr", inside)))
            self._known[key] = self.body.relate(kind, "/" + part.name)
        return self._known[key]


def _size(page: PageSetup) -> str:
    width, height = (max(_SHORTEST_PT, min(_LONGEST_PT, one)) for one in (page.width, page.height))
    return w("pgSz", w=twips(width), h=twips(height), orient="landscape" if width > height else None)


def _page_margins(page: PageSetup) -> str:
    return w(
        "pgMar",
        top=twips(page.top),
        right=size_twips(page.right),
        bottom=twips(page.bottom),
        left=size_twips(page.left),
        header=size_twips(page.header),
        footer=size_twips(page.footer),
        gutter=0,
    )


def _page_borders(section: Section) -> str:
    if not section.borders:
        return ""
    space = min(_FARTHEST_BORDER_PT, size_twips(section.border_distance) // 20)
    sides = replace(section.borders, between=None)
    lines = ((name, getattr(sides, name)) for name in ("top", "left", "bottom", "right"))
    return w("pgBorders", *(border(name, line, space) for name, line in lines if line), offsetFrom="page")


def _page_numbers(section: Section) -> str:
    known = section.number_format if _FORMATS.fullmatch(section.number_format or "") else None
    if section.number_from is None and known is None:
        return ""
    start = None if section.number_from is None else max(0, section.number_from)
    return w("pgNumType", fmt=known, start=start)


def _line_numbers(section: Section) -> str:
    if section.lines_from is None:
        return ""
    restart = "newPage" if section.lines_restart else "continuous"
    first = max(0, min(_MOST_LINES, section.lines_from - 1))
    return w("lnNumType", countBy=1, start=first or None, restart=restart)


def _columns(columns: Columns) -> str:
    count = min(columns.count, _MOST_COLUMNS)
    if count == 1:
        return w("cols", space=720)
    gaps = (*columns.gaps[: count - 1], *([36.0] * (count - 1 - len(columns.gaps))))
    line = 1 if columns.line else None
    if _equal(columns.widths) and _equal(gaps):
        return w("cols", num=count, sep=line, space=size_twips(gaps[0]))
    each = (
        w("col", w=size_twips(width), space=size_twips(gap) if gap is not None else None)
        for width, gap in zip(columns.widths[:count], (*gaps, None), strict=True)
    )
    return w("cols", *each, num=count, sep=line, space=size_twips(gaps[0]), equalWidth=0)


def _equal(lengths: tuple[float, ...]) -> bool:
    """Within a point."""
    return max(lengths) - min(lengths) < 1
