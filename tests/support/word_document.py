"""A document with everything that the document model has, for tests of its writer."""

import struct
import zlib
from dataclasses import replace

from chalicelib.engines.word.document.block import (
    Block,
    Cell,
    CellAlign,
    Contents,
    FixedPage,
    Paragraph,
    Table,
    TableRow,
    TextBox,
)
from chalicelib.engines.word.document.borders import Border, Borders
from chalicelib.engines.word.document.document import Comment, Document, ListDefinition, ListLevel, Note, Style
from chalicelib.engines.word.document.format import (
    Align,
    Format,
    Leader,
    LineSpacing,
    ListPlace,
    Role,
    SpacingRule,
    TabAlign,
    TabStop,
)
from chalicelib.engines.word.document.formula import Formula, Fraction, MathText, Root, Script
from chalicelib.engines.word.document.inline import (
    Break,
    BreakKind,
    Commented,
    Control,
    ControlKind,
    Field,
    Inline,
    Level,
    Link,
    Look,
    NoteKind,
    NoteMark,
    Tab,
    Text,
)
from chalicelib.engines.word.document.picture import Anchor, Media, MediaType, Picture, Wrap
from chalicelib.engines.word.document.section import Columns, PageSetup, Running, Section, Start
from chalicelib.engines.word.pages.page import Metadata

BODY = Look("Georgia", 11.0, color="222222")
BODY_FORMAT = Format(align=Align.JUSTIFY, after=6.0, spacing=LineSpacing(1.15))
HEADING = replace(BODY, size=16.0, bold=True, color="1F3864")
PLAIN = Format()
PORTRAIT = PageSetup(595.3, 841.9, 72, 70.9, 72, 70.9)
BLACK = Border(0.5, "000000")
BOXED = Borders(BLACK, BLACK, BLACK, BLACK)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><circle cx="10" cy="10" r="9" fill="red"/></svg>'


def png(width: int = 4, height: int = 3, color: bytes = b"\xff\x00\x00") -> bytes:
    """A picture of one colour."""
    rows = (b"\0" + color * width) * height

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def text(letters: str, look: Look = BODY) -> Text:
    """A run."""
    return Text(letters, look)


def paragraph(*content: Inline | str, **more: object) -> Paragraph:
    """A paragraph of body text."""
    runs = tuple(text(one) if isinstance(one, str) else one for one in content)
    return replace(Paragraph(runs, format=BODY_FORMAT), **more)  # type: ignore[arg-type]


def heading(letters: str, level: int, *bookmarks: str, place: ListPlace | None = None) -> Paragraph:
    """A heading in its style's look."""
    style = STYLES.get((Role.HEADING, level), Style(replace(BODY, bold=True), PLAIN))
    run = Text(letters, style.look)
    return Paragraph((run,), Role.HEADING, level, style.format, list=place, bookmarks=bookmarks)


STYLES = {
    (Role.NORMAL, 0): Style(BODY, BODY_FORMAT),
    (Role.HEADING, 1): Style(HEADING, Format(before=18, after=6, keep_next=True)),
    (Role.HEADING, 2): Style(replace(HEADING, size=13.0), Format(before=12, after=4, keep_next=True)),
    (Role.TITLE, 0): Style(replace(BODY, size=26.0), Format(align=Align.CENTER, after=12)),
    (Role.CONTENTS_ENTRY, 1): Style(BODY, Format(tabs=(TabStop(450, TabAlign.END, Leader.DOT),))),
}
LISTS = [
    ListDefinition(
        (
            ListLevel("bullet", "\u2022", start=36, hanging=18),
            ListLevel("bullet", "\u25e6", start=54, hanging=18, look=replace(BODY, font="Courier New")),
        )
    ),
    ListDefinition(
        (
            ListLevel("decimal", "%1.", start=36, hanging=18),
            ListLevel("lowerLetter", "(%2)", start=54, hanging=18),
            ListLevel("lowerRoman", "%3.", start=72, hanging=18, suffix="space"),
        )
    ),
    ListDefinition((ListLevel("decimal", "%1", start=0, hanging=0), ListLevel("decimal", "%1.%2", start=0, hanging=0))),
]


def item(letters: str, number: int, level: int = 0, restart: int | None = None) -> Paragraph:
    """A list's item where its list says that it lies."""
    at = LISTS[number].levels[level]
    lies = replace(BODY_FORMAT, start=at.start, first=-at.hanging, contextual=True)
    return Paragraph((text(letters),), Role.LIST_ITEM, format=lies, list=ListPlace(number, level, restart))


def _front() -> tuple[Block, ...]:
    entry = STYLES[Role.CONTENTS_ENTRY, 1]

    def line(title: str, anchor: str, page: str) -> Paragraph:
        inside = (text(title), Tab(BODY), Field(f"PAGEREF {anchor} \\h", (text(page),)))
        return Paragraph((Link(inside, anchor=anchor),), Role.CONTENTS_ENTRY, 1, entry.format)

    title = STYLES[Role.TITLE, 0]
    return (
        Paragraph((text("Everything", title.look),), Role.TITLE, format=title.format),
        Contents((line("First things", "first things!", "2"), line("Other things", "9 other", "3"))),
        Contents((replace(line("A red dot", "first things!", "2")),), caption="Figure"),
    )


