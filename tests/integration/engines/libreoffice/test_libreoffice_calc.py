"""xlsx, xls and ods to PDF."""

from pathlib import Path
from typing import cast

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.styles import PatternFill
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from chalicelib.domain.errors import ConversionFailed, EmptyDocument, EncryptedDocument, SheetNotFound
from tests.integration.engines.libreoffice import samples
from tests.integration.engines.libreoffice.office_bench import PASSWORD, OfficeBench

A4 = (210, 297)
A4_LANDSCAPE = (297, 210)
THREE = {"First": [["one"]], "Second": [["two"]], "Third": [["three"]]}


@pytest.fixture
def three_sheets(tmp_path: Path) -> Path:
    """First, Second, and Third, which is hidden."""
    path = tmp_path / "three.xlsx"
    book = samples.workbook(path, THREE)
    book["Third"].sheet_state = "hidden"
    book.save(path)
    return path


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_cells_are_kept_when_a_workbook_is_converted(office: OfficeBench, stored: dict[str, Path], kind: str) -> None:
    result = office.convert(stored[f"table.{kind}"])

    assert result.pages == result.outcome.report["pages_out"] == 1
    for text in ("Item", "Price", "Lamp", "12.5"):
        assert text in result.text
    assert result.outcome.report["sheets"] == [{"name": "Sales", "pages": 1}]
    assert result.outcome.report["engine"] == "libreoffice"


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_workbook_opens_only_with_its_password_when_it_is_encrypted(
    office: OfficeBench, stored: dict[str, Path], kind: str
) -> None:
    locked = stored[f"locked.{kind}"]

    with pytest.raises(EncryptedDocument, match="is encrypted: pass its password"):
        office.convert(locked)
    with pytest.raises(EncryptedDocument, match="The password does not open"):
        office.convert(locked, password="wrong")
    assert "Lamp" in office.convert(locked, password=PASSWORD).text


def test_hidden_sheet_is_left_out_and_named_when_no_sheets_are_asked_for(
    office: OfficeBench, three_sheets: Path
) -> None:
    result = office.convert(three_sheets)

    assert result.text == "one two"
    assert result.outcome.report["hidden_sheets"] == ["Third"]
    assert result.warnings == (
        "Sheet 'Third' is hidden in the workbook and was left out; name it in 'sheets' to have it.",
    )


@pytest.mark.parametrize(
    ("wanted", "text"),
    [(["Second"], "two"), (["second"], "two"), (["2"], "two"), (["Third"], "three"), (["3", "First"], "one three")],
)
def test_only_these_sheets_are_written_when_sheets_is_given(
    office: OfficeBench, three_sheets: Path, wanted: list[str], text: str
) -> None:
    result = office.convert(three_sheets, sheets=wanted)

    assert result.text == text
    assert result.pages == len(wanted)


def test_name_wins_over_number_when_a_sheet_is_called_like_a_number(office: OfficeBench) -> None:
    path = office.folder / "years.xlsx"
    samples.workbook(path, {"2": [["named two"]], "Other": [["second"]]})

    assert office.convert(path, sheets=["2"]).text == "named two"


def test_refusal_lists_the_sheets_when_one_is_not_there(office: OfficeBench, three_sheets: Path) -> None:
    with pytest.raises(SheetNotFound, match="no sheet 'Fourth'; the workbook has 1 'First', 2 'Second', 3 'Third'"):
        office.convert(three_sheets, sheets=["First", "Fourth"])


def test_sheets_can_be_chosen_when_the_structure_is_protected(office: OfficeBench, three_sheets: Path) -> None:
    book = openpyxl.load_workbook(three_sheets)
    book.security = WorkbookProtection(workbookPassword="secret", lockStructure=True)
    book.save(three_sheets)

    assert office.convert(three_sheets, sheets=["Third"]).text == "three"


def test_remedy_is_named_when_a_protected_structure_lets_no_sheets_be_chosen(office: OfficeBench) -> None:
    """LibreOffice ignores the wish without a word: all sheets would be in the result."""
    path = office.folder / "protected.ods"
    samples.odf(path, "spreadsheet", samples.ods_table("A", "a") + samples.ods_table("B", "b"), protected=True)

    assert office.convert(path).pages == 2
    with pytest.raises(ConversionFailed, match="structure is protected"):
        office.convert(path, sheets=["B"])


def test_workbook_is_refused_as_empty_when_no_sheet_holds_anything(office: OfficeBench) -> None:
    path = office.folder / "empty.xlsx"
    samples.workbook(path, {"A": [], "B": []})

    with pytest.raises(EmptyDocument, match="holds no cell content, shape or chart"):
        office.convert(path)


def test_workbook_is_refused_when_all_chosen_sheets_are_empty(office: OfficeBench) -> None:
    path = office.folder / "partly.xlsx"
    samples.workbook(path, {"Full": [["x"]], "Blank": []})

    with pytest.raises(EmptyDocument, match="'Blank' is empty"):
        office.convert(path, sheets=["Blank"])
    assert office.convert(path, sheets=["Blank", "Full"]).warnings == ("Sheet 'Blank' is empty and has no page.",)
    assert office.convert(path).warnings == ()


def test_colours_alone_make_a_page_when_a_sheet_has_no_content(office: OfficeBench) -> None:
    path = office.folder / "colour.xlsx"
    book = samples.workbook(path, {"A": []})
    book["A"]["C3"].fill = PatternFill("solid", fgColor="FF0000")
    book.save(path)

    assert office.convert(path).pages == 1


