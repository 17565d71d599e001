"""Word to PDF and back: what a report has, it has again."""

import re
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from chalicelib.engines.job import InputFile, Job, Limits
from chalicelib.engines.process import EngineProcess, Engines
from chalicelib.engines.word.write.writer import write
from tests.integration.engines.image_files import ENGINES_HOME
from tests.support import word_report
from tests.support.ooxml import violations

pytestmark = [
    pytest.mark.skipif(not (ENGINES_HOME / "tables").is_dir(), reason="the word engine is not installed"),
    pytest.mark.xdist_group("word round trip"),
]


@dataclass(frozen=True)
class Told:
    """A Word document as an editor sees it."""

    path: Path
    document: Any

    def paragraphs(self) -> Iterator[Any]:
        """Those of the body, those in a block of contents included, those in tables not."""
        for one in self.document.element.body.iter(qn("w:p")):
            if not any(parent.tag == qn("w:tbl") for parent in one.iterancestors()) and _text(one):
                yield one

    def style(self, paragraph: Any) -> str:
        """The name of its style."""
        return str(self.document.styles.get_by_id(paragraph.style, 1).name)

    def styled(self, pattern: str) -> list[tuple[str, str]]:
        """Style and text of paragraphs whose style is named so."""
        named = ((self.style(one), _text(one)) for one in self.paragraphs())
        return [(name, text) for name, text in named if re.fullmatch(pattern, name)]

    def items(self) -> list[tuple[str, int, str]]:
        """Format of the label, level and text of the items of lists."""
        found = []
        numbering = self.document.part.numbering_part.element
        for one in self.paragraphs():
            place = one.pPr.numPr if one.pPr is not None else None
            if place is not None:
                number = numbering.num_having_numId(place.numId.val)
                (kind,) = numbering.xpath(
                    f"./w:abstractNum[@w:abstractNumId='{number.abstractNumId.val}']"
                    f"/w:lvl[@w:ilvl='{place.ilvl.val}']/w:numFmt/@w:val"
                )
                found.append((str(kind), int(place.ilvl.val), _text(one)))
        return found

    def bodies(self) -> list[str]:
        """Paragraphs of body text that are longer than a line."""
        return [_text(one) for one in self.paragraphs() if len(_text(one)) > 90]

    def tables(self) -> list[list[list[str]]]:
        """The cells' texts."""
        return [[[cell.text for cell in row.cells] for row in table.rows] for table in self.document.tables]

    def repeated_heads(self) -> int:
        """Rows that head every page of their table."""
        return len(self.document.element.xpath("//w:tblHeader"))

    def notes(self) -> list[str]:
        """The footnotes that are referred to, in their order."""
        with zipfile.ZipFile(self.path) as package:
            if "word/footnotes.xml" not in package.namelist():
                return []
            notes = parse_xml(package.read("word/footnotes.xml"))
        texts = {one.get(qn("w:id")): _text(one) for one in notes}
        return [texts[one] for one in self.document.element.xpath("//w:footnoteReference/@w:id")]

    def running(self) -> list[tuple[str, list[str]]]:
        """Text and fields of head and foot; the numbers that the fields stored are those of any page."""
        (section,) = self.document.sections
        return [
            (re.sub(r"\d+", "#", "".join(_text(one._p) for one in part.paragraphs)), _fields(part._element))
            for part in (section.header, section.footer)
        ]

    def raised(self) -> list[tuple[str, str]]:
        """What is raised or lowered."""
        runs = self.document.element.xpath("//w:r[w:rPr/w:vertAlign][w:t]")
        return [(run.rPr.find(qn("w:vertAlign")).get(qn("w:val")), run.text) for run in runs]

    def links(self) -> list[tuple[str, str]]:
        """External targets, and the words that lead there."""
        found = self.document.element.xpath("//w:hyperlink[@r:id]")
        return [(self.document.part.rels[one.get(qn("r:id"))].target_ref, _text(one)) for one in found]

    def contents(self) -> list[str]:
        """Where each entry of the contents leads: the text of the paragraph that has the bookmark."""
        entries = [one for one in self.paragraphs() if self.style(one).startswith("toc ")]
        anchors = [name for one in entries for name in dict.fromkeys(one.xpath("./w:hyperlink/@w:anchor"))]
        return [
            _text(self.document.element.xpath(f"//w:bookmarkStart[@w:name='{name}']")[0].getparent())
            for name in anchors
        ]

    def alt_texts(self) -> list[str]:
        """Of pictures."""
        return [one.get("descr") for one in self.document.element.iter(qn("wp:docPr")) if one.get("descr")]


