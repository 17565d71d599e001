"""PDF to Excel: which cells come out, as what, and what a client is told of the rest."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph

from chalicelib.domain.errors import (
    CorruptDocument,
    EncryptedDocument,
    LimitExceeded,
    NoTablesFound,
    NoTextLayer,
    PageOutOfRange,
)
from chalicelib.engines.job import InputFile, Job, Limits, Outcome
from chalicelib.engines.process import Engines
from tests.integration.engines.image_files import ENGINES_HOME
from tests.integration.engines.table_pdfs import (
    document,
    drawn,
    dressed,
    encrypted,
    fine_mesh,
    prose,
    rotated,
    ruled,
    scan,
    turned,
    unruled,
)
from tests.integration.engines.tagged_pdfs import tagged_table

pytestmark = pytest.mark.skipif(not (ENGINES_HOME / "tables").is_dir(), reason="the tables engine is not installed")

STOCK = [
    ["Article", "Pieces", "Price"],
    ["Paper", "120", "4.50"],
    ["Ink and pens", "7", "1,204.90"],
    ["Staples", "3,300", "0.75"],
]
STAFF = [["Name", "Room"], ["Anna Müller", "12"], ["Ian McKay", "7"], ["Zoë Smith", "31"]]


@dataclass
class TableBench:
    """Runs the engine on bytes; ``progress`` collects what it reports."""

    engines: Engines
    home: Path
    progress: list[tuple[int, int, str]] = field(default_factory=list)

    def run(self, data: bytes, *, password: str | None = None, limits: Limits | None = None, **options: Any) -> Outcome:
        source = self.home / "input.pdf"
        source.write_bytes(data)
        job = Job(
            "pdf_to_excel",
            (InputFile(source, source.name, "pdf"),),
            self.home / "output.xlsx",
            self.home,
            {"pages": None, "sheets": "table"} | options,
            password,
            limits or Limits(),
        )
        return self.engines.run(
            "chalicelib.engines.tables.engine", job, lambda *step: self.progress.append(step), threading.Event()
        )

    def workbook(self) -> Workbook:
        return load_workbook(self.home / "output.xlsx")

    def sheet(self) -> Worksheet:
        """The only sheet."""
        (sheet,) = self.workbook().worksheets
        return sheet

    def convert(self, data: bytes, **options: Any) -> Worksheet:
        """Run, and return the only sheet."""
        self.run(data, **options)
        return self.sheet()


@pytest.fixture
def bench(engines: Engines, tmp_path: Path) -> TableBench:
    return TableBench(engines, tmp_path)


def _values(sheet: Worksheet) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def _column(sheet: Worksheet, letter: str) -> list[tuple[Any, str]]:
    """Value and number format of each cell below the head."""
    cells = sheet[letter][1:]
    values = [cell.value.date() if isinstance(cell.value, datetime) else cell.value for cell in cells]
    return list(zip(values, [cell.number_format for cell in cells], strict=True))


@pytest.mark.parametrize("layout", [ruled, unruled], ids=["ruled", "unruled"])
def test_every_cell_arrives_with_numbers_as_numbers_when_a_page_holds_a_table(bench: TableBench, layout: Any) -> None:
    sheet = bench.convert(document(prose(), layout(STOCK), prose()))

    assert _values(sheet) == [
        ["Article", "Pieces", "Price"],
        ["Paper", 120, 4.5],
        ["Ink and pens", 7, 1204.9],
        ["Staples", 3300, 0.75],
    ]
    assert _column(sheet, "C") == [(4.5, "0.00"), (1204.9, "#,##0.00"), (0.75, "0.00")]


def test_the_report_names_each_table_and_the_pages_without_one(bench: TableBench) -> None:
    outcome = bench.run(document(ruled(STOCK), ruled(STAFF), PageBreak(), prose()))

    assert outcome.warnings == ()
    assert outcome.report == {
        "engine": "pymupdf",
        "engine_version": "2.0",
        "pages_in": 2,
        "pages_out": 2,
        "pages_without_tables": 1,
        "tables": [
            {"page": 1, "table": 1, "sheet": "p1 table 1", "row": 1, "rows": 4, "columns": 3},
            {"page": 1, "table": 2, "sheet": "p1 table 2", "row": 1, "rows": 4, "columns": 2},
        ],
    }
    assert bench.progress[-1] == (2, 2, "pages")


@pytest.mark.parametrize(
    ("sheets", "names"),
    [
        ("table", ["p1 table 1", "p1 table 2", "p2 table 1"]),
        ("page", ["page 1", "page 2"]),
        ("single", ["tables"]),
    ],
)
def test_tables_are_spread_over_sheets_as_the_option_says(bench: TableBench, sheets: str, names: list[str]) -> None:
    outcome = bench.run(document(ruled(STOCK), ruled(STAFF), PageBreak(), ruled(STOCK)), sheets=sheets)

    workbook = bench.workbook()
    assert workbook.sheetnames == names
    for table, first in zip(outcome.report["tables"], ["Article", "Name", "Article"], strict=True):
        assert workbook[table["sheet"]].cell(table["row"], 1).value == first


def test_only_the_named_pages_are_converted_when_pages_are_chosen(bench: TableBench) -> None:
    data = document(ruled(STOCK), PageBreak(), ruled(STAFF), PageBreak(), ruled(STOCK))

    outcome = bench.run(data, pages="2")

    assert [table["page"] for table in outcome.report["tables"]] == [2]
    assert (outcome.report["pages_in"], outcome.report["pages_out"]) == (3, 1)


def test_a_page_beyond_the_last_is_refused(bench: TableBench) -> None:
    with pytest.raises(PageOutOfRange, match="has 1 page"):
        bench.run(document(ruled(STOCK)), pages="2")


def test_cells_are_merged_where_the_table_merges_them(bench: TableBench) -> None:
    rows = [
        ["Region", "First half", "", "Second half", ""],
        ["", "Plan", "Actual", "Plan", "Actual"],
        ["North", "10", "12", "11", "13"],
        ["South", "20", "19", "21", "22"],
    ]
    spans = [(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 0, 4)]

    sheet = bench.convert(document(ruled(rows, spans)))

    assert {str(merged) for merged in sheet.merged_cells.ranges} == {"A1:A2", "B1:C1", "D1:E1"}
    assert [cell.value for cell in sheet[3]] == ["North", 10, 12, 11, 13]


def test_the_head_is_bold_and_stays_in_sight_when_a_table_has_its_sheet_to_itself(bench: TableBench) -> None:
    sheet = bench.convert(document(ruled(STOCK)))

    head, body = sheet["A1"].font, sheet["A2"].font
    assert (head.bold, body.bold) == (True, False)
    assert (head.name, head.size) == (body.name, body.size)
    assert sheet.freeze_panes == "A2"


def test_text_that_looks_like_a_formula_stays_text(bench: TableBench) -> None:
    risky = ["=1+1", "+4 pieces", "-cmd|' /C calc'!A0", "@SUM(A1:A9)", "#N/A"]

    sheet = bench.convert(document(ruled([["Note", "By"], *([text, "someone"] for text in risky)])))

    assert [(cell.value, cell.data_type) for cell in sheet["A"][1:]] == [(text, "s") for text in risky]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["(1,250.00)", "3.50", "–"], [(-1250, "#,##0.00;(#,##0.00)"), (3.5, "0.00"), ("–", "General")]),
        (["12.5%", "-3%", "n/a"], [(0.125, "0.0%"), (-0.03, "0%"), ("n/a", "General")]),
        (["$1,250", "$7.25", "$-"], [(1250, '"$"#,##0'), (7.25, '"$"0.00'), ("$-", "General")]),
        (
            ["2026-01-31", "2025-12-01", ""],
            [(date(2026, 1, 31), "yyyy-mm-dd"), (date(2025, 12, 1), "yyyy-mm-dd")],
        ),
        (
            ["12 March 2026", "5 May 2026"],
            [(date(2026, 3, 12), "[$-409]dd mmmm yyyy"), (date(2026, 5, 5), "[$-409]d mmm yyyy")],
        ),
        (["0123", "0456"], [("0123", "General"), ("0456", "General")]),
        (["03/04/2026", "05/06/2026"], [("03/04/2026", "General"), ("05/06/2026", "General")]),
        (["1,234*", "5.5"], [(1234, '#,##0"*"'), (5.5, "0.0")]),
    ],
    ids=["negatives", "percent", "money", "iso dates", "textual dates", "codes", "doubtful dates", "footnotes"],
)
def test_cells_become_values_only_where_their_column_leaves_no_doubt(
    bench: TableBench, texts: list[str], expected: list[tuple[Any, str]]
) -> None:
    rows = [["Item", "Value"], *([f"Line {at}", text] for at, text in enumerate(texts, 1))]

    found = _column(bench.convert(document(ruled(rows))), "B")

    assert found[: len(expected)] == expected


def test_text_keeps_its_blanks_and_accents(bench: TableBench) -> None:
    sheet = bench.convert(document(unruled(STAFF)))

    assert [cell.value for cell in sheet["A"]] == ["Name", "Anna Müller", "Ian McKay", "Zoë Smith"]


def test_lines_of_a_wrapped_cell_stay_one_cell(bench: TableBench) -> None:
    measure = Paragraph("A measure whose description needs more than a single line of its column")

    sheet = bench.convert(document(ruled([["Measure", "Cost"], [measure, "12"], ["Short", "7"]])))

    assert sheet.max_row == 3
    assert (
        " ".join(str(sheet["A2"].value).split())
        == "A measure whose description needs more than a single line of its column"
    )


@pytest.mark.parametrize("angle", [90, 180, 270])
@pytest.mark.parametrize("change", [turned, rotated], ids=["turned text", "rotated page"])
def test_tables_are_read_upright_when_a_page_is_turned(bench: TableBench, change: Any, angle: int) -> None:
    sheet = bench.convert(change(document(prose(), ruled(STOCK)), angle))

    assert [cell.value for cell in sheet[3]] == ["Ink and pens", 7, 1204.9]


LINES = [[f"Line {at}", str(at * 7)] for at in range(1, 61)]


@pytest.mark.parametrize("sheets", ["table", "single"])
@pytest.mark.parametrize("repeat", [0, 1], ids=["heads-once", "heads-repeated"])
def test_a_table_over_two_pages_is_one_with_its_heads_once(bench: TableBench, sheets: str, repeat: int) -> None:
    outcome = bench.run(document(ruled([["Item", "Value"], *LINES], repeat=repeat)), sheets=sheets)

    (row,) = outcome.report["tables"]
    assert (row["pages"], row["rows"]) == ([1, 2], 61)
    assert _values(bench.sheet()) == [["Item", "Value"], *([label, int(value)] for label, value in LINES)]


def test_a_table_over_two_pages_stays_in_pieces_that_name_each_other_when_pages_are_sheets(bench: TableBench) -> None:
    outcome = bench.run(document(ruled([["Item", "Value"], *LINES])), sheets="page")

    first, second = outcome.report["tables"]
    assert second["continues"] == {"page": first["page"], "table": first["table"]}
    assert [first["sheet"], second["sheet"]] == ["page 1", "page 2"]


def test_a_tagged_table_has_its_heads_once_and_no_blank_row_when_each_page_repeats_them(bench: TableBench) -> None:
    sheet = bench.convert(tagged_table(STAFF[0], [STAFF[1:3], STAFF[3:]]))

    assert _values(sheet) == [["Name", "Room"], ["Anna Müller", 12], ["Ian McKay", 7], ["Zoë Smith", 31]]


def test_cells_look_as_on_the_page_when_it_shades_colours_and_rules_them(bench: TableBench) -> None:
    sheet = bench.convert(document(dressed(STOCK)))

    head, total, plain = sheet["A1"], sheet["B4"], sheet["C3"]
    assert (head.fill.fgColor.rgb, head.font.color.rgb, head.font.bold) == ("FF1F3864", "FFFFFFFF", True)
    assert (total.font.color.rgb, total.border.top.style) == ("FFC00000", "thin")
    assert (plain.fill.fill_type, plain.border.top, plain.font.bold) == (None, None, False)


def test_a_caption_and_a_note_stand_apart_from_the_table(bench: TableBench) -> None:
    rows = [["Table 1. What was in stock at the end of the year", "", ""], *STOCK]

    sheet = bench.convert(document(ruled(rows, [(0, 0, 0, 2)])))

    assert [sheet["A1"].value, sheet["A2"].value] == ["Table 1. What was in stock at the end of the year", None]
    assert [cell.value for cell in sheet[3]] == STOCK[0]


def test_prose_is_not_mistaken_for_a_table(bench: TableBench) -> None:
    with pytest.raises(NoTablesFound, match=r"on pages 1-2\."):
        bench.run(document(prose(), PageBreak(), prose(9)))


def test_a_scan_is_refused_when_it_was_not_to_be_read_or_shows_no_text(bench: TableBench) -> None:
    with pytest.raises(NoTextLayer, match=r"Page 1 is without a text layer.*Ask for ocr=auto"):
        bench.run(drawn(scan(_grey_picture())), ocr="off")
    with pytest.raises(NoTextLayer, match=r"Page 1 is without a text layer.*No text was found"):
        bench.run(drawn(scan(_grey_picture())), ocr="auto")


def test_a_scanned_page_among_others_is_named(bench: TableBench) -> None:
    outcome = bench.run(drawn(_draw_stock, scan(_grey_picture())))

    assert [table["page"] for table in outcome.report["tables"]] == [1]
    assert len(outcome.warnings) == 1
    assert outcome.warnings[0].startswith("Page 2 is without a text layer")


def test_a_page_that_takes_too_long_costs_that_page_alone_and_is_named(bench: TableBench) -> None:
    outcome = bench.run(drawn(_draw_stock, _draw_slow, _draw_stock), limits=Limits(cpu_s=16))

    assert [table["page"] for table in outcome.report["tables"]] == [1, 3]
    assert outcome.warnings == ("Page 2 is not in the workbook: reading took too long.",)
    assert (outcome.report["pages_in"], outcome.report["pages_out"]) == (3, 2)


@pytest.mark.parametrize(("password", "told"), [(None, "send its password"), ("wrong", "does not open")])
def test_an_encrypted_pdf_is_refused_without_its_password(bench: TableBench, password: str | None, told: str) -> None:
    with pytest.raises(EncryptedDocument, match=told):
        bench.run(encrypted(document(ruled(STOCK)), "secret"), password=password)


def test_an_encrypted_pdf_is_converted_with_its_password(bench: TableBench) -> None:
    outcome = bench.run(encrypted(document(ruled(STOCK)), "secret"), password="secret")

    assert len(outcome.report["tables"]) == 1


def test_a_file_that_is_no_pdf_inside_is_refused_as_damaged(bench: TableBench) -> None:
    with pytest.raises(CorruptDocument, match="damaged"):
        bench.run(b"%PDF-1.7\nnothing of a PDF follows")


def test_too_many_pages_are_refused_with_the_limit(bench: TableBench) -> None:
    with pytest.raises(LimitExceeded, match="has 2 pages; the limit is 1"):
        bench.run(document(ruled(STOCK), PageBreak(), prose()), limits=Limits(pdf_pages=1))


def _draw_stock(canvas: Canvas) -> None:
    _draw_rows(canvas, STOCK)


def _draw_slow(canvas: Canvas) -> None:
    """Text that lines up in a mesh of some ten thousand cells takes seconds, where a page may use two."""
    fine_mesh(canvas)
    _draw_stock(canvas)


def _draw_rows(canvas: Canvas, rows: Sequence[Sequence[str]]) -> None:
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            canvas.rect(60 + 120 * column, 700 - 20 * row, 120, 20)
            canvas.drawString(66 + 120 * column, 706 - 20 * row, text)


def _grey_picture() -> ImageReader:
    return ImageReader(Image.new("L", (60, 85), 200))