def _letters() -> tuple[Block, ...]:
    return (
        heading("First things", 1, "first things!", place=ListPlace(2, 0)),
        paragraph(
            "Plain, ",
            text("bold", replace(BODY, bold=True)),
            text(" italic", replace(BODY, italic=True)),
            text(" struck", replace(BODY, strike=True)),
            text(" small", replace(BODY, small_caps=True)),
            text(" marked", replace(BODY, highlight="FFFF00")),
            text(" shaded", replace(BODY, highlight="DDEEFF")),
            text(" wide", replace(BODY, spacing=2, width=1.5)),
            text(" red", replace(BODY, color="FF0000", underline=True)),
            " H",
            text("2", replace(BODY, level=Level.SUB)),
            "O and m",
            text("2", replace(BODY, level=Level.SUPER)),
            text("gone", replace(BODY, hidden=True)),
            ' soft\u00adhyphen and\u2011hard \x0b\ud800\uffff<&>"end"',
        ),
        paragraph(
            "A ",
            Link(
                (text("site", replace(BODY, color="0000FF", underline=True)),), uri="https://example.org/a b?q=[1]&r=ü"
            ),
            " and ",
            Link((text("inside"),), anchor="9 other"),
            " and ",
            Link((text("nowhere"),), anchor="none"),
            " and ",
            Link((text("broken"),), uri="http://["),
        ),
        paragraph(
            "With a note",
            NoteMark(0, BODY),
            ", another",
            NoteMark(1, BODY, custom="*"),
            " and one at the end",
            NoteMark(2, BODY),
            ". ",
            Commented(0, (text("Doubtful."),)),
        ),
        heading("Details", 2, place=ListPlace(2, 1)),
        paragraph(
            "Left", Tab(BODY), "right", Break(), "next line", format=replace(BODY_FORMAT, tabs=(TabStop(200.0),))
        ),
        paragraph("Quoted", role=Role.QUOTE),
        paragraph("code()", role=Role.CODE),
        paragraph("Exact", format=replace(BODY_FORMAT, spacing=LineSpacing(14, SpacingRule.EXACT), shade="EEEEEE")),
        paragraph("Framed", format=replace(BODY_FORMAT, borders=BOXED, start=10, end=10, first=-10)),
        Paragraph((), mark=replace(BODY, size=6)),
    )


def _lists() -> tuple[Block, ...]:
    return (
        item("Milk", 0),
        item("Goat's", 0, 1),
        item("Bread", 0),
        item("One", 1),
        item("Two", 1),
        item("a", 1, 1),
        item("i", 1, 2),
        item("Again one", 1, 0, 1),
    )


def _formulas_and_controls() -> tuple[Block, ...]:
    x = MathText("x")
    quadratic = Fraction(
        (MathText("−b ± "), Root((Script((MathText("b"),), above=(MathText("2", True),)),))), (MathText("2a"),)
    )
    tick = Control(ControlKind.CHECK, "agree", BODY, on=True, label="I agree")
    return (
        paragraph("Let ", Formula((Script((x,), (MathText("2"),), (MathText("i"),)),), 11.0), " be."),
        paragraph(Formula((x, MathText(" = "), quadratic, Root((x,), (MathText("3"),))), 11.0, display=True)),
        paragraph(
            "Name: ",
            Control(ControlKind.TEXT, "name", BODY, "Ada Lovelace", multiline=True),
            " empty: ",
            Control(ControlKind.TEXT, "empty", BODY, locked=True),
            " ",
            tick,
            " I agree; colour ",
            Control(ControlKind.DROPDOWN, "color", BODY, "red", choices=("red", "green", "red", "")),
            Control(ControlKind.COMBO, "other", BODY, "blue", choices=("red",)),
            Control(ControlKind.DATE, "day", BODY, "2026-11-28"),
        ),
    )


def table(**more: object) -> Table:
    """Three rows of three columns with spans, a shaded head and a table inside."""
    inner = Table((60.0,), (TableRow(),), (Cell(0, 0, (paragraph("inner"),), borders=BOXED),))
    head = [Cell(0, at, (paragraph(name),), borders=BOXED, shade="D9E2F3") for at, name in enumerate(("Item", "Count"))]
    cells = (
        *head,
        Cell(0, 2, (paragraph("Sum"),), borders=BOXED, align=CellAlign.CENTER, turn=270),
        Cell(1, 0, (paragraph("Apples"), inner), rows=2, borders=BOXED),
        Cell(1, 1, (paragraph("3"), paragraph("4")), columns=2, borders=BOXED, margins=(2, 2, 2, 2)),
        Cell(2, 1, (), borders=Borders(BLACK, None, Border(1.5, "FF0000", "double"), None)),
        Cell(2, 2, (paragraph("7"),), borders=BOXED, align=CellAlign.BOTTOM),
    )
    rows = (TableRow(20.0, header=True, splits=False), TableRow(), TableRow(30.0))
    return replace(Table((120.0, 80.0, 80.0), rows, cells, alt="Fruit"), **more)  # type: ignore[arg-type]


