"""What stands at a fixed place of a page: pictures and text boxes, in DrawingML."""

import math
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml

from chalicelib.engines.word.fonts import BOLD_FLAG, ITALIC_FLAG, face_of
from chalicelib.engines.word.text import Box, SourceLine, hull

_EMU_PER_PT = 12_700
_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_SHAPE = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
_VERTICAL = {90.0: "vert", 270.0: "vert270"}
"""Text turned by these degrees clockwise is turned inside its box; at other angles the box is turned."""

_SAME_ROW = 0.5
"""Lines whose tops differ by less than this share of their height are in one row."""

_LONGER, _SLACK_PT = 0.1, 6.0
_LINE = 1.2
"""Height of a line, in sizes of its font."""


def add_picture(paragraph: Any, image: Any, box: Box, *, behind: bool, order: int) -> None:
    """Anchor ``image`` (a file or stream) at ``box``, in points of the page; ``order`` is its place from back to front."""
    relation, _ = paragraph.part.get_or_add_image(image)
    graphic = (
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        '<pic:nvPicPr><pic:cNvPr id="0" name="Picture"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {_size(box)}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData>"
    )
    _anchor(paragraph, graphic, box, "Picture", behind=behind, order=order)


def add_text(paragraph: Any, lines: Sequence[SourceLine], *, behind: bool, order: int) -> None:
    """Anchor a text box with ``lines``, which run in one direction, at their place on the page."""
    turn = lines[0].turn
    box = hull([line.box for line in lines])
    direction, rotation = _VERTICAL.get(turn, "horz"), ""
    if turn not in (0, 90, 270):
        box, rotation = _unturned(box, turn, lines[0].size), f' rot="{round(turn * 60_000)}"'
    room = _roomy(box, turn)
    graphic = (
        f'<a:graphicData uri="{_SHAPE}"><wps:wsp><wps:cNvSpPr txBox="1"/>'
        f'<wps:spPr><a:xfrm{rotation}><a:off x="0" y="0"/><a:ext {_size(room)}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        "<a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>"
        f"<wps:txbx><w:txbxContent>{_paragraphs(lines, box)}</w:txbxContent></wps:txbx>"
        f'<wps:bodyPr vert="{direction}" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:noAutofit/></wps:bodyPr>'
        "</wps:wsp></a:graphicData>"
    )
    _anchor(paragraph, graphic, room, "Text", behind=behind, order=order)


def _unturned(box: Box, turn: float, size: float) -> Box:
    """The box of slanted text before it was turned around its middle; ``box`` is upright and holds it turned."""
    width, height, thick = box[2] - box[0], box[3] - box[1], _LINE * size
    cos, sin = abs(math.cos(math.radians(turn))), abs(math.sin(math.radians(turn)))
    long = (width - thick * sin) / cos if cos > sin else (height - thick * cos) / sin
    x, y, long = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, max(long, thick)
    return x - long / 2, y - thick / 2, x + long / 2, y + thick / 2


def _roomy(box: Box, turn: float) -> Box:
    """``box``, longer at the text's end: the font there may be wider than the page's was."""
    x0, y0, x1, y1 = box
    if turn == 90:
        return x0, y0, x1 + _SLACK_PT, y1 + _LONGER * (y1 - y0) + _SLACK_PT
    if turn == 270:
        return x0, y0 - _LONGER * (y1 - y0) - _SLACK_PT, x1 + _SLACK_PT, y1
    return x0, y0, x1 + _LONGER * (x1 - x0) + _SLACK_PT, y1 + _SLACK_PT


def _paragraphs(lines: Sequence[SourceLine], box: Box) -> str:
    """A paragraph for each row: its lines behind tabs at their places."""
    parts, before = [], None
    for row in _rows(lines):
        here = _across(row[0])[0]
        height = max(_height(line) for line in row) if before is None else abs(here - before)
        indents = [max(0, round(20 * _indent(line, box))) for line in row]
        stops = "".join(f'<w:tab w:val="left" w:pos="{indent}"/>' for indent in indents[1:])
        parts.append(
            f"<w:p><w:pPr>{f'<w:tabs>{stops}</w:tabs>' if stops else ''}"
            f'<w:spacing w:before="0" w:after="0" w:line="{max(20, round(20 * height))}" w:lineRule="exact"/>'
            f'<w:ind w:left="{indents[0]}"/></w:pPr>{"<w:r><w:tab/></w:r>".join(map(_run, row))}</w:p>'
        )
        before = here
    return "".join(parts)


def _rows(lines: Sequence[SourceLine]) -> list[list[SourceLine]]:
    """Lines beside each other together, along their direction; rows in the order in which they are read."""
    rows: list[list[SourceLine]] = []
    for line in sorted(lines, key=lambda one: _across(one)[0], reverse=lines[0].turn == 90):
        start, end = _across(line)
        if rows and abs(start - _across(rows[-1][0])[0]) < _SAME_ROW * (end - start):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda one: -one.box[3] if one.turn == 270 else one.box[one.turn == 90]) for row in rows]


def _across(line: SourceLine) -> tuple[float, float]:
    """Where the line lies across its direction."""
    axis = 0 if line.turn in (90, 270) else 1
    return line.box[axis], line.box[axis + 2]


def _height(line: SourceLine) -> float:
    """The height of the line itself: the box around slanted text is as high as the text is long."""
    start, end = _across(line)
    return _LINE * line.size if line.turn % 90 else end - start


def _indent(line: SourceLine, box: Box) -> float:
    """How far after the box's edge the line begins, in points."""
    return {0: line.box[0] - box[0], 90: line.box[1] - box[1], 270: box[3] - line.box[3]}.get(int(line.turn), 0.0)


def _run(line: SourceLine) -> str:
    face = face_of(line.font, line.flags)
    family = quoteattr(face.family)
    bold = "<w:b/>" if line.flags & BOLD_FLAG or face.bold else ""
    italic = "<w:i/>" if line.flags & ITALIC_FLAG or face.italic else ""
    size = max(2, round(2 * line.size))
    return (
        f"<w:r><w:rPr><w:rFonts w:ascii={family} w:hAnsi={family} w:eastAsia={family} w:cs={family}/>{bold}{italic}"
        f'<w:color w:val="{line.color & 0xFFFFFF:06X}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(line.text)}</w:t></w:r>'
    )


def _anchor(paragraph: Any, graphic: str, box: Box, name: str, *, behind: bool, order: int) -> None:
    """Put ``graphic`` into a run of ``paragraph``, at ``box`` of its page. Its id is given when the document is saved."""
    drawing = (
        f"<w:drawing {_NAMESPACES}>"
        f'<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="{order}" behindDoc="{int(behind)}"'
        ' locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{_emu(box[0])}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{_emu(box[1])}</wp:posOffset></wp:positionV>'
        f'<wp:extent {_size(box)}/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/><wp:docPr id="1" name="{name}"/>'
        f"<wp:cNvGraphicFramePr/><a:graphic>{graphic}</a:graphic></wp:anchor></w:drawing>"
    )
    paragraph.add_run()._r.append(parse_xml(drawing))


def _size(box: Box) -> str:
    return f'cx="{max(1, _emu(box[2] - box[0]))}" cy="{max(1, _emu(box[3] - box[1]))}"'


def _emu(points: float) -> int:
    return round(points * _EMU_PER_PT)
