"""What a text document or workbook shows of its making: changes, comments, paths, calculations."""

import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.integration.engines.libreoffice import samples
from tests.integration.engines.libreoffice.office_bench import OfficeBench


@pytest.fixture
def tracked(tmp_path: Path) -> Path:
    """A sentence in which a word was deleted and another inserted."""
    document = docx.Document()
    paragraph = document.add_paragraph("It costs ")
    for kind, content in (("del", "<w:delText>100</w:delText>"), ("ins", "<w:t>120</w:t>")):
        about = f'{nsdecls("w")} w:id="1" w:author="A" w:date="2026-01-01T00:00:00Z"'
        paragraph._p.append(parse_xml(f"<w:{kind} {about}><w:r>{content}</w:r></w:{kind}>"))
    path = tmp_path / "tracked.docx"
    document.save(str(path))
    return path


@pytest.mark.parametrize(("changes", "text"), [(None, "It costs 120"), ("original", "It costs 100")])
def test_deleted_text_is_nowhere_when_changes_are_settled(
    office: OfficeBench, tracked: Path, changes: str | None, text: str
) -> None:
    result = office.convert(tracked, changes=changes)

    assert result.text == text
    assert result.outcome.report["tracked_changes"]["shown"] == (changes or "final")


def test_both_texts_are_shown_and_told_of_when_markup_is_asked_for(office: OfficeBench, tracked: Path) -> None:
    result = office.convert(tracked, changes="markup")

    assert "100" in result.text
    assert "120" in result.text
    assert any("tracked changes are shown" in text for text in result.warnings)


def test_comments_are_printed_only_when_the_margin_is_asked_for(office: OfficeBench) -> None:
    document = docx.Document()
    document.add_comment(document.add_paragraph().add_run("Text."), text="A remark", author="A", initials="A")
    path = office.folder / "comments.docx"
    document.save(str(path))

    plain = office.convert(path)
    assert b"/Annot" not in plain.path.read_bytes()
    assert plain.outcome.report["comments"] == {"count": 1, "shown": "none"}

    shown = office.convert(path, comments="margin")
    notes = [one.get_object() for one in shown.reader.pages[0].get("/Annots", [])]
    assert "A remark" in shown.text + " ".join(str(note.get("/Contents")) for note in notes)


def test_an_empty_table_of_contents_is_filled_when_there_are_headings(office: OfficeBench) -> None:
    document = docx.Document()
    runs = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    field = f'{runs.format("begin")}<w:r><w:instrText> TOC \\o "1-3" </w:instrText></w:r>{runs.format("separate")}'
    document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{field}{runs.format('end')}</w:p>"))
    document.add_page_break()  # type: ignore[no-untyped-call]
    document.add_heading("First chapter")
    path = office.folder / "contents.docx"
    document.save(str(path))

    assert "First chapter" in office.convert(path, pages="1").text


def test_a_workbook_is_calculated_when_it_asks_for_it(office: OfficeBench) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"] = 20, "=A1*2"  # type: ignore[index]
    path = office.folder / "sum.xlsx"
    book.save(path)

    assert office.convert(path).text == "20 40"


def test_a_hidden_sheet_stays_out_when_it_has_a_print_area(office: OfficeBench) -> None:
    path = office.folder / "hidden.xlsx"
    book = samples.workbook(path, {"Seen": [["visible"]], "Secret": [["salary"]]})
    book["Secret"].sheet_state, book["Secret"].print_area = "hidden", "A1"
    book.save(path)

    assert office.convert(path).text == "visible"
    assert office.convert(path, sheets=["Secret"]).text == "salary"


def test_errors_and_narrow_columns_are_named_with_their_places(office: OfficeBench) -> None:
    path = office.folder / "errors.xlsx"
    book = samples.workbook(path, {"S": [["=1/0", 1234567.5]]})
    book["S"]["B1"].number_format, book["S"].column_dimensions["B"].width = "#,##0.00", 4
    book.save(path)

    warnings = " ".join(office.convert(path).warnings)

    assert "S!A1 (#DIV/0!)" in warnings
    assert "### because their columns are too narrow: S!B1" in warnings


def test_no_path_is_printed_when_a_header_and_a_cell_ask_for_one(office: OfficeBench) -> None:
    path = office.folder / "book.xlsx"
    book = samples.workbook(path, {"S": [['=CELL("filename")']]})
    book["S"].oddHeader.left.text = "&Z&F"  # type: ignore[union-attr]
    book.save(path)

    text = office.convert(path).text

    assert "book.xlsx" in text
    assert "file:" not in text
    assert "/" not in text


def test_a_sparkline_that_is_not_drawn_is_named(office: OfficeBench) -> None:
    path = office.folder / "spark.xlsx"
    samples.workbook(path, {"S": [[1, 2, 3]]})
    group = "<x14:sparklineGroups><x14:sparkline/></x14:sparklineGroups>"
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/worksheets/extra.xml", group)

    assert any("sparkline" in text for text in office.convert(path).warnings)
