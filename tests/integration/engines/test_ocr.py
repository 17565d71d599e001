"""Scans become text: pages that are pictures, read upright and straight; by the real engine, on pages made here."""

import io
import random
import re
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
from PIL import Image, ImageDraw, ImageFont

from chalicelib.engines.process import Engines
from tests.integration.engines.image_files import ENGINES_HOME, Bench, saved

pytestmark = pytest.mark.skipif(not (ENGINES_HOME / "ocr").is_dir(), reason="the engine for scans is not installed")

FONT = "LiberationSans-Regular.ttf"
CYRILLIC = "DejaVuSans.ttf"
DPI = 200
LINES = (
    "Delivery note for the harbour",
    "Each crate was weighed twice on arrival",
    "Total weight 1,234.56 kg in 17 crates",
)
TABLE = (("Item", "Price", "Sold"), ("Lamp", "12.50", "204"), ("Chair", "1,080.75", "16"), ("Table", "240.00", "9"))


def sheet(*lines: str, font: str = FONT) -> Image.Image:
    """A page of some lines, small enough to be read quickly."""
    page = Image.new("L", (1_100, 700), 255)
    for number, line in enumerate(lines):
        ImageDraw.Draw(page).text((90, 110 + 90 * number), line, 0, ImageFont.truetype(font, 36))
    return page


def ruled() -> Image.Image:
    """A page with a ruled table."""
    page = Image.new("L", (1_100, 700), 255)
    draw = ImageDraw.Draw(page)
    for row, cells in enumerate(TABLE):
        for column, text in enumerate(cells):
            left, top = 150 + 260 * column, 120 + 90 * row
            draw.rectangle((left, top, left + 260, top + 90), outline=0, width=3)
            draw.text((left + 30, top + 22), text, 0, ImageFont.truetype(FONT, 34))
    return page


def scan(*pages: Image.Image) -> bytes:
    """A PDF of pictures."""
    buffer = io.BytesIO()
    pages[0].save(buffer, "PDF", save_all=True, append_images=pages[1:], resolution=DPI, quality=85)
    return buffer.getvalue()


@pytest.fixture
def reader(engines: Engines, tmp_path: Path) -> Bench:
    """Reads scans for what is made of them afterwards."""
    return Bench(engines, "chalicelib.engines.ocr.engine", "pdf_to_excel", tmp_path)


def text_of(path: Path, *options: str) -> str:
    """What poppler finds."""
    command = ["pdftotext", *options, str(path), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def words(text: str) -> list[str]:
    return text.split()


def test_page_is_text_and_the_report_says_how_it_was_read_when_it_was_a_scan(reader: Bench) -> None:
    outcome, seen = reader.run_counting((("scan.pdf", scan(sheet(*LINES))),))

    assert words(text_of(reader.output)) == words(" ".join(LINES))
    (row,) = outcome.report["ocr"]
    assert (row["page"], row["engine"], row["turned"], row["words"]) == (1, "PP-OCRv6 small", 0, 19)
    assert row["confidence"] > 0.9
    assert outcome.warnings == ()
    assert seen[-1] == (1, 1, "pages")


@pytest.mark.parametrize(("turned", "skew"), [(90, 0.0), (180, 0.0), (270, 0.0), (0, 1.5), (0, -0.8)])
def test_same_words_are_found_when_the_page_lies_on_its_side_or_aslant(reader: Bench, turned: int, skew: float) -> None:
    page = sheet(*LINES).rotate(-skew, fillcolor=255, resample=Image.Resampling.BICUBIC).rotate(turned, expand=True)
    outcome = reader.run(("scan.pdf", scan(page)))

    assert words(text_of(reader.output)) == words(" ".join(LINES))
    (row,) = outcome.report["ocr"]
    assert row["turned"] == turned
    assert row["skew"] == pytest.approx(skew, abs=0.2)


def test_scanned_table_is_a_table_with_numbers_when_excel_is_made_of_it(engines: Engines, reader: Bench) -> None:
    reader.run(("scan.pdf", scan(ruled())))
    read = reader.output.read_bytes()
    excel = Bench(engines, "chalicelib.engines.tables.engine", "pdf_to_excel", reader.folder)
    excel.run(("scan.pdf", read))

    sheet_found = openpyxl.load_workbook(io.BytesIO(excel.output.read_bytes())).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet_found.iter_rows()]
    assert rows == [["Item", "Price", "Sold"], ["Lamp", 12.5, 204], ["Chair", 1080.75, 16], ["Table", 240, 9]]


def bold_words(path: Path) -> list[str]:
    """The words of the first page in a bold font."""
    found: list[str] = []

    def visit(text: str, _user: Any, _line: Any, font: dict[str, Any] | None, _size: float) -> None:
        if font and "Bold" in str(font["/BaseFont"]):
            found.extend(text.split())

    pypdf.PdfReader(path).pages[0].extract_text(visitor_text=visit)
    return found


