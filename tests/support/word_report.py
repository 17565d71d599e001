"""A report as people write them, of some pages: for the way from Word to PDF and back."""

from dataclasses import replace

from chalicelib.engines.word.document.block import Block, Cell, Contents, Paragraph, Table, TableRow
from chalicelib.engines.word.document.document import Document, ListDefinition, ListLevel, Note, Style
from chalicelib.engines.word.document.format import (
    Align,
    Format,
    Leader,
    LineSpacing,
    ListPlace,
    Role,
    TabAlign,
    TabStop,
)
from chalicelib.engines.word.document.inline import Field, Inline, Level, Link, Look, NoteKind, NoteMark, Tab, Text
from chalicelib.engines.word.document.picture import Media, MediaType, Picture
from chalicelib.engines.word.document.section import PageSetup, Running, Section
from chalicelib.engines.word.pages.page import Metadata
from tests.support.word_document import BOXED, png

BODY = Look("Liberation Serif", 11.0)
HEAD = Look("Liberation Sans", 18.0, bold=True)
LINK = replace(BODY, color="0563C1", underline=True)
PAGE = PageSetup(595.3, 841.9, 85, 71, 85, 71)
LIES = Format(align=Align.JUSTIFY, after=8, spacing=LineSpacing(1.15))
STYLES = {
    (Role.NORMAL, 0): Style(BODY, LIES),
    (Role.TITLE, 0): Style(replace(HEAD, size=26.0), Format(align=Align.CENTER, after=24)),
    (Role.HEADING, 1): Style(HEAD, Format(before=18, after=8, keep_next=True)),
    (Role.HEADING, 2): Style(replace(HEAD, size=14.0), Format(before=14, after=6, keep_next=True)),
    (Role.HEADING, 3): Style(replace(HEAD, size=12.0), Format(before=12, after=4, keep_next=True)),
    (Role.CAPTION, 0): Style(replace(BODY, italic=True, size=9.0), Format(after=10)),
    (Role.NOTE, 0): Style(replace(BODY, size=9.0), Format()),
    (Role.HEADER, 0): Style(replace(BODY, size=9.0), Format(align=Align.END)),
    (Role.FOOTER, 0): Style(replace(BODY, size=9.0), Format(align=Align.CENTER)),
}
_ENTRY = Format(tabs=(TabStop(453.3, TabAlign.END, Leader.DOT),), after=4)
LISTS = [
    ListDefinition(
        (
            ListLevel("bullet", "\u2022", start=36, hanging=18),
            ListLevel("bullet", "\u2013", start=72, hanging=18),
        )
    ),
    ListDefinition(
        (ListLevel("decimal", "%1.", start=36, hanging=18), ListLevel("lowerLetter", "%2)", start=72, hanging=18))
    ),
]
_SENTENCES = (
    "The harbour of the old town was measured again in the spring of the year, and its depth was found to be less.",
    "Nobody had expected that sand from the northern shore would travel so far along the coast within one winter.",
    "Three of the larger vessels had to wait for the tide, which cost their owners more than the works of a decade.",
    "It was therefore decided to deepen the channel by two metres and to keep what was taken for the new quay.",
    "Fishermen on the other side of the bay were asked for their opinion, and most of them agreed with the plan.",
)


def prose(count: int, start: int = 0) -> Paragraph:
    """A paragraph of so many sentences."""
    words = " ".join(_SENTENCES[(start + at) % len(_SENTENCES)] for at in range(count))
    return Paragraph((Text(words, BODY),), format=LIES)


def _paragraph(*content: Inline | str) -> Paragraph:
    return Paragraph(tuple(Text(one, BODY) if isinstance(one, str) else one for one in content), format=LIES)


def _heading(text: str, level: int, bookmark: str) -> Paragraph:
    style = STYLES[Role.HEADING, level]
    return Paragraph((Text(text, style.look),), Role.HEADING, level, style.format, bookmarks=(bookmark,))


def _items(number: int, *items: tuple[str, int]) -> list[Block]:
    found: list[Block] = []
    for text, level in items:
        at = LISTS[number].levels[level]
        lies = replace(LIES, align=Align.START, start=at.start, first=-at.hanging, after=3)
        found.append(Paragraph((Text(text, BODY),), Role.LIST_ITEM, format=lies, list=ListPlace(number, level)))
    return found


