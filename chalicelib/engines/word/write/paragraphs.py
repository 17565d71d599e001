"""Paragraphs: their style, what of their format differs from it, and their content."""

from dataclasses import dataclass, replace

from chalicelib.engines.word.document.block import Paragraph
from chalicelib.engines.word.document.format import Format, Role
from chalicelib.engines.word.write.formats import properties
from chalicelib.engines.word.write.inlines import inlines_xml
from chalicelib.engines.word.write.looks import run_properties
from chalicelib.engines.word.write.story import Story
from chalicelib.engines.word.write.styles import ParagraphStyle
from chalicelib.engines.word.write.units import size_twips
from chalicelib.engines.word.write.xml import w


@dataclass(frozen=True, slots=True)
class Extras:
    """What a paragraph carries beside its own content: ``before`` and ``after`` it, and the end of its section."""

    before: str = ""
    after: str = ""
    section: str = ""
    new_page: bool = False
    """Whether it begins a page whatever its format says."""


def paragraph_xml(paragraph: Paragraph, story: Story, extras: Extras = Extras()) -> str:
    """``w:p``."""
    style = _style(paragraph, story)
    numbering = story.writing.numbering
    format_ = replace(paragraph.format, page_break_before=True) if extras.new_page else paragraph.format
    start, first = numbering.base(paragraph.list, style.format)
    keeping, lying = properties(format_, replace(style.format, start=start, first=first))
    mark = run_properties(paragraph.mark, style.look) if paragraph.mark else ""
    named = "" if style.identifier == "Normal" else w("pStyle", val=style.identifier)
    inside = named + keeping + numbering.properties(paragraph.list) + lying + mark + extras.section
    content = inlines_xml(paragraph.content, story.within(style))
    head = f"<w:pPr>{inside}</w:pPr>" if inside else ""
    return f"<w:p>{head}{extras.before}{_bookmarks(paragraph, story)}{content}{extras.after}</w:p>"


def plain_paragraph(inside: str, story: Story, extras: Extras = Extras()) -> str:
    """A paragraph for runs ``inside`` that lies at the margin, whatever body text does: for pictures, and empty cells."""
    normal = story.writing.styles.normal.format
    format_ = Format(rtl=normal.rtl, page_break_before=extras.new_page)
    keeping, lying = properties(format_, normal)
    head = w("pPr", keeping + lying + extras.section) if keeping + lying + extras.section else ""
    return f"<w:p>{head}{extras.before}{inside}{extras.after}</w:p>"


def tiny_paragraph(inside: str = "", section: str = "", *, new_page: bool = False, above: float = 0.0) -> str:
    """A paragraph that takes next to no room, where Word wants one: after tables, to hold anchors and sections' ends.

    ``above`` is space in points that what comes after it can't have itself.
    """
    head = w(
        "pPr",
        w("pageBreakBefore") if new_page else "",
        w("spacing", before=size_twips(above), after=0, line=20, lineRule="exact"),
        w("ind", left=0, right=0, firstLine=0),
        w("rPr", w("sz", val=2), w("szCs", val=2)),
        section,
    )
    return f"<w:p>{head}{inside}</w:p>"


def _style(paragraph: Paragraph, story: Story) -> ParagraphStyle:
    sheet = story.writing.styles
    if story.figures and paragraph.role is Role.CONTENTS_ENTRY:
        return sheet.table_of_figures
    return sheet.of(paragraph.role, paragraph.level, story.kind)


def _bookmarks(paragraph: Paragraph, story: Story) -> str:
    marks = []
    for given in paragraph.bookmarks:
        placed = story.writing.bookmarks.place(given)
        if placed:
            marks.append(w("bookmarkStart", id=placed[0], name=placed[1]) + w("bookmarkEnd", id=placed[0]))
    return "".join(marks)
