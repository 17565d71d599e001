"""The document that grows page by page: each page is built in an empty body, then kept or thrown away."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from chalicelib.engines.word.markup import mend
from chalicelib.engines.word.text import BETWEEN, clean

TINY_PT = 1.0
"""Height of a paragraph that is there only to carry something, in points."""

_EDGE_PT = 36
"""Distance of headers and footers from the page's edge, in points, where the margin leaves that much."""


class GridCell(_Cell):
    """A cell whose inner tables are grids again, and that tells its own grid when it is merged."""

    def merge(self, other_cell: _Cell) -> _Cell:
        """As python-docx has it; the grid is read anew afterwards."""
        self._parent.forget()  # type: ignore[attr-defined]
        merged: _Cell = super().merge(other_cell)
        return merged

    def add_table(self, rows: int, cols: int) -> Table:  # type: ignore[override]
        """A grid, with a paragraph after it."""
        return Grid(super().add_table(rows, cols)._tbl, self)


class Grid(Table):
    """A table that does not walk through all its cells at each ``cell()``: pdf2docx asks thrice for every cell."""

    _known: list[_Cell] | None = None

    def forget(self) -> None:
        """The cells have changed."""
        self._known = None

    @property
    def _cells(self) -> list[_Cell]:
        if self._known is None:
            self._known = [GridCell(cell._tc, self) for cell in super()._cells]
        return self._known


class PageBuilder:
    """A Word document of finished pages and one page in the making, which holds sections, paragraphs and tables.

    pdf2docx sees it as the python-docx document. That one page is alone in the body keeps each of its look-ups small.
    """

    def __init__(self) -> None:
        self._document = Document()
        self._body = self._document.element.body
        self._blank = deepcopy(self._body.sectPr)
        self._pages: list[tuple[list[Any], Any]] = []
        self._plain_defaults()

    def _plain_defaults(self) -> None:
        """No space and single lines unless a paragraph says so: the template's 10 pt after each make pages grow."""
        for spacing in self._document.styles.element.xpath("w:docDefaults/w:pPrDefault/w:pPr/w:spacing"):
            spacing.set(qn("w:after"), "0")
            spacing.set(qn("w:line"), "240")

    @property
    def page_count(self) -> int:
        """Finished pages."""
        return len(self._pages)

    def begin_page(self, width: float, height: float, margin: Sequence[float]) -> None:
        """Start a page of ``width`` x ``height`` points with the margins left, right, top, bottom; an unfinished one is dropped."""
        self._clear()
        section = self._document.sections[0]
        section.page_width, section.page_height = Pt(width), Pt(height)
        section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = (
            Pt(one) for one in margin
        )
        section.header_distance, section.footer_distance = (Pt(min(_EDGE_PT, one)) for one in margin[2:])

    def _clear(self) -> None:
        for child in list(self._body):
            self._body.remove(child)
        self._body.append(deepcopy(self._blank))

    def add_paragraph(self) -> Paragraph:
        """A new paragraph at the end of the page."""
        return self._document.add_paragraph()

    def add_tiny_paragraph(self) -> Paragraph:
        """A paragraph that takes next to no room."""
        paragraph = self.add_paragraph()
        paragraph.paragraph_format.line_spacing = Pt(TINY_PT)
        mark = OxmlElement("w:rPr")
        size = OxmlElement("w:sz")
        size.set(qn("w:val"), "2")
        mark.append(size)
        paragraph._p.get_or_add_pPr().append(mark)
        return paragraph

    def add_table(self, rows: int, cols: int) -> Table:
        """A new table at the end of the page."""
        return Grid(self._document.add_table(rows, cols)._tbl, self._document._body)

    def last_paragraph(self) -> Paragraph:
        """The page's last paragraph when nothing follows it and it ends no section, else a tiny one."""
        content = list(self._body)[:-1]
        if content and content[-1].tag == qn("w:p") and content[-1].find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is None:
            return Paragraph(content[-1], self._document._body)
        return self.add_tiny_paragraph()

    def first_paragraph(self) -> Paragraph:
        """The page's first paragraph, for what is anchored to the page; a tiny one when it begins with a table."""
        content = list(self._body)[:-1]
        if content and content[0].tag == qn("w:p"):
            return Paragraph(content[0], self._document._body)
        paragraph = self.add_tiny_paragraph()
        self._body.insert(0, paragraph._p)
        return paragraph

    def begin_section(self) -> Any:
        """End the section so far and start one on the same page; its python-docx section."""
        ended = self._body.sectPr.clone()
        self.last_paragraph()._p.set_sectPr(ended)
        section = self._document.sections[-1]
        section.start_type = WD_SECTION.CONTINUOUS
        return section

    @property
    def section(self) -> Any:
        """The section being filled."""
        return self._document.sections[-1]

    def column_break(self) -> None:
        """What follows starts in the next column.

        A break character, not a ``nextColumn`` section as pdf2docx has it: to LibreOffice that one is a new page.
        """
        run = self.add_tiny_paragraph().add_run()._r
        mark = OxmlElement("w:br")
        mark.set(qn("w:type"), "column")
        run.append(mark)

    def text(self) -> str:
        """What the page in the making says, its paragraphs apart by ``BETWEEN``."""
        parts = []
        for node in self._body.iter(qn("w:p"), qn("w:t")):
            parts.append(BETWEEN if node.tag == qn("w:p") else node.text or "")
        return "".join(parts)

    def mend(self) -> None:
        """Make the markup of the page in the making valid."""
        mend(list(self._body))

    def end_page(self) -> None:
        """Keep the page; it has at least one paragraph, without which it would not be there at all."""
        self.last_paragraph()
        section = self._body.sectPr
        self._body.remove(section)
        self._pages.append((list(self._body), section))
        self._clear()

    def counts(self) -> dict[str, int]:
        """Tables (nested ones too) and pictures on the finished pages."""
        found = {"tables": 0, "images": 0}
        for elements, _ in self._pages:
            for top in elements:
                found["tables"] += sum(1 for _ in top.iter(qn("w:tbl")))
                found["images"] += sum(1 for _ in top.iter(qn("a:blip")))
        return found

    def save(self, path: Path, metadata: Mapping[str, str | None]) -> None:
        """Write the finished pages, with title and author of the PDF's ``metadata``."""
        self._describe(metadata)
        self._clear()
        self._body.remove(self._body.sectPr)
        for number, (elements, section) in enumerate(self._pages, start=1):
            self._body.extend(elements)
            if number < len(self._pages):
                elements[-1].set_sectPr(section)
            else:
                self._body.append(section)
        for number, shape in enumerate(self._body.iter(qn("wp:docPr")), start=1):
            shape.set("id", str(number))
        self._document.save(str(path))

    def _describe(self, metadata: Mapping[str, str | None]) -> None:
        """python-docx's template names itself as the author, in 2013."""
        properties, now = self._document.core_properties, datetime.now(UTC)
        properties.title, properties.author = (clean(metadata.get(key) or "")[:255] for key in ("title", "author"))
        properties.comments, properties.last_modified_by = "", ""
        properties.created = properties.modified = now
