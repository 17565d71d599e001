"""PDF to Word: no page and no text goes silently, and the document says what is not as it was."""

import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from docx.oxml.ns import qn
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from chalicelib.domain.errors import CorruptDocument, EmptyDocument, EncryptedDocument, LimitExceeded, PageOutOfRange
from chalicelib.engines.job import Limits
from chalicelib.engines.process import Engines
from tests.integration.engines import word_pdfs as draw
from tests.integration.engines.image_files import ENGINES_HOME
from tests.integration.engines.word_bench import WordBench

pytestmark = pytest.mark.skipif(not (ENGINES_HOME / "tables").is_dir(), reason="the word engine is not installed")

PROSE = draw.text(*draw.PARAGRAPH)
PROSE_WORDS = " ".join(draw.PARAGRAPH)


@pytest.fixture
def bench(engines: Engines, tmp_path: Path) -> WordBench:
    return WordBench(engines, tmp_path)


def test_each_page_keeps_its_text_and_its_place_when_text_flows(bench: WordBench) -> None:
    outcome = bench.run(draw.pdf(PROSE, draw.text("second page"), draw.text("third page")))

    assert bench.texts() == [PROSE_WORDS, "second page", "third page"]
    assert outcome.warnings == ()
    report = outcome.report
    assert (report["engine"], report["pages_in"], report["pages_out"]) == ("word", 3, 3)
    assert bench.progress[-1] == (3, 3, "pages")


def test_lines_of_a_paragraph_run_on_when_they_were_full(bench: WordBench) -> None:
    bench.run(draw.pdf(PROSE))

    paragraphs = [one.text for one in bench.document().paragraphs if one.text.strip()]
    assert [" ".join(one.split()) for one in paragraphs] == [PROSE_WORDS]


def test_rows_and_columns_are_a_table_when_they_were_ruled(bench: WordBench) -> None:
    rows = [["Port", "Ships", "Crew"], ["Bergen", "12", "340"], ["Lübeck", "7", "98"]]
    outcome = bench.run(draw.pdf(draw.all_of(PROSE, draw.table(rows))))

    (table,) = bench.document().tables
    assert [[cell.text.strip() for cell in row.cells] for row in table.rows] == rows
    widths = [int(column.get(qn("w:w"))) / 20 for column in table._tbl.tblGrid.findall(qn("w:gridCol"))]
    assert widths == pytest.approx([120, 120, 120], abs=2)
    assert outcome.report["tables"] == 1


def test_a_form_is_a_table_when_nothing_is_filled_in(bench: WordBench) -> None:
    rows = [["Surname", ""], ["Street", ""], ["Telephone", ""]]
    bench.run(draw.pdf(draw.all_of(PROSE, draw.table(rows))))

    (table,) = bench.document().tables
    assert [[cell.text.strip() for cell in row.cells] for row in table.rows] == rows


@pytest.mark.parametrize(("pages", "kept"), [("2", ["two"]), ("1,3", ["one", "three"]), ("last", ["three"])])
def test_only_the_named_pages_are_converted_when_pages_are_named(bench: WordBench, pages: str, kept: list[str]) -> None:
    outcome = bench.run(draw.pdf(*(draw.text(word) for word in ("one", "two", "three"))), pages)

    assert bench.texts() == kept
    assert (outcome.report["pages_in"], outcome.report["pages_out"]) == (3, len(kept))


def test_a_page_out_of_range_is_refused_when_it_is_named(bench: WordBench) -> None:
    with pytest.raises(PageOutOfRange, match="has 1 page"):
        bench.run(draw.pdf(PROSE), "2")


def test_a_blank_page_stays_a_page_when_others_follow(bench: WordBench) -> None:
    bench.run(draw.pdf(lambda canvas: None, PROSE, lambda canvas: None))

    assert bench.texts() == ["", PROSE_WORDS, ""]


def test_two_columns_are_read_one_after_the_other_when_text_is_set_in_columns(bench: WordBench) -> None:
    left = [f"left line {number} is just about as long as its own column" for number in range(8)]
    right = [f"right line {number} is just about as long as its own column" for number in range(8)]
    bench.run(draw.pdf(draw.columns(left, right)))

    assert bench.texts() == [" ".join(left + right)]
    xml = bench.document().element.xml
    assert 'w:type="column"' in xml
    assert "nextColumn" not in xml


