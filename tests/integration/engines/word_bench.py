"""Runs the engine PDF to Word and reads its document page by page."""

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn

from chalicelib.engines.job import InputFile, Job, Limits, Outcome
from chalicelib.engines.process import Engines


@dataclass
class WordBench:
    """``progress`` collects what the engine reports."""

    engines: Engines
    home: Path
    progress: list[tuple[int, int, str]] = field(default_factory=list)

    @property
    def output(self) -> Path:
        """Where the document is written."""
        return self.home / "output.docx"

    def run(
        self, data: bytes, pages: str | None = None, *, password: str | None = None, limits: Limits | None = None
    ) -> Outcome:
        """Convert the PDF ``data``."""
        source = self.home / "input.pdf"
        source.write_bytes(data)
        inputs = (InputFile(source, source.name, "pdf"),)
        job = Job(
            "pdf_to_docs", inputs, self.output, self.home, {"pages": pages}, password, limits or Limits(timeout_s=60)
        )
        return self.engines.run(
            "chalicelib.engines.word.engine", job, lambda *step: self.progress.append(step), threading.Event()
        )

    def document(self) -> Any:
        """The result, as python-docx opens it."""
        return docx.Document(str(self.output))

    def pages(self) -> list[list[Any]]:
        """The XML of each page: what follows a break before a paragraph, or a section that begins on a new page."""
        body = self.document().element.body
        pages: list[list[Any]] = [[]]
        started = True
        for element in body:
            breaks = not started and _starts_page(element, body)
            if pages[-1] and (breaks or _breaks_before(element)):
                pages.append([])
            started = not element.xpath("self::w:sectPr | ./w:pPr/w:sectPr")
            if element.tag != qn("w:sectPr"):
                pages[-1].append(element)
        return pages

    def texts(self) -> list[str]:
        """All words of each page, those in text boxes too."""
        return [" ".join("".join(_text(part) for part in page).split()) for page in self.pages()]

    def pictures(self) -> list[bytes]:
        """The files of the pictures in the document, in order."""
        parts = self.document().part.related_parts
        return [parts[blip.get(qn("r:embed"))].blob for blip in self.document().element.iter(qn("a:blip"))]


def _breaks_before(element: Any) -> bool:
    """Whether the paragraph, or the first one of the table, begins a page."""
    first = element if element.tag == qn("w:p") else next(iter(element.iter(qn("w:p"))), element)
    return bool(first.xpath("./w:pPr/w:pageBreakBefore[not(@w:val='0')]"))


def _starts_page(element: Any, body: Any) -> bool:
    """Whether the section that ``element`` is in begins on a new page."""
    following = [element, *element.itersiblings()]
    section = next(found for one in following for found in one.xpath("self::w:sectPr | ./w:pPr/w:sectPr"))
    return not section.xpath("./w:type[@w:val='continuous']")


def _text(element: Any) -> str:
    breaks = {qn("w:p"), qn("w:tc"), qn("w:br"), qn("w:tab")}
    return "".join(" " if node.tag in breaks else node.text or "" for node in element.iter(*breaks, qn("w:t")))
