"""Nothing is written twice: notes keep to their column and out of tables, a block stands in one column."""

import zipfile
from dataclasses import replace
from pathlib import Path

from chalicelib.engines.tagged.tree import Content, Element, TagTree
from chalicelib.engines.word.account import surplus
from chalicelib.engines.word.document.block import Paragraph
from chalicelib.engines.word.document.document import Document, Note
from chalicelib.engines.word.document.inline import Look, NoteKind, NoteMark, Text
from chalicelib.engines.word.document.section import PageSetup, Section
from chalicelib.engines.word.draft.block import TableDraft
from chalicelib.engines.word.draft.draft import Draft, PageDraft
from chalicelib.engines.word.pages.drawn import Rule
from chalicelib.engines.word.pages.marks import FieldKind, FormField
from chalicelib.engines.word.pages.page import Page, SourceDocument
from chalicelib.engines.word.pages.text import Span
from chalicelib.engines.word.understand.pipeline import understand
from chalicelib.engines.word.write.writer import write
from tests.support.word_pages import page, prose, span, understood


def everything(draft: Draft) -> str:
    notes = [one.text for note in draft.notes for one in note.paragraphs]
    return "\n".join([*(one.text for one in draft.every_paragraph()), *notes])


def test_note_leaves_the_next_column_alone_when_that_goes_on_beside_it() -> None:
    left = [span("A sentence with a note", 40, 90), span("1", 150, 86, size=6)]
    column = [span("prose of a column that is full", 40, 102 + 12 * at) for at in range(40)]
    beside = [span("the other column is full of it", 320, 90 + 12 * at) for at in range(58)]
    note = [span("1", 40, 740, size=6), span("What it says.", 48, 743, size=8)]

    draft = understood(page(1, *left, *column, *note, *beside, rules=(Rule(40, 730, 160, 730, 0.5),)))

    assert [one.text for note in draft.notes for one in note.paragraphs] == ["What it says."]
    assert everything(draft).count("the other column") == 58


def _tagged(number: int, top: float, rows: list[list[str]], *more: Span) -> tuple[Page, TagTree]:
    """A page with a tagged table from ``top`` on, and with paragraphs of one span each."""
    elements = [Element(0, -1, "Document", "Document")]
    owners: dict[Content, int] = {}
    spans: list[Span] = []

    def add(role: str, parent: int) -> int:
        elements.append(Element(len(elements), parent, role, role))
        elements[parent].kids.append(len(elements) - 1)
        return len(elements) - 1

    def put(one: Span, parent: int) -> None:
        content = Content(number, len(spans))
        elements[parent].kids.append(content)
        owners[content] = parent
        spans.append(replace(one, mcid=len(spans)))

    table = add("Table", 0)
    for at, row in enumerate(rows):
        line = add("TR", table)
        for place, text in enumerate(row):
            put(span(text, 72 + 150 * place, top + 20 * at, size=8), add("TD", line))
    for one in more:
        put(one, add("P", 0))
    return page(number, *spans), TagTree(elements, [0], owners, marked=True)


def test_words_of_a_tagged_table_stay_in_it_when_a_mark_in_the_text_is_like_one_of_its_cells() -> None:
    text = span("Some prose with a mark", 72, 400), span("1", 182, 396, size=6)
    shown, tags = _tagged(1, 700, [["1", "a cell"], ["2", "a cell"], ["3", "a cell"]], *prose(300, 6), *text)
    draft = Draft(SourceDocument(1, [shown], tags=tags), [PageDraft(shown)])

    understand(draft)

    (table,) = [one for one in draft.pages[0].blocks if isinstance(one, TableDraft)]
    assert len(table.cells) == 6
    assert not draft.notes
    assert everything(draft).count("a cell") == 3


def test_line_of_a_tagged_page_is_there_once_when_a_part_of_it_has_no_tag() -> None:
    line = [span("Some words", 72, 400), span("and untold", 127, 400), span("further ones", 182, 400)]
    shown, tags = _tagged(1, 60, [["1", "a cell"], ["2", "a cell"]], *prose(300, 6), line[0], line[2])
    shown = replace(shown, spans=(*shown.spans, line[1]))
    draft = Draft(SourceDocument(1, [shown], tags=tags), [PageDraft(shown)])

    understand(draft)

    assert [everything(draft).count(one.text) for one in line] == [1, 1, 1]


def _orphaned() -> Document:
    """A note that only another note refers to, and that one refers to itself."""
    look = Look("Arial", 10.0)
    first = Paragraph((Text("what the first one says ", look), NoteMark(0, look, "*"), NoteMark(1, look, "+")))
    second = Paragraph((Text("what the second one says", look),))
    notes = [Note(NoteKind.FOOTNOTE, (first,)), Note(NoteKind.FOOTNOTE, (second,))]
    body = Section(PageSetup(595, 842, 72, 72, 72, 72), (Paragraph((Text("the text", look),)),))
    return Document([body], {}, [], notes)


def test_note_is_written_once_when_only_notes_refer_to_it(tmp_path: Path) -> None:
    path = tmp_path / "notes.docx"

    write(_orphaned(), path)

    with zipfile.ZipFile(path) as package:
        said = "".join(package.read(name).decode() for name in package.namelist() if name.endswith(".xml"))
    assert said.count("what the first one says") == said.count("what the second one says") == 1


def test_letters_that_the_pdf_has_not_are_counted_when_text_is_written_twice(tmp_path: Path) -> None:
    once, twice = tmp_path / "once.docx", tmp_path / "twice.docx"
    look = Look("Arial", 10.0)
    words = "Words that stand on the page"
    for path, times in ((once, 1), (twice, 2)):
        content = tuple(Paragraph((Text(words, look),)) for _ in range(times))
        write(Document([Section(PageSetup(595, 842, 72, 72, 72, 72), content)], {}, []), path)
    draft = Draft(SourceDocument(1), [PageDraft(page(1, span(words, 72, 90)))])

    assert surplus(draft, once) == 0
    assert surplus(draft, twice) == len(words.replace(" ", ""))


def test_form_field_is_there_once_when_its_value_has_wide_blanks() -> None:
    field = FormField((72, 300, 222, 322), FieldKind.TEXT, "who", value="some body else")

    draft = understood(page(1, *prose(80, 8), fields=(field,)))

    pieces = [piece for one in draft.every_paragraph() for line in one.lines for piece in line.pieces if piece.form]
    assert [piece.text for piece in pieces] == ["some body else"]
