"""What stands in for the fonts that Office has and no free system does."""

from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt

from tests.integration.engines.libreoffice.office_bench import FONTS, OfficeBench

pytestmark = pytest.mark.skipif(not FONTS.exists(), reason="needs the fonts of layers/fonts: make install-test")


def _lines_in(font: str, path: Path) -> Path:
    """Four lines of 20 points, with nothing between them."""
    document = docx.Document()
    for _ in range(4):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = 1
        run = paragraph.add_run("Handgloves 가나")
        run.font.size = Pt(20)
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        run.font.name = font
    document.save(str(path))
    return path


def _baselines(office: OfficeBench, path: Path) -> list[float]:
    heights: set[float] = set()

    def see(text: str, _cm: list[float], tm: list[float], *_: object) -> None:
        if text.strip():
            heights.add(round(tm[5], 1))

    office.convert(path).reader.pages[0].extract_text(visitor_text=see)
    return sorted(heights, reverse=True)


@pytest.mark.parametrize(
    ("asked", "made_of", "line"),
    [
        ("Verdana", "DejaVu Sans", 1.2153),
        ("Consolas", "Inconsolata", 1.1709),
        ("Segoe UI", "Open Sans", 1.3301),
        ("Aptos", "Source Sans 3", 1.2210),
        ("Tahoma", "Wine's Tahoma", 1.2070),
        ("Malgun Gothic", "Noto Sans CJK KR", 1.3296 * 1.3),
    ],
)
def test_lines_are_as_high_as_the_missing_font_s_when_another_stands_in(
    office: OfficeBench, asked: str, made_of: str, line: float
) -> None:
    path = _lines_in(asked, office.folder / "lines.docx")

    first, *_, last = _baselines(office, path)

    assert (first - last) / 3 == pytest.approx(20 * line, rel=0.01)
    assert made_of in office.convert(path).outcome.report["fonts_substituted"][asked]


def test_liberation_is_taken_when_a_font_is_unknown(office: OfficeBench) -> None:
    """Noto's lines are a fifth higher than those of what a document may ask for."""
    path = _lines_in("Company Grotesk", office.folder / "unknown.docx")

    assert office.convert(path).outcome.report["fonts_substituted"]["Company Grotesk"].startswith("Liberation S")


def test_letters_are_signs_when_they_are_set_in_wingdings(office: OfficeBench) -> None:
    path = office.folder / "signs.docx"
    document = docx.Document()
    document.add_paragraph().add_run("lnq").font.name = "Wingdings"
    document.save(str(path))

    written = office.convert(path).path.read_bytes()

    assert b"+Wingdings" in written


def test_arabic_is_set_in_naskh_when_its_font_is_missing(office: OfficeBench) -> None:
    path = office.folder / "arabic.docx"
    document = docx.Document()
    run = document.add_paragraph().add_run("مرحبا بالعالم")
    properties = run._r.get_or_add_rPr()
    properties.get_or_add_rFonts().set(qn("w:cs"), "Arial")
    properties.append(properties.makeelement(qn("w:rtl"), {}))
    document.save(str(path))

    assert b"NotoNaskhArabic" in office.convert(path).path.read_bytes()


def test_a_line_is_higher_when_its_bullet_is_symbol_s(office: OfficeBench) -> None:
    """By the higher ascent of Symbol and the deeper descent of the text's font: 1.005 + 0.25 em with Carlito."""
    path = office.folder / "bullets.docx"
    document = docx.Document()
    for _ in range(4):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = 1
        for text, font in (("\uf0b7", "Symbol"), (" text", "Calibri")):
            run = paragraph.add_run(text)
            run.font.size, run.font.name = Pt(20), font
    document.save(str(path))

    first, *_, last = _baselines(office, path)

    assert (first - last) / 3 == pytest.approx(20 * 1.255, rel=0.005)
    assert office.convert(path).outcome.report["fonts_substituted"]["Symbol"] == "OpenSymbol"