HEADINGS = (
    ("The harbour", 1, "3"),
    ("Its depth", 2, "3"),
    ("Its quays", 2, "3"),
    ("The new quay", 3, "4"),
    ("The costs", 1, "4"),
)


def _contents() -> Contents:
    entries = []
    for text, level, page in HEADINGS:
        content = (Text(text, BODY), Tab(BODY), Text(page, BODY))
        lies = replace(_ENTRY, start=11.0 * (level - 1))
        entries.append(Paragraph((Link(content, anchor=text),), Role.CONTENTS_ENTRY, level, lies))
    return Contents(tuple(entries))


def _table() -> Table:
    rows = (("Work", "Metres", "Cost"), ("Channel", "2,400", "310"), ("Quay", "180", "95"), ("Light", "12", "8"))
    cells = []
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            content = Paragraph((Text(text, replace(BODY, bold=at == 0)),), format=Format())
            cells.append(Cell(at, column, (content,), borders=BOXED, shade="D9E2F3" if at == 0 else None))
    lines = (TableRow(header=True), TableRow(), TableRow(), TableRow())
    return Table((200, 120, 120), lines, tuple(cells))


def _small(text: str) -> Text:
    return Text(text, replace(BODY, size=9.0))


def report() -> Document:
    """All of it, about five pages."""
    title = STYLES[Role.TITLE, 0]
    break_ = Format(align=Align.JUSTIFY, after=8, spacing=LineSpacing(1.15), page_break_before=True)
    caption = STYLES[Role.CAPTION, 0]
    rtl = Format(rtl=True, after=8)
    hebrew = Look("DejaVu Sans", 11.0, rtl=True, language="he")
    blocks: list[Block] = [
        Paragraph((Text("The harbour report", title.look),), Role.TITLE, format=title.format),
        prose(3),
        _contents(),
        replace(prose(5, 1), format=break_),
        *(prose(5, at) for at in range(2, 8)),
        replace(_heading("The harbour", 1, "The harbour"), format=replace(break_, align=Align.START)),
        _paragraph("It lies at 54° north", NoteMark(0, BODY), " and is open all year. " + " ".join(_SENTENCES)),
        _heading("Its depth", 2, "Its depth"),
        _paragraph(
            "The area is 12 km", Text("2", replace(BODY, level=Level.SUPER)), ", its water is H",
            Text("2", replace(BODY, level=Level.SUB)), "O with much salt. See the ",
            Link((Text("authority's site", LINK),), uri="https://example.org/harbour"), " for all the tables.",
        ),
        *_items(0, ("Soundings of March", 0), ("in the north", 1), ("in the south", 1), ("Soundings of June", 0)),
        prose(2),
        _heading("Its quays", 2, "Its quays"),
        *_items(1, ("Deepen the channel", 0), ("by dredging", 1), ("by blasting", 1)),
        *_items(1, ("Build the quay", 0), ("Light it", 0)),
        prose(4, 3),
        _heading("The new quay", 3, "The new quay"),
        prose(4, 2),
        Picture(Media(png(80, 60, b"\x33\x66\x99"), MediaType.PNG), 200, 150, alt="The quay from the sea"),
        Paragraph((Text("Figure 1: The quay", caption.look),), Role.CAPTION, format=caption.format),
        _heading("The costs", 1, "The costs"),
        _paragraph("All in thousands", NoteMark(1, BODY), ". " + _SENTENCES[2]),
        _table(),
        prose(5, 4),
        Paragraph((Text("זהו נמל ישן מאוד על שפת הים", hebrew),), format=rtl),
        *(prose(5, at) for at in range(3)),
    ]  # fmt: skip
    notes = [
        Note(NoteKind.FOOTNOTE, (Paragraph((_small(text),), Role.NOTE),))
        for text in ("Measured at the old lighthouse.", "Without the wages of the clerks.")
    ]
    head = Running((Paragraph((_small("Office of harbours"),), Role.HEADER, format=Format(align=Align.END)),))
    page = (_small("Page "), Field("PAGE", (_small("1"),)), _small(" of "), Field("NUMPAGES", (_small("5"),)))
    foot = Running((Paragraph(page, Role.FOOTER, format=Format(align=Align.CENTER)),))
    section = Section(PAGE, tuple(blocks), headers=head, footers=foot)
    return Document([section], STYLES, LISTS, notes, metadata=Metadata("The harbour report", language="en-GB"))