def test_bold_words_bullets_and_a_photo_with_its_words_are_kept_when_word_is_made_of_a_scan(reader: Bench) -> None:
    page = sheet(LINES[1])
    draw, plain = ImageDraw.Draw(page), ImageFont.truetype(FONT, 36)
    draw.text((90, 40), "Heavy words stand above", 0, ImageFont.truetype("LiberationSans-Bold.ttf", 36))
    for number, line in enumerate(("Sulphur in barrels", "Camphor in tins")):
        draw.ellipse((110, 213 + 70 * number, 124, 227 + 70 * number), fill=0)
        draw.text((160, 200 + 70 * number), line, 0, plain)
    photo = Image.effect_noise((620, 260), 90).resize((620, 260))
    ImageDraw.Draw(photo).text((120, 100), "SHOPFRONT", 255, ImageFont.truetype(FONT, 60))
    page.paste(photo, (200, 400))
    reader.action = "pdf_to_word"
    reader.run(("scan.pdf", scan(page)))

    text = text_of(reader.output)
    assert words(text) == words(f"Heavy words stand above {LINES[1]} • Sulphur in barrels • Camphor in tins")
    assert bold_words(reader.output) == words("Heavy words stand above")
    assert len(pypdf.PdfReader(reader.output).pages[0].images) == 1


def test_picture_stays_as_it_was_beneath_words_at_their_place_when_a_pdf_is_made_of_images(reader: Bench) -> None:
    reader.action = "image_to_pdf"
    page = sheet(*LINES).rotate(-1, fillcolor=255, resample=Image.Resampling.BICUBIC)
    given = scan(page)
    reader.run(("scan.pdf", given), ocr="auto")

    assert words(text_of(reader.output)) == words(" ".join(LINES))
    after, before = (pypdf.PdfReader(io.BytesIO(data)) for data in (reader.output.read_bytes(), given))
    assert after.pages[0].images[0].data == before.pages[0].images[0].data
    found = re.search(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)".*>Delivery<', text_of(reader.output, "-bbox"))
    assert found is not None
    left, _, right = (float(number) * DPI / 72 for number in found.groups())
    assert left == pytest.approx(90 + 4, abs=10)
    assert right == pytest.approx(90 + ImageFont.truetype(FONT, 36).getlength("Delivery"), abs=12)


def test_document_passes_unchanged_when_its_pages_have_text(reader: Bench) -> None:
    buffer = io.BytesIO()
    reader.run(("scan.pdf", scan(sheet(*LINES))))
    buffer.write(reader.output.read_bytes())
    outcome = reader.run(("text.pdf", buffer.getvalue()))

    assert reader.output.read_bytes() == buffer.getvalue()
    assert outcome.report == {}


def test_nothing_is_invented_and_the_pages_are_named_when_they_show_no_text(reader: Bench) -> None:
    noise = Image.frombytes("L", (550, 350), random.Random(3).randbytes(550 * 350)).resize((1_100, 700))
    blank = Image.new("L", (1_100, 700), 250)
    outcome = reader.run(("scan.pdf", scan(noise, blank, sheet(*LINES))))

    assert words(text_of(reader.output, "-l", "2")) == []
    assert outcome.warnings == ("No text was found in the picture of pages 1-2.",)


@pytest.mark.parametrize("language", [["ru"], None])
def test_another_script_is_read_by_the_engine_that_knows_it(reader: Bench, language: list[str] | None) -> None:
    lines = ("Каждый охотник желает знать", "где сидит фазан в густом лесу", "Всего найдено 128 птиц за день") * 2
    options: dict[str, Any] = {"language": language} if language else {}
    outcome = reader.run(("scan.pdf", scan(sheet(*lines, font=CYRILLIC))), **options)

    (row,) = outcome.report["ocr"]
    assert (row["engine"], row["language"]) == ("Tesseract", "ru")
    expected = words(" ".join(lines))
    assert sum(word in expected for word in words(text_of(reader.output))) >= 0.9 * len(expected)


def test_next_engine_says_what_is_wrong_when_the_file_is_no_pdf(reader: Bench) -> None:
    outcome = reader.run(("broken.pdf", b"%PDF-1.7 nothing"))

    assert reader.output.read_bytes() == b"%PDF-1.7 nothing"
    assert (outcome.report, outcome.warnings) == ({}, ())


def test_photo_is_said_to_be_without_text_when_it_is_made_a_searchable_pdf(engines: Engines, tmp_path: Path) -> None:
    images = Bench(engines, "chalicelib.engines.images.engine", "image_to_pdf", tmp_path)
    images.run(("photo.png", saved(Image.linear_gradient("L"), "PNG")))
    reader = Bench(engines, "chalicelib.engines.ocr.engine", "image_to_pdf", tmp_path)
    outcome = reader.run(("photo.pdf", images.output.read_bytes()), ocr="auto")

    assert outcome.warnings == ("No text was found in the picture of page 1.",)


def test_small_print_is_read_in_its_order_when_a_page_is_large(reader: Bench) -> None:
    page = Image.new("L", (1_200, 2_600), 255)
    lines = [f"Clause {number} binds both parties until {2_030 + number} in full" for number in range(1, 9)]
    for number, line in enumerate(lines):
        ImageDraw.Draw(page).text((100, 200 + 300 * number), line, 0, ImageFont.truetype(FONT, 17))
    reader.run(("scan.pdf", scan(page)))

    assert words(text_of(reader.output)) == words(" ".join(lines))
