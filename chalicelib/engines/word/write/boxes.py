"""Text boxes at places of the page."""

from chalicelib.engines.word.document.block import TextBox
from chalicelib.engines.word.document.picture import Anchor, Wrap
from chalicelib.engines.word.write.pictures import anchor_xml
from chalicelib.engines.word.write.story import Story
from chalicelib.engines.word.write.units import color, emu, extent, rotation
from chalicelib.engines.word.write.xml import tag

_SHAPE = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
_VERTICAL = {90: "vert", 270: "vert270"}
"""Text turned by these degrees clockwise is turned inside its box; at other angles the box is turned."""


def box_run(box: TextBox, inside: str, story: Story) -> str:
    """A run with a text box that holds the paragraphs ``inside``; without any, a rectangle."""
    number = story.writing.next_shape()
    wrap = Wrap.NONE_BEHIND if box.behind else Wrap.NONE_FRONT
    head = f'<wp:docPr id="{number}" name="Text Box {number}"/>'
    graphic = tag("a:graphic", tag("a:graphicData", _shape(box, inside), uri=_SHAPE))
    anchor = anchor_xml(head, graphic, (box.width, box.height), Anchor(box.x, box.y, wrap), number)
    choice = f'<mc:Choice Requires="wps"><w:drawing>{anchor}</w:drawing></mc:Choice>'
    return f"<w:r><mc:AlternateContent>{choice}</mc:AlternateContent></w:r>"


def _shape(box: TextBox, inside: str) -> str:
    turned = box.turn % 360
    direction = _VERTICAL.get(turned, "horz")
    turn = "" if turned in (0, *_VERTICAL) else f' rot="{rotation(turned)}"'
    size = f'<a:ext cx="{extent(box.width)}" cy="{extent(box.height)}"/>'
    fill = _solid(box.fill) if box.fill else "<a:noFill/>"
    line = "<a:ln><a:noFill/></a:ln>"
    if box.border:
        line = f'<a:ln w="{emu(box.border.width)}">{_solid(box.border.color)}</a:ln>'
    kind = ' txBox="1"' if inside else ""
    content = f"<wps:txbx><w:txbxContent>{inside}</w:txbxContent></wps:txbx>" if inside else ""
    return (
        f'<wps:wsp><wps:cNvSpPr{kind}/><wps:spPr><a:xfrm{turn}><a:off x="0" y="0"/>{size}</a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{fill}{line}</wps:spPr>'
        f"{content}"
        f'<wps:bodyPr vert="{direction}" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:noAutofit/>'
        "</wps:bodyPr></wps:wsp>"
    )


def _solid(rgb: str | None) -> str:
    value = color(rgb)
    return f'<a:solidFill><a:srgbClr val="{"000000" if value == "auto" else value}"/></a:solidFill>'
