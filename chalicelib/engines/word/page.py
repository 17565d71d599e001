"""One page as flowing text and tables, by pdf2docx's own stages."""

from typing import Any

from docx.shared import Pt
from pdf2docx import Converter
from pdf2docx.common import constants
from pdf2docx.common.docx import reset_paragraph_format, set_columns
from pdf2docx.page.RawPageFitz import RawPageFitz
from pdf2docx.shape.Paths import Paths
from pdf2docx.text.TextSpan import TextSpan

from chalicelib.engines.word import grouping, images, paragraphs, tables
from chalicelib.engines.word.body import PageBuilder
from chalicelib.engines.word.columns import find_sections
from chalicelib.engines.word.fonts import BOLD_FLAG, ITALIC_FLAG, face_of, plain_name
from chalicelib.engines.word.paragraphs import keep_widths
from chalicelib.engines.word.text import Box, TextLayer

grouping.install()
tables.install()
images.install()
paragraphs.install()

_SETTINGS: dict[str, Any] = Converter.default_settings.fget(None) | {"raw_exceptions": True, "ignore_page_error": False}

_ROOM_AT_END_PT = 8.0
_LINKS = ("http://", "https://", "mailto:", "tel:", "ftp://")
"""Kinds of links that may stand in a document; any other (``file:``, ``javascript:``) is text without a link."""


class FlowPage(RawPageFitz):  # type: ignore[misc]
    """pdf2docx's view of a page, with the text as it was read by ``word.text`` and families that Word has."""

    def __init__(self, page: Any, layer: TextLayer, fonts: dict[str, str]) -> None:
        super().__init__(page)
        self._layer = layer
        self._fonts = fonts

    def _preprocess_text(self, **settings: Any) -> list[dict[str, Any]]:
        return self._layer.blocks

    def _init_paths(self, **settings: Any) -> Any:
        drawings = [one for one in self.page_engine.get_cdrawings() if not self._is_letter(one)]
        return Paths(parent=self).restore(drawings)

    def _is_letter(self, drawing: dict[str, Any]) -> bool:
        """Whether it draws a letter of a Type 3 font, which is there as text already."""
        x0, y0, x1, y1 = drawing["rect"]
        return any(
            box[0] - 1 <= x0 and box[1] - 1 <= y0 and x1 <= box[2] + 1 and y1 <= box[3] + 1 for box in self._layer.drawn
        )

    def _preprocess_hyperlinks(self) -> list[dict[str, Any]]:
        links = super()._preprocess_hyperlinks()
        return [link | {"bbox": _core(link["bbox"])} for link in links if str(link["uri"]).lower().startswith(_LINKS)]

    def name_fonts(self) -> None:
        """Give each span a family of Word, and the line height that family has."""
        for line in self.blocks:
            for span in line.spans:
                if isinstance(span, TextSpan):
                    self._name_font(span)

    def _name_font(self, span: Any) -> None:
        face = face_of(span.font, span.flags)
        if face.substituted:
            self._fonts[plain_name(span.font)] = face.family
        span.font = face.family
        span.flags |= BOLD_FLAG * face.bold | ITALIC_FLAG * face.italic


def _core(box: Box) -> Box:
    """A link's box without its rims: where they reach the lines above and below, pdf2docx would link these too."""
    rim = min(4.0, 0.3 * (box[3] - box[1]))
    return box[0], box[1] + rim, box[2], box[3] - rim


def build_flow(builder: PageBuilder, page: Any, layer: TextLayer, fonts: dict[str, str]) -> None:
    """Build ``page`` in ``builder``; the PDF fonts that another family stands for are added to ``fonts``."""
    raw = FlowPage(page, layer, fonts)
    raw.restore(**_SETTINGS)
    raw.clean_up(**_SETTINGS)
    raw.name_fonts()
    raw.margin = raw.calculate_margin(**_SETTINGS)
    sections = find_sections([*raw.blocks, *raw.shapes], raw.working_bbox)
    for section in sections:
        section.parse(**_SETTINGS)
        for column in section:
            _leave_out_turned(column.blocks)
            keep_widths(column.blocks)
    _spare_end(sections, raw.height)
    builder.begin_page(raw.width, raw.height, (*raw.margin[:3], max(0.0, raw.margin[3] - 24)))
    for number, section in enumerate(sections):
        _build_section(builder, section, first=number == 0)
    for image in raw.blocks.floating_image_blocks:
        image.make_docx(builder.first_paragraph())


def _leave_out_turned(blocks: Any) -> None:
    """Take out paragraphs of turned text: only in cells pdf2docx makes them turned. Text boxes get what is missing."""
    blocks.reset([block for block in blocks if not (block.is_text_block and block.is_vertical_text)])


def _spare_end(sections: list[Any], height: float) -> None:
    """Leave room for the paragraph that follows every table, below one that reaches the end of the page."""
    for column in sections[-1] if sections else ():
        block = column.blocks[-1] if len(column.blocks) else None
        if block is not None and block.is_table_block:
            block[-1].height = max(1.0, block[-1].height - max(0.0, block.bbox.y1 - height + _ROOM_AT_END_PT))


def _build_section(builder: PageBuilder, section: Any, first: bool) -> None:
    if first:
        _space(builder, section.before_space)
    else:
        builder.last_paragraph().paragraph_format.space_after = Pt(max(section.before_space, 0))
    if not first or section.num_cols == 2:
        builder.begin_section()
    set_columns(builder.section, [column.bbox[2] - column.bbox[0] for column in section], section.space)
    for number, column in enumerate(section):
        if number:
            builder.column_break()
        column.make_docx(builder)


def _space(builder: PageBuilder, height: float) -> None:
    """Room above the page's first section."""
    if height > constants.MINOR_DIST:
        line = min(height, 11.0)
        spacing = reset_paragraph_format(builder.add_paragraph(), line_spacing=Pt(line))
        spacing.space_after = Pt(height - line)
