"""Pictures in DrawingML: in line with the text, or at a place of the page."""

from chalicelib.engines.word.document.picture import Anchor, MediaType, Picture, Wrap
from chalicelib.engines.word.write.links import target
from chalicelib.engines.word.write.story import Story
from chalicelib.engines.word.write.texts import text_run
from chalicelib.engines.word.write.units import emu, extent, rotation, thousandths
from chalicelib.engines.word.write.xml import attribute, tag

_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_DECORATIVE = "http://schemas.microsoft.com/office/drawing/2017/decorative"
_DECORATIVE_EXTENSION = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"
_BESIDE_EMU = 114_300
"""Between an anchored picture and the text beside it: 9 pt, as Word has it."""

_WRAPS = {
    Wrap.NONE_BEHIND: "<wp:wrapNone/>",
    Wrap.NONE_FRONT: "<wp:wrapNone/>",
    Wrap.SQUARE: '<wp:wrapSquare wrapText="bothSides"/>',
    Wrap.TOP_AND_BOTTOM: "<wp:wrapTopAndBottom/>",
}


def picture_run(picture: Picture, story: Story, anchor: Anchor | None) -> str:
    """A run with the picture, in line with the text unless there is an ``anchor``."""
    number = story.writing.next_shape()
    head = _properties(picture, story, number)
    graphic = tag("a:graphic", tag("a:graphicData", _graphic(picture, story, number), uri=_PICTURE))
    size = (picture.width, picture.height)
    if anchor:
        return anchored(head, graphic, size, anchor, number) + _words(picture)
    frame = f"{_extent(size)}{head}<wp:cNvGraphicFramePr/>{graphic}"
    return drawing(f'<wp:inline distT="0" distB="0" distL="0" distR="0">{frame}</wp:inline>') + _words(picture)


def _words(picture: Picture) -> str:
    """What the letters of a chart say, hidden: for search, and for programs that take only the text."""
    if not picture.words:
        return ""
    return text_run(f" {picture.words} ", "<w:rPr><w:vanish/></w:rPr>")


def drawing(inside: str) -> str:
    """A run that draws ``inside``."""
    return f"<w:r><w:drawing>{inside}</w:drawing></w:r>"


def anchored(head: str, graphic: str, size: tuple[float, float], anchor: Anchor, order: int) -> str:
    """A run with ``graphic`` at a place of the page; ``order`` is its place from back to front."""
    return drawing(anchor_xml(head, graphic, size, anchor, order))


def anchor_xml(head: str, graphic: str, size: tuple[float, float], anchor: Anchor, order: int) -> str:
    """``wp:anchor`` of ``graphic`` with its non-visual properties ``head``."""
    behind = int(anchor.wrap is Wrap.NONE_BEHIND)
    beside = _BESIDE_EMU if anchor.wrap is Wrap.SQUARE else 0
    return (
        f'<wp:anchor distT="0" distB="0" distL="{beside}" distR="{beside}" simplePos="0" relativeHeight="{order}"'
        f' behindDoc="{behind}" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{emu(anchor.x)}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{emu(anchor.y)}</wp:posOffset></wp:positionV>'
        f"{_extent(size)}{_WRAPS[anchor.wrap]}{head}<wp:cNvGraphicFramePr/>{graphic}</wp:anchor>"
    )


def _extent(size: tuple[float, float]) -> str:
    return f'<wp:extent cx="{extent(size[0])}" cy="{extent(size[1])}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'


def _properties(picture: Picture, story: Story, number: int) -> str:
    """Name, description and link."""
    link = _link(picture, story)
    inside = f'<a:hlinkClick r:id="{link}"/>' if link else ""
    if picture.decorative:
        mark = f'<adec:decorative xmlns:adec="{_DECORATIVE}" val="1"/>'
        inside += tag("a:extLst", tag("a:ext", mark, uri=_DECORATIVE_EXTENSION))
    alt = f' descr="{attribute(picture.alt)}"' if picture.alt else ""
    return f'<wp:docPr id="{number}" name="Picture {number}"{alt}>{inside}</wp:docPr>'


def _link(picture: Picture, story: Story) -> str | None:
    uri = target(picture.uri) if picture.uri else None
    if uri:
        return story.part.relate("hyperlink", uri, external=True)
    name = story.writing.bookmarks.name(picture.anchor_link) if picture.anchor_link else None
    return story.part.relate("hyperlink", f"#{name}", external=True) if name else None


def _graphic(picture: Picture, story: Story, number: int) -> str:
    turn = f' rot="{rotation(picture.turn)}"' if rotation(picture.turn) else ""
    size = f'<a:ext cx="{extent(picture.width)}" cy="{extent(picture.height)}"/>'
    return (
        f'<pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="Picture {number}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f"<pic:blipFill>{_blip(picture, story)}{_crop(picture)}<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
        f'<pic:spPr><a:xfrm{turn}><a:off x="0" y="0"/>{size}</a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
    )


def _blip(picture: Picture, story: Story) -> str:
    media = picture.media
    embedded = _embed(media.data, media.media_type, story)
    svg = media.svg if media.svg else media.data if media.media_type is MediaType.SVG else None
    if svg is None:
        return f'<a:blip r:embed="{embedded}"/>'
    vector = f'<asvg:svgBlip xmlns:asvg="{_SVG}" r:embed="{_embed(svg, MediaType.SVG, story)}"/>'
    extension = tag("a:extLst", tag("a:ext", vector, uri=_SVG_EXTENSION))
    return f'<a:blip r:embed="{embedded}">{extension}</a:blip>'


def _embed(data: bytes, media_type: MediaType, story: Story) -> str:
    return story.part.relate("image", "/" + story.writing.package.add_picture(data, media_type))


def _crop(picture: Picture) -> str:
    if not any(picture.crop):
        return ""
    shares = (thousandths(one) for one in picture.crop)
    return tag("a:srcRect", **dict(zip("ltrb", shares, strict=True)))
