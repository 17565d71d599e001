"""The writer of Word documents: valid, styled, and nothing lost."""

import math
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from chalicelib.engines.word.document.block import Block, Cell, FixedPage, Paragraph, Table, TableRow, TextBox
from chalicelib.engines.word.document.document import Comment, Document, ListDefinition, ListLevel, Note, Style
from chalicelib.engines.word.document.format import Format, LineSpacing, ListPlace, Role
from chalicelib.engines.word.document.inline import (
    Commented,
    Control,
    ControlKind,
    Inline,
    Level,
    Link,
    NoteKind,
    NoteMark,
    Text,
)
from chalicelib.engines.word.document.picture import Anchor, Media, MediaType, Picture
from chalicelib.engines.word.document.section import Columns, PageSetup, Running, Section
from chalicelib.engines.word.write.writer import write
from tests.support import word_document as sample
from tests.support.ooxml import violations
from tests.support.word_document import BODY, BODY_FORMAT, PORTRAIT, item, paragraph


class Written:
    """A document that was written, read back."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.docx = docx.Document(str(path))
        self.body: Any = self.docx.element.body

    def part(self, name: str) -> str:
        with zipfile.ZipFile(self.path) as package:
            return package.read(name).decode().partition("?>")[2].strip()

    def all(self, name: str) -> list[Any]:
        return list(self.body.iter(qn(f"w:{name}")))

    def values(self, name: str) -> list[str]:
        return [one.get(qn("w:val")) for one in self.all(name)]

    @property
    def text(self) -> str:
        return "".join(one.text or "" for one in self.all("t"))


@pytest.fixture
def wrote(tmp_path: Path) -> Any:
    def run(*blocks: Block, **more: Any) -> Written:
        sections = more.pop("sections", None) or [Section(PORTRAIT, blocks)]
        path = tmp_path / "written.docx"
        write(Document(sections, sample.STYLES, **more), path)
        return Written(path)

    return run


def test_package_is_valid_when_document_has_everything(tmp_path: Path) -> None:
    write(sample.everything(), tmp_path / "all.docx")

    assert violations(tmp_path / "all.docx") == []


def test_file_is_the_same_when_written_again(tmp_path: Path) -> None:
    for name in ("one.docx", "two.docx"):
        write(sample.everything(), tmp_path / name)

    assert (tmp_path / "one.docx").read_bytes() == (tmp_path / "two.docx").read_bytes()


def test_formatting_lives_in_styles_when_nothing_differs(wrote: Any) -> None:
    done = wrote(paragraph("Plain"), sample.heading("Head", 1), paragraph(Text("bold", replace(BODY, bold=True))))

    plain, head, bold = done.docx.paragraphs
    assert (plain.style.name, head.style.name, head.style.element.pPr.find(qn("w:outlineLvl")).get(qn("w:val"))) == (
        "Normal",
        "Heading 1",
        "0",
    )
    assert plain._p.pPr is None
    assert plain.runs[0]._r.rPr is None
    assert head.runs[0]._r.rPr is None
    assert [one.tag for one in bold.runs[0]._r.rPr] == [qn("w:b"), qn("w:bCs")]
    normal = done.docx.styles["Normal"]
    assert (normal.font.name, normal.font.size.pt, normal.paragraph_format.line_spacing) == ("Georgia", 11.0, 1.15)


def test_look_is_taken_back_when_style_says_more(wrote: Any) -> None:
    head = sample.heading("Head", 1)
    done = wrote(replace(head, content=(Text("light", replace(BODY, size=16.0)),)))

    (run,) = done.docx.paragraphs[0].runs
    assert (run.bold, str(run.font.color.rgb), run.font.size) == (False, "222222", None)


def test_items_have_formats_levels_and_new_counts_when_in_lists(wrote: Any) -> None:
    done = wrote(item("a", 0), item("b", 1, 1), item("c", 1), item("d", 1, restart=5), item("e", 1), lists=sample.LISTS)

    places = [(one.numPr.numId.val, one.numPr.ilvl.val) for one in done.all("pPr")]
    assert places == [(1, 0), (2, 1), (2, 0), (4, 0), (4, 0)]
    numbering = parse_xml(done.part("word/numbering.xml"))
    assert [one.get(qn("w:val")) for one in numbering.iter(qn("w:numFmt"))][:4] == [
        "bullet",
        "bullet",
        "decimal",
        "lowerLetter",
    ]
    (start,) = numbering.iter(qn("w:startOverride"))
    assert start.get(qn("w:val")) == "5"
    assert not done.all("ind")


def test_notes_stand_in_their_parts_when_referred_to(wrote: Any) -> None:
    notes = [
        Note(kind, (paragraph(name, role=Role.NOTE),))
        for name, kind in (("foot", NoteKind.FOOTNOTE), ("end", NoteKind.ENDNOTE))
    ]
    done = wrote(paragraph("a", NoteMark(0, BODY), NoteMark(1, BODY), NoteMark(0, BODY)), notes=notes)

    assert [len(done.all(name)) for name in ("footnoteReference", "endnoteReference")] == [1, 1]
    assert "foot" in done.part("word/footnotes.xml")
    assert "end" in done.part("word/endnotes.xml")
    assert done.text == "a1"
    assert done.values("vertAlign") == ["superscript"]


def test_note_and_comment_are_kept_when_nothing_refers_to_them(wrote: Any) -> None:
    note = Note(NoteKind.FOOTNOTE, (paragraph("orphan", role=Role.NOTE),))
    done = wrote(paragraph("a"), notes=[note], comments=[Comment("lonely")])

    assert done.text == "aorphan"
    assert "lonely" in done.part("word/comments.xml")


def test_note_is_not_lost_when_marked_in_a_text_box_only(wrote: Any) -> None:
    box = TextBox(10, 10, 50, 50, (paragraph("boxed", NoteMark(0, BODY, custom="*")),))
    done = wrote(box, paragraph("a"), notes=[Note(NoteKind.FOOTNOTE, (paragraph("kept", role=Role.NOTE),))])

    assert not done.all("footnoteReference")
    assert done.text == "boxed*akept"


def test_answer_belongs_to_its_comment_when_one_replies(wrote: Any) -> None:
    comments = [Comment("Why?", "Ada"), Comment("Because.", "Bob", reply_to=0)]
    done = wrote(paragraph("See ", Commented(0, (Text("this", BODY),))), comments=comments)

    threads = done.part("word/commentsExtended.xml")
    first, second = parse_xml(threads)
    space = "{http://schemas.microsoft.com/office/word/2012/wordml}"
    assert second.get(f"{space}paraIdParent") == first.get(f"{space}paraId")
    assert [len(done.all(name)) for name in ("commentRangeStart", "commentRangeEnd", "commentReference")] == [2, 2, 2]


@pytest.mark.parametrize(
    ("uri", "target"),
    [
        ("https://example.org/a b?q=[1]#ü", "https://example.org/a%20b?q=%5B1%5D#%C3%BC"),
        ("mailto:ada@example.org", "mailto:ada@example.org"),
        ("http://[::1", None),
        ("http://example.org:99999/", None),
        ("no scheme", None),
        ("http://", None),
        ("https://example.org/" + "a" * 3000, None),
    ],
)
def test_text_stays_whatever_the_target_when_it_is_a_link(wrote: Any, uri: str, target: str | None) -> None:
    done = wrote(paragraph(Link((Text("here", BODY),), uri=uri)))

    links = done.all("hyperlink")
    found = [done.docx.part.rels[one.get(qn("r:id"))].target_ref for one in links]
    assert found == ([target] if target else [])
    assert done.text == "here"


def test_link_leads_to_its_bookmark_when_names_are_not_words(wrote: Any) -> None:
    names = ["1 a/b", "1 a-b", "x" * 50]
    links = tuple(Link((Text("to", BODY),), anchor=one) for one in (*names, "nowhere"))
    done = wrote(paragraph(*links), *(paragraph("here", bookmarks=(one,)) for one in names))

    anchors = [one.get(qn("w:anchor")) for one in done.all("hyperlink")]
    assert anchors == [one.get(qn("w:name")) for one in done.all("bookmarkStart")]
    assert len(set(anchors)) == 3
    assert all(len(one) <= 40 and one.replace("_", "a").isalnum() and not one[0].isdigit() for one in anchors)


def test_cells_keep_their_text_when_they_overlap_or_lie_outside(wrote: Any) -> None:
    cells = (
        Cell(0, 0, (paragraph("a"),), rows=2, columns=2),
        Cell(1, 1, (paragraph("b"),)),
        Cell(0, 2, (paragraph("c"),)),
        Cell(7, 9, (paragraph("d"),)),
    )
    done = wrote(Table((50, 50, 50), (TableRow(header=True), TableRow()), cells))

    (table,) = done.docx.tables
    assert sorted(done.text) == ["a", "b", "c", "d"]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["a\nb"] * 2 + ["c"], ["a\nb"] * 2 + ["d"]]
    assert len(done.all("tblHeader")) == 1


def test_table_has_a_paragraph_after_it_when_another_follows(wrote: Any) -> None:
    table = Table((50,), (TableRow(),), (Cell(0, 0, (paragraph("a"),)),))
    done = wrote(table, table)

    assert [one.tag for one in done.body] == [qn(f"w:{name}") for name in ("tbl", "p", "tbl", "p", "sectPr")]


def test_table_keeps_all_text_when_it_has_more_columns_than_word(wrote: Any) -> None:
    cells = tuple(Cell(0, at, (paragraph(f"<{at}>"),)) for at in range(70))
    done = wrote(Table((10.0,) * 70, (TableRow(),), cells))

    assert len(done.all("gridCol")) == 63
    assert all(f"<{at}>" in done.text for at in range(70))


def test_head_is_written_once_when_sections_share_it(wrote: Any) -> None:
    head = Running((paragraph("head", role=Role.HEADER),))
    blocks = (paragraph("a"),)
    sections = [
        Section(PORTRAIT, blocks, headers=head),
        Section(PORTRAIT, blocks, headers=head),
        Section(PORTRAIT, blocks, headers=Running(None, None, None)),
        Section(PORTRAIT, blocks),
        Section(PORTRAIT, blocks, headers=head, first_differs=True),
    ]
    done = wrote(sections=sections)

    written = list(done.docx.sections)
    assert [one.header.is_linked_to_previous for one in written] == [False, True, True, False, False]
    assert ["".join(p.text for p in one.header.paragraphs) for one in written] == ["head", "head", "head", "", "head"]
    assert [one.different_first_page_header_footer for one in written] == [False] * 4 + [True]


def test_page_is_as_it_was_when_columns_and_numbers_are_given(wrote: Any) -> None:
    page = PageSetup(800, 600, 50, 60, 70, 80, header=20, footer=30)
    section = Section(page, (paragraph("a"),), Columns((300, 300), (60,)), number_from=7, number_format="upperRoman")
    done = wrote(sections=[section])

    (written,) = done.docx.sections
    lengths = (written.page_width, written.page_height, written.top_margin, written.right_margin)
    assert [one.pt for one in lengths] == [800, 600, 50, 60]
    sect = done.all("sectPr")[0]
    (columns, numbers) = (sect.find(qn(f"w:{name}")) for name in ("cols", "pgNumType"))
    assert (columns.get(qn("w:num")), columns.get(qn("w:space")), columns.get(qn("w:equalWidth"))) == (
        "2",
        "1200",
        None,
    )
    assert (numbers.get(qn("w:fmt")), numbers.get(qn("w:start"))) == ("upperRoman", "7")


def test_page_begins_anew_when_a_fixed_page_is_among_others(wrote: Any) -> None:
    fixed = FixedPage(1, None, (TextBox(10, 10, 90, 20, (paragraph("boxed"),)),))
    done = wrote(paragraph("before"), fixed, paragraph("after"))

    breaks = [
        one.find(f"{qn('w:pPr')}/{qn('w:pageBreakBefore')}") is not None for one in done.body.iterchildren(qn("w:p"))
    ]
    assert breaks == [False, True, True]


def test_picture_is_stored_once_when_shown_twice(wrote: Any) -> None:
    media = Media(sample.png(), MediaType.PNG)
    done = wrote(Picture(media, 10, 10, alt="a <dot>"), Picture(media, 20, 20, anchor=Anchor(5, 5)), paragraph("x"))

    with zipfile.ZipFile(done.path) as package:
        assert [one for one in package.namelist() if "media" in one] == ["word/media/image1.png"]
        assert package.read("word/media/image1.png") == media.data
    assert [one.get("descr") for one in done.body.iter(qn("wp:docPr"))] == ["a <dot>", None]


def test_control_holds_the_value_when_it_is_a_form_field(wrote: Any) -> None:
    fields = (
        Control(ControlKind.TEXT, "name", BODY, "Ada", label="Your name"),
        Control(ControlKind.CHECK, "yes", BODY, on=True),
        Control(ControlKind.DROPDOWN, "color", BODY, "red", choices=("red", "blue", "red")),
        Control(ControlKind.TEXT, "empty", BODY),
    )
    done = wrote(paragraph(*fields))

    assert done.values("tag") == ["name", "yes", "color", "empty"]
    assert done.text.strip("\u00a0") == "Ada\u2612red"
    assert [one.get(qn("w:value")) for one in done.all("listItem")] == ["red", "blue"]
    assert len(done.all("showingPlcHdr")) == 1


def test_letters_that_xml_forbids_go_when_text_has_them(wrote: Any) -> None:
    letters = 'a\x00b\x0c<&>"\ud800\ufffe\U0001f600'
    done = wrote(paragraph(letters), metadata=replace(sample.everything().metadata, title=letters))

    assert done.text == 'ab<&>"\U0001f600'
    assert done.docx.core_properties.title == 'ab<&>"\U0001f600'


def test_direction_and_asian_font_are_told_when_letters_need_them(wrote: Any) -> None:
    hebrew = replace(BODY, rtl=True, language="he", bold=True)
    chinese = replace(BODY, east_asian="SimSun", language="zh-CN")
    done = wrote(
        paragraph(Text("שלום", hebrew), format=replace(BODY_FORMAT, rtl=True)), paragraph(Text("中文", chinese))
    )

    assert len(done.all("bidi")) == len(done.all("rtl")) == len(done.all("bCs")) == 1
    assert [one.get(qn("w:eastAsia")) for one in done.all("rFonts")] == ["SimSun"]
    assert [dict(one.attrib) for one in done.all("lang")] == [{qn("w:bidi"): "he"}, {qn("w:eastAsia"): "zh-CN"}]


def test_package_is_valid_when_lengths_and_names_are_absurd(tmp_path: Path) -> None:
    extremes = (math.inf, -math.inf, math.nan, 1e30, -1e30, 0.0)
    lists = [ListDefinition((ListLevel("nonsense", "%1", -5, one, one, suffix="?"),)) for one in extremes]
    lists.append(ListDefinition(()))
    sections = [_absurd(one, number) for number, one in enumerate(extremes)]
    style = Style(replace(BODY, size=math.nan, font="F" * 99), Format(start=math.inf))
    comments = [Comment("N" * 3000, "N" * 3000)]
    write(Document(sections, {(Role.NORMAL, 0): style}, lists, comments=comments), tmp_path / "absurd.docx")

    assert violations(tmp_path / "absurd.docx") == []


def _absurd(length: float, number: int) -> Section:
    look = replace(BODY, size=length, spacing=length, width=length, color="nonsense", language="not a tag")
    words: tuple[Inline, ...] = (Text("a", look), Text("b", replace(look, level=Level.SUB, highlight="zz")))
    spacing = LineSpacing(length)
    lies = Format(start=length, end=length, first=length, before=length, after=length, spacing=spacing)
    picture = Picture(Media(sample.png(), MediaType.PNG), length, length, turn=length, crop=(length, 0, 0, 0))
    box = TextBox(length, length, length, length, (Paragraph(words),))
    alt = "A" * 3000
    table = Table((length, 10), (TableRow(length),), (Cell(0, 0, (Paragraph(words),)),), indent=length, alt=alt)
    control = Control(ControlKind.TEXT, alt, look, alt, label=alt)
    blocks = (
        Paragraph(words, format=lies),
        picture,
        box,
        table,
        Paragraph((control,), list=ListPlace(number, 12, -3), bookmarks=(alt,)),
        Paragraph(words, list=ListPlace(99)),
        Paragraph(words, list=ListPlace(6)),
    )
    return Section(PageSetup(*(length,) * 8), blocks, Columns((length, 10), (length,)), number_from=-1)