def _pictures() -> tuple[Block, ...]:
    dot = Media(png(), MediaType.PNG)
    return (
        heading("Other things", 1, "9 other"),
        Picture(dot, 60, 40, alt='A "red" dot & more'),
        Paragraph((Text("Figure 1: a red dot", BODY),), Role.CAPTION, format=BODY_FORMAT),
        Picture(Media(png(8, 8), MediaType.PNG, svg=SVG), 50, 50, anchor=Anchor(300, 300), alt="A dot"),
        Picture(dot, 9, 9, decorative=True, anchor=Anchor(10, 10, Wrap.NONE_BEHIND), turn=45, crop=(0.1, 0, 0, 0.2)),
        TextBox(400, 100, 120, 40, (paragraph("Beside", NoteMark(0, BODY)),), fill="FFFFCC", border=BLACK),
        TextBox(20, 100, 20, 120, (paragraph("Upwards"),), turn=270, behind=True),
        paragraph("Text beside an anchored picture; ", Picture(dot, 10, 10, uri="https://example.org/"), " in line."),
        table(),
        table(rtl=True, align="center", alt=None),
    )


def _running() -> tuple[Running, Running]:
    look = replace(BODY, size=9.0)

    def number(of: str) -> Paragraph:
        content = (
            Text(f"{of} ", look),
            Field("PAGE", (Text("1", look),)),
            Text("/", look),
            Field("NUMPAGES", (Text("3", look),)),
        )
        return Paragraph(content, Role.FOOTER)

    logo = Picture(Media(png(), MediaType.PNG), 20, 10, alt="Logo")
    head = (Paragraph((Text("Annual report", look), logo), Role.HEADER),)
    return Running(head, first=(), even=head), Running((number("Page"),), (number("First"),), (number("Even"),))


def _turning() -> tuple[Section, ...]:
    hebrew = replace(BODY, font="David", rtl=True, language="he", bold=True)
    chinese = replace(BODY, font="Times New Roman", east_asian="SimSun", language="zh-CN")
    rtl = replace(BODY_FORMAT, rtl=True)
    wide = replace(PORTRAIT, width=841.9, height=595.3)
    numbers = Running((Paragraph((Field("PAGE", (text("i"),)),), Role.FOOTER, format=Format(align=Align.CENTER)),))
    return (
        Section(
            PORTRAIT,
            (paragraph("Column one ", Break(BreakKind.COLUMN), "column two"),),
            columns=Columns((200.0, 230.0), (23.5,), line=True),
            start=Start.CONTINUOUS,
            headers=Running(None, None, None),
            footers=Running(None, None, None),
        ),
        Section(
            wide,
            (
                paragraph(Text("שלום עולם", hebrew), format=rtl),
                paragraph(Text("中文", chinese), format=PLAIN),
                table(rtl=True),
            ),
            headers=Running(),
            footers=numbers,
            number_from=1,
            number_format="lowerRoman",
            borders=BOXED,
            rtl=True,
            center=True,
        ),
    )


def _fixed() -> Section:
    background = Picture(Media(png(color=b"\xee\xee\xff"), MediaType.PNG), 595.3, 841.9)
    box = TextBox(100, 100, 300, 20, (paragraph("Fixed words", format=PLAIN),))
    pages = (FixedPage(4, background, (box, replace(box, y=200, turn=30))), FixedPage(5, None, (box,)))
    return Section(PORTRAIT, (*pages, paragraph("After fixed pages")))


def everything() -> Document:
    """All of it."""
    headers, footers = _running()
    body = (*_front(), *_letters(), *_lists(), *_formulas_and_controls(), *_pictures())
    first = Section(PORTRAIT, body, headers=headers, footers=footers, first_differs=True)
    small = replace(BODY, size=9.0)
    notes = [
        Note(NoteKind.FOOTNOTE, (Paragraph((Text("A footnote.", small),), Role.NOTE),)),
        Note(NoteKind.FOOTNOTE, (Paragraph((Text("Starred.", small),), Role.NOTE), table())),
        Note(NoteKind.ENDNOTE, (Paragraph((Text("An endnote.", small),), Role.NOTE),)),
        Note(NoteKind.FOOTNOTE, (Paragraph((Text("Nobody refers to this.", small),), Role.NOTE),)),
    ]
    comments = [
        Comment("Is that so?\nReally?", "Ada Lovelace", "2026-01-02T03:04:05+01:00"),
        Comment("It is.", "Bob", None, reply_to=0),
        Comment("Nowhere.", None, "yesterday"),
    ]
    return Document(
        [first, *_turning(), _fixed()],
        STYLES,
        LISTS,
        notes,
        comments,
        Metadata(
            "Every<thing>", "Ada", "All", "a, b", language="en-GB", created="2026-01-02T03:04:05Z", modified="bad"
        ),
        even_differs=True,
        page_color="FFFFF0",
    )
