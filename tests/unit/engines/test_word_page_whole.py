"""What belongs together on a page stays together in Word: art, charts, all text of a table, what begins a page."""

import zipfile
from dataclasses import replace
from pathlib import Path

from chalicelib.engines.word.document.block import Cell, Paragraph, Table, TableRow
from chalicelib.engines.word.document.document import Document, Style
from chalicelib.engines.word.document.format import Format, Role
from chalicelib.engines.word.document.inline import Look, Text
from chalicelib.engines.word.document.picture import Anchor, Media, MediaType, Picture
from chalicelib.engines.word.document.section import PageSetup, Section
from chalicelib.engines.word.draft.block import PictureDraft, TableDraft
from chalicelib.engines.word.pages.drawn import Drawing, Fill, Image, Rule
from chalicelib.engines.word.pages.grid import FoundGrid
from chalicelib.engines.word.pages.text import Span
from chalicelib.engines.word.write.writer import write
from tests.support.word_document import png
from tests.support.word_pages import page, prose, span, understood

AXES = (
    Rule(100, 200, 100, 400, 0.5),
    Rule(100, 400, 400, 400, 0.5),
    *(Rule(100, 200 + 40 * at, 400, 200 + 40 * at, 0.5) for at in range(5)),
)
MARKS = [span(str(20 * at), 104, 398 - 40 * at, size=8) for at in range(5)]
CURVE = Drawing((130, 210, 360, 390), 1, 12)
GRID = FoundGrid((100.0, 200.0, 300.0), (100.0, 120.0, 140.0, 160.0, 180.0), (), 1)


def turned_up(text: str, x: float, bottom: float) -> Span:
    """Letters that run upwards, their baseline at ``x``, the first one at ``bottom``."""
    upright = span(text, 0, 0)
    starts = tuple(one - bottom for one in upright.starts)
    ends = tuple(one - bottom for one in upright.ends)
    return replace(upright, starts=starts, ends=ends, baseline=x, top=x - 8, bottom=x + 2, turn=270)


def test_grid_lines_are_a_chart_when_a_curve_runs_through_them() -> None:
    lines = FoundGrid((100.0, 250.0, 400.0), (200.0, 240.0, 280.0, 320.0, 360.0), (), 0)

    draft = understood(page(1, *MARKS, *prose(450, 6), rules=AXES, drawings=(CURVE,), grids=(lines,)))

    (chart,) = (one for one in draft.pages[0].blocks if not hasattr(one, "lines"))
    assert isinstance(chart, PictureDraft)
    assert chart.words.split() == ["80", "60", "40", "20", "0"]


def test_letters_drawn_as_outlines_are_one_picture_when_they_stand_side_by_side() -> None:
    letters = tuple(Drawing((100 + 20 * at, 80, 114 + 20 * at, 100), 1, 6) for at in range(4))
    straight = (Fill((180, 80, 186, 100), "333333"),)

    draft = understood(page(1, *prose(200, 6), drawings=letters, fills=straight))

    (logo,) = (one for one in draft.pages[0].blocks if isinstance(one, PictureDraft))
    assert logo.box == (100, 80, 186, 100)
    assert not draft.pages[0].shapes


def test_turned_lines_are_a_cell_s_text_when_they_stand_in_it() -> None:
    cells = [span("Amount", 210, 115), span("12", 210, 135), span("14", 210, 155), span("16", 210, 175)]
    merged = replace(GRID, spans=((0, 0, 3, 0),))

    draft = understood(page(1, turned_up("Quarter", 155, 165), *cells, *prose(300, 6), grids=(merged,)))

    (table,) = (one for one in draft.pages[0].blocks if isinstance(one, TableDraft))
    (turned,) = (cell for cell in table.cells if cell.turn)
    assert (turned.turn, turned.blocks[0].text) == (270, "Quarter")  # type: ignore[union-attr]
    assert not draft.pages[0].turned


def test_text_beside_a_table_is_a_column_when_it_stands_on_its_rows() -> None:
    inside = [span(text, x, 115 + 20 * at) for at in range(4) for text, x in (("left", 105), ("right", 205))]
    outside = [span(f"note {at}", 60, 115 + 20 * at) for at in range(4)]

    draft = understood(page(1, *inside, *outside, *prose(300, 6), grids=(GRID,)))

    (table,) = (one for one in draft.pages[0].blocks if isinstance(one, TableDraft))
    first = [cell.blocks[0].text for cell in table.cells if cell.column == 0]  # type: ignore[union-attr]
    assert first == ["note 0", "note 1", "note 2", "note 3"]


def test_columns_stay_columns_when_a_page_number_stands_below_the_gutter() -> None:
    left, right = prose(100, 12, x=60), prose(100, 12, x=330)
    narrow = [_cut(one, 48) for one in [*left[:-1], *right[:-1]]]

    draft = understood(page(1, *narrow, span("29", 317, 790)))

    assert max(len(stretch.columns) for stretch in draft.pages[0].stretches) == 2


def test_picture_lies_over_a_table_when_it_covers_several_cells() -> None:
    inside = [span(text, x, 115 + 20 * at) for at in range(4) for text, x in (("left", 105), ("right", 230))]

    draft = understood(
        page(1, *inside, *prose(300, 6), grids=(GRID,), images=(Image((150, 105, 220, 150), 1, 80, 40),))
    )

    assert [isinstance(one, PictureDraft) and one.behind for one in draft.pages[0].floating] == [True]


def test_code_keeps_its_lines_when_they_are_short() -> None:
    lines = [
        span(text, 72, 100 + 12 * at, font="Courier") for at, text in enumerate(("let a = 1", "let b = 2", "a + b"))
    ]

    draft = understood(page(1, *lines, *prose(200, 8)))

    assert "let a = 1\nlet b = 2\na + b" in "\n".join(one.text for one in draft.paragraphs())


def test_what_stands_beside_a_table_is_on_its_page_when_the_table_begins_one(tmp_path: Path) -> None:
    look = Look("Arial", 10)
    first = Paragraph((Text("cell", look),), format=Format(page_break_before=True))
    table = Table((100.0,), (TableRow(),), (Cell(0, 0, (first,)),))
    picture = Picture(Media(png(), MediaType.PNG), 10, 10, anchor=Anchor(5, 5))
    section = Section(PageSetup(595, 842, 72, 72, 72, 72), (Paragraph((Text("before", look),)), picture, table))

    write(Document([section], {(Role.NORMAL, 0): Style(look)}), tmp_path / "table.docx")
    xml = zipfile.ZipFile(tmp_path / "table.docx").read("word/document.xml").decode()

    begins = xml.index("pageBreakBefore")
    assert xml.count("pageBreakBefore") == 1
    assert xml.index("before") < begins < xml.index("<w:drawing") < xml.index("<w:tbl>")


def _cut(one: Span, letters: int) -> Span:
    return replace(one, text=one.text[:letters], starts=one.starts[:letters], ends=one.ends[:letters])