def test_a_page_that_can_not_flow_is_a_picture_with_its_text_when_it_is_named(bench: WordBench) -> None:
    slanted = draw.all_of(*(draw.turned(f"slanted line {n}", 30, 100, 150 + 60 * n) for n in range(8)))
    outcome = bench.run(draw.pdf(PROSE, slanted, draw.text("third page")))

    assert outcome.report["pages_as_picture"] == [2]
    assert any("text in text boxes over it" in warning for warning in outcome.warnings if warning.startswith("Page 2 "))
    texts = bench.texts()
    assert (texts[0], texts[2]) == (PROSE_WORDS, "third page")
    assert sorted(re.findall(r"slanted line \d", texts[1])) == [f"slanted line {n}" for n in range(8)]


def test_a_page_without_text_is_kept_as_a_picture_when_it_is_a_scan(bench: WordBench) -> None:
    outcome = bench.run(draw.pdf(PROSE, draw.picture()))

    assert outcome.report["pages_without_text"] == [2]
    assert any(warning.startswith("Page 2 has no text") for warning in outcome.warnings)
    assert (outcome.report["pages_out"], len(bench.pictures())) == (2, 1)


def test_recognised_text_is_kept_behind_the_scan_when_it_is_hidden(bench: WordBench) -> None:
    outcome = bench.run(draw.pdf(draw.all_of(draw.picture(), draw.hidden("Recognised words", "of two lines"))))

    assert bench.texts() == ["Recognised words of two lines"]
    assert len(bench.pictures()) == 1
    assert outcome.report["pages_with_hidden_text"] == [1]
    assert any("scanned" in warning for warning in outcome.warnings)


def test_hidden_text_stays_hidden_when_the_page_has_text_of_its_own(bench: WordBench) -> None:
    bench.run(draw.pdf(draw.all_of(PROSE, draw.hidden("secret remark"))))

    runs = [run for paragraph in bench.document().paragraphs for run in paragraph.runs]
    assert "secret remark" in "".join(run.text for run in runs if run.font.hidden)
    assert PROSE_WORDS in " ".join("".join(run.text for run in runs if not run.font.hidden).split())


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_text_is_upright_when_its_page_is_rotated(bench: WordBench, rotation: int) -> None:
    outcome = bench.run(draw.pdf(PROSE, rotations=[rotation]))

    assert bench.texts() == [PROSE_WORDS]
    assert outcome.report["pages_turned"] == [1]
    section = bench.document().sections[0]
    assert section.page_height > section.page_width


def test_a_rotated_page_is_wide_when_its_text_is_upright_that_way(bench: WordBench) -> None:
    lines = draw.all_of(*(draw.turned(line, 90, 200 + 20 * n, 100) for n, line in enumerate(draw.PARAGRAPH)))
    outcome = bench.run(draw.pdf(lines, rotations=[90]))

    assert bench.texts() == [PROSE_WORDS]
    assert outcome.report["pages_turned"] == []
    section = bench.document().sections[0]
    assert section.page_width > section.page_height


@pytest.mark.parametrize("degrees", [90, 180, 270, 30])
def test_turned_text_is_in_a_text_box_when_the_rest_is_upright(bench: WordBench, degrees: int) -> None:
    outcome = bench.run(draw.pdf(draw.all_of(PROSE, draw.turned("approved by hand", degrees))))

    (page,) = bench.pages()
    boxes = [box for part in page for box in part.iter(qn("w:txbxContent"))]
    assert ["".join(node.text for node in box.iter(qn("w:t"))) for box in boxes] == ["approved by hand"]
    assert bench.texts()[0].count("approved by hand") == 1
    assert outcome.report["lines_in_text_boxes"] == 1


def test_values_of_a_form_are_text_when_fields_are_filled_in(bench: WordBench) -> None:
    bench.run(draw.pdf(draw.all_of(PROSE, draw.field("town", "Kirkwall"))))

    assert "Kirkwall" in bench.texts()[0]


def test_fields_say_what_is_seen_when_they_store_something_else(bench: WordBench) -> None:
    writer = PdfWriter(PdfReader(io.BytesIO(draw.pdf(draw.all_of(PROSE, draw.field("sum", "1,234.00"))))))
    for annotation in writer.pages[0]["/Annots"]:  # type: ignore[attr-defined]
        annotation.get_object()[NameObject("/V")] = TextStringObject("1234")
    data = io.BytesIO()
    writer.write(data)

    bench.run(data.getvalue())

    assert "1,234.00" in bench.texts()[0]