def _text(element: Any) -> str:
    return " ".join("".join(one.text or " " for one in element.iter(qn("w:t"), qn("w:tab"), qn("w:br"))).split())


def _fields(element: Any) -> list[str]:
    return [(one.text or "").split()[0] for one in element.iter(qn("w:instrText"))]


@pytest.fixture(scope="module")
def both(engines: Engines, libreoffice: EngineProcess, tmp_path_factory: pytest.TempPathFactory) -> tuple[Told, Told]:
    """The report as written, and as it came back."""
    home = tmp_path_factory.mktemp("round trip")
    given, pdf, back = home / "given.docx", home / "given.pdf", home / "back.docx"
    write(word_report.report(), given)
    libreoffice.run(_job("docx_to_pdf", given, pdf), lambda *_: None, threading.Event())
    engines.run("chalicelib.engines.word.engine", _job("pdf_to_docs", pdf, back), lambda *_: None, threading.Event())
    return Told(given, docx.Document(str(given))), Told(back, docx.Document(str(back)))


def _job(action: str, source: Path, output: Path) -> Job:
    work = output.parent / f"work for {output.name}"
    work.mkdir()
    return Job(action, (InputFile(source, source.name, source.suffix[1:]),), output, work, limits=Limits(timeout_s=120))


def test_package_is_valid_when_it_was_a_pdf(both: tuple[Told, Told]) -> None:
    assert violations(both[1].path) == []


def test_headings_and_title_are_again_when_they_were_styles(both: tuple[Told, Told]) -> None:
    for pattern in ("Title", r"Heading \d|heading \d", "caption|Caption"):
        assert both[1].styled(pattern) == both[0].styled(pattern)


def test_contents_lead_to_headings_again_when_they_were_a_field(both: tuple[Told, Told]) -> None:
    assert both[1].styled(r"toc \d") == both[0].styled(r"toc \d")
    assert _fields(both[1].document.element)[:1] == ["TOC"]
    assert both[1].contents() == both[0].contents()


def test_items_have_format_and_level_again_when_in_lists(both: tuple[Told, Told]) -> None:
    assert both[1].items() == both[0].items()


def test_text_flows_again_when_paragraphs_have_several_lines(both: tuple[Told, Told]) -> None:
    assert both[1].bodies() == both[0].bodies()


def test_tables_have_their_cells_again_when_bordered(both: tuple[Told, Told]) -> None:
    assert both[1].tables() == both[0].tables()
    assert both[1].repeated_heads() == 1


def test_notes_are_footnotes_again_when_they_stood_below_the_text(both: tuple[Told, Told]) -> None:
    assert both[1].notes() == both[0].notes()


def test_head_and_foot_run_along_again_when_on_every_page(both: tuple[Told, Told]) -> None:
    assert both[1].running() == both[0].running()


def test_letters_links_and_pictures_are_again_what_they_were(both: tuple[Told, Told]) -> None:
    assert both[1].raised() == both[0].raised()
    assert both[1].links() == both[0].links()
    assert both[1].alt_texts() == both[0].alt_texts()


def test_right_to_left_is_again_when_it_was(both: tuple[Told, Told]) -> None:
    rtl = [[_text(one) for one in told.paragraphs() if one.xpath("./w:pPr/w:bidi")] for told in both]
    assert rtl[1] == rtl[0] != []