def test_print_settings_are_followed_when_fit_is_not_given(office: OfficeBench) -> None:
    path = office.folder / "own.xlsx"
    book = samples.workbook(path, {"A": samples.grid(30, 40)})
    assert office.convert(path).pages > 2
    book["A"].page_setup.orientation, book["A"].page_setup.paperSize = "landscape", 9
    book["A"].page_setup.fitToHeight = 0
    book["A"].sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book["A"].page_setup.fitToHeight = 0
    book.save(path)

    result = office.convert(path)

    assert result.sizes == [A4_LANDSCAPE]


def test_all_columns_are_on_each_page_when_fit_is_width(office: OfficeBench) -> None:
    path = office.folder / "wide.xlsx"
    samples.workbook(path, {"A": samples.grid(25, 300)})

    result = office.convert(path, fit="width")

    assert result.pages > 1
    for page in result.reader.pages:
        text = page.extract_text()
        assert "c0" in text
        assert "c24" in text
    assert result.warnings == ()


def test_each_sheet_is_one_page_when_fit_is_page(office: OfficeBench) -> None:
    path = office.folder / "fit.xlsx"
    samples.workbook(path, {"A": samples.grid(25, 100), "B": samples.grid(3, 200)})

    result = office.convert(path, fit="page")

    assert result.outcome.report["sheets"] == [{"name": "A", "pages": 1}, {"name": "B", "pages": 1}]
    assert "r99c24" in result.reader.pages[0].extract_text()
    assert "r199c2" in result.reader.pages[1].extract_text()


def test_pictures_and_charts_are_kept_when_a_sheet_is_fitted(office: OfficeBench) -> None:
    path, picture = office.folder / "chart.xlsx", office.folder / "p.png"
    samples.png(picture)
    book = samples.workbook(path, {"A": [["x", 1, 2, 3]]})
    chart = BarChart()
    chart.title = "Chart title"
    chart.add_data(Reference(book["A"], min_col=2, max_col=4, min_row=1), from_rows=True)
    sheet = cast("Worksheet", book["A"])
    sheet.add_chart(chart, "B5")
    sheet.add_image(Image(str(picture)), "Z2")
    book.save(path)

    result = office.convert(path, fit="page")

    assert result.pages == 1
    assert "Chart title" in result.text
    assert result.images == 1


@pytest.mark.parametrize("fit", ["width", "page"])
def test_overflow_is_named_when_the_smallest_scale_is_not_small_enough(office: OfficeBench, fit: str) -> None:
    path = office.folder / "huge.xlsx"
    samples.workbook(path, {"A": samples.grid(400, 1)})

    result = office.convert(path, fit=fit)

    assert result.pages > 1
    assert len(result.warnings) == 1
    assert "'A'" in result.warnings[0]
    assert "10 %" in result.warnings[0]


@pytest.mark.parametrize(
    ("options", "extent", "size"),
    [
        (("print-settings", "landscape"), (2, 2), A4_LANDSCAPE),
        (("print-settings", "portrait"), (2, 2), A4),
        (("print-settings", "auto"), (30, 5), A4),
        (("width", "auto"), (30, 5), A4_LANDSCAPE),
        (("width", "auto"), (5, 30), A4),
        (("width", "auto"), (2, 1), A4),
        (("page", "auto"), (30, 5), A4_LANDSCAPE),
        (("page", "auto"), (5, 60), A4),
        (("page", "landscape"), (5, 60), A4_LANDSCAPE),
        (("width", "portrait"), (30, 5), A4),
    ],
)
def test_page_is_turned_when_orientation_and_content_ask_for_it(
    office: OfficeBench, options: tuple[str, str], extent: tuple[int, int], size: tuple[int, int]
) -> None:
    """``extent``: columns and rows."""
    path = office.folder / "turn.xlsx"
    samples.workbook(path, {"A": samples.grid(*extent)})

    assert office.convert(path, fit=options[0], orientation=options[1]).sizes[0] == size


def test_sheets_are_turned_each_for_itself_when_they_share_a_page_style(office: OfficeBench) -> None:
    path = office.folder / "shared.ods"
    wide = "".join(
        f'<table:table-cell office:value-type="string"><text:p>w{n}</text:p></table:table-cell>' for n in range(30)
    )
    table = f'<table:table table:name="Wide"><table:table-row>{wide}</table:table-row></table:table>'
    samples.odf(path, "spreadsheet", table + samples.ods_table("Small", "s"))

    result = office.convert(path, fit="width")

    widths = [width for width, _ in result.sizes]
    assert len(widths) == 2
    assert widths[0] > widths[1]


def test_comments_do_not_cover_the_cells_when_a_workbook_has_them(office: OfficeBench) -> None:
    path = office.folder / "comment.xlsx"
    book = samples.workbook(path, {"A": [["cell"]]})
    book["A"]["A1"].comment = Comment("A remark", "A")
    book.save(path)

    result = office.convert(path)

    assert result.text == "cell"
    assert "/Annots" not in result.reader.pages[0]


@pytest.mark.parametrize(("pdfa", "part"), [("1b", "1"), ("2b", "2"), ("3b", "3")])
def test_result_is_pdf_a_of_that_part_when_pdfa_is_given(
    office: OfficeBench, stored: dict[str, Path], pdfa: str, part: str
) -> None:
    result = office.convert(stored["table.xlsx"], pdfa=pdfa)

    assert result.reader.xmp_metadata is not None
    assert result.reader.xmp_metadata.pdfaid_part == part
    assert result.reader.root_object["/OutputIntents"]


def test_numbers_are_those_of_the_cells_when_a_formula_has_no_stored_result(office: OfficeBench) -> None:
    path = office.folder / "formula.xlsx"
    samples.workbook(path, {"A": [[2, 3, "=A1*B1"]]})

    assert office.convert(path).text == "2 3 6"