def test_fonts_are_named_when_another_family_stands_for_them(bench: WordBench) -> None:
    outcome = bench.run(draw.pdf(draw.text("plain", font="Helvetica")))

    assert outcome.report["fonts_substituted"] == {"Helvetica": "Arial"}
    document = bench.document()
    assert 'w:ascii="Arial"' in document.element.xml + document.styles.element.xml


def test_web_links_alone_are_links_when_a_page_has_several(bench: WordBench) -> None:
    def linked(canvas: Canvas) -> None:
        draw.text("safe link", "odd link", y=700)(canvas)
        canvas.linkURL("https://example.org/a?b=c", (72, 696, 130, 712))
        canvas.linkURL("javascript:alert(1)", (72, 682, 130, 695))

    bench.run(draw.pdf(linked))

    targets = [one.target_ref for one in bench.document().part.rels.values() if one.is_external]
    assert targets == ["https://example.org/a?b=c"]
    links = list(bench.document().element.iter(qn("w:hyperlink")))
    assert {link.getparent().tag for link in links} == {qn("w:p")}
    assert "".join(node.text for link in links for node in link.iter(qn("w:t"))).strip() == "safe link"


def test_a_photograph_is_the_same_file_when_it_is_shown_as_it_is(bench: WordBench, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    Image.radial_gradient("L").convert("RGB").save(photo, quality=80)
    stored = photo.read_bytes()

    def place(canvas: Canvas) -> None:
        PROSE(canvas)
        canvas.drawImage(str(photo), 100, 300, 200, 200)

    bench.run(draw.pdf(place))

    assert bench.pictures() == [stored]


def test_characters_that_xml_forbids_are_left_out_when_a_text_holds_them(bench: WordBench) -> None:
    bench.run(draw.pdf(draw.text("before \x01\x0b\x1f after", font="Helvetica")))

    assert re.fullmatch(r"before\s?\W*\s?after", bench.texts()[0])


def test_a_page_is_scaled_when_it_is_larger_than_word_allows(bench: WordBench) -> None:
    outcome = bench.run(draw.pdf(draw.text("poster", x=300, y=1500, size=200), size=(3_168, 2_376)))

    section = bench.document().sections[0]
    assert (section.page_width.pt, section.page_height.pt) == (1_584, 1_188)
    assert bench.texts() == ["poster"]
    assert any("22 inches" in warning for warning in outcome.warnings)


def test_the_document_is_converted_when_the_password_is_right(bench: WordBench) -> None:
    bench.run(draw.pdf(PROSE, user_password="sesame"), password="sesame")

    assert bench.texts() == [PROSE_WORDS]


@pytest.mark.parametrize(("password", "reason"), [(None, "is encrypted"), ("wrong", "does not open")])
def test_an_encrypted_document_is_refused_when_the_password_is_not_right(
    bench: WordBench, password: str | None, reason: str
) -> None:
    with pytest.raises(EncryptedDocument, match=reason):
        bench.run(draw.pdf(PROSE, user_password="sesame"), password=password)


@pytest.mark.parametrize("data", [b"%PDF-1.7\nnothing follows", b"", b"\x00" * 4_000])
def test_a_corrupt_document_is_refused_when_no_page_can_be_found(bench: WordBench, data: bytes) -> None:
    with pytest.raises(CorruptDocument, match="damaged"):
        bench.run(data)


def test_a_document_is_refused_when_it_has_no_pages(bench: WordBench) -> None:
    buffer = io.BytesIO()
    PdfWriter().write(buffer)

    with pytest.raises(EmptyDocument, match="no pages"):
        bench.run(buffer.getvalue())


def test_a_document_is_refused_when_it_has_more_pages_than_allowed(bench: WordBench) -> None:
    with pytest.raises(LimitExceeded, match="3 pages; at most 2"):
        bench.run(draw.pdf(PROSE, PROSE, PROSE), limits=Limits(pdf_pages=2))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_pages_neither_grow_nor_vanish_when_libreoffice_lays_them_out(bench: WordBench, tmp_path: Path) -> None:
    full = draw.text(*(f"{number}. {line}" for number in range(18) for line in draw.PARAGRAPH), y=780)
    columns = draw.columns([draw.PARAGRAPH[0][:44]] * 40, [draw.PARAGRAPH[1][:44]] * 40)
    table = draw.table([[f"{row}", "cell", "cell"] for row in range(30)], y=800)
    pages = [full, columns, table, draw.picture(), draw.turned("turned", 90), full]
    bench.run(draw.pdf(*pages))

    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(bench.output)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert len(PdfReader(bench.output.with_suffix(".pdf")).pages) == len(pages)
