"""Embedding a JPEG's or a PNG's own compressed stream, unchanged, where PDF can hold it."""

import re
import struct
from dataclasses import dataclass

from img2pdf import Colorspace, ImageFormat  # type: ignore[import-not-found]
from PIL import Image

from chalicelib.engines.images.picture import Picture, png_parts

_MARKER, _SOI, _EOI, _SOS = 0xFF, 0xD8, 0xD9, 0xDA
_BEHIND_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""The next marker: none that stands in the scan, as stuffed bytes and restarts do."""
_STANDALONE = {0x01, *range(0xD0, 0xD8)}
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_EMBEDDABLE_FRAMES = {0xC0: "baseline", 0xC1: "extended sequential", 0xC2: "progressive"}
"""Huffman-coded DCT: what PDF's DCTDecode holds (PDF 32000-1, 7.4.8). Not lossless, hierarchical or arithmetic JPEG."""
_PNG_COLORS = {0: Colorspace.L, 2: Colorspace.RGB, 3: Colorspace.P}


@dataclass(frozen=True)
class JpegFrame:
    """A JPEG's frame header: how it is coded, and the names of its components."""

    marker: int
    depth: int
    components: bytes
    names_colours: bool
    """An APP0 (JFIF) or APP14 (Adobe) marker says how the colours are stored."""


def jpeg_frame(data: bytes) -> JpegFrame | None:
    """The first frame header in front of the scan; None where there is none."""
    at, named = 2, False
    while at + 4 <= len(data):
        if data[at] != 0xFF or data[at + 1] in {0xFF, 0x00, *_STANDALONE}:
            at += 1
            continue
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        segment = data[at + 4 : at + 2 + length]
        if marker in _FRAMES:
            return _frame(marker, segment, named)
        if marker == _SOS:
            return None
        named = named or segment.startswith((b"JFIF\0", b"Adobe"))
        at += 2 + length
    return None


def _frame(marker: int, segment: bytes, named: bool) -> JpegFrame | None:
    try:
        depth, _height, _width, count = struct.unpack_from(">BHHB", segment)
    except struct.error:
        return None
    return JpegFrame(marker, depth, segment[6 : 6 + 3 * count : 3], named)


def is_whole_jpeg(data: bytes) -> bool:
    """Whether marker follows marker, scan scan, from the first to the end of the image.

    It is what a decoder insists on: damage within a scan it only warns of. No sample is decoded, which for photographs
    would take four times as long as all the rest.
    """
    at, scans = 2, 0
    while at + 4 <= len(data) and data[at] == _MARKER:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _EOI:
            return scans > 0
        if marker in _STANDALONE or marker in {0x00, _MARKER, _SOI} or length < 2:
            return False
        at += 2 + length
        if marker == _SOS:
            scans += 1
            found = _BEHIND_SCAN.search(data, at)
            if found is None:
                return False
            at = found.start()
            if data[at + 1] == _EOI:
                return True
    return False


def jpeg_picture(image: Image.Image, data: bytes) -> Picture | None:
    """The whole file as one DCT stream; None where PDF's decoder is not required to understand it."""
    frame = jpeg_frame(data)
    colors = {"L": Colorspace.L, "RGB": Colorspace.RGB, "CMYK": Colorspace.CMYK}
    if frame is None or frame.marker not in _EMBEDDABLE_FRAMES or frame.depth != 8 or image.mode not in colors:
        return None
    color = colors[image.mode]
    if color is Colorspace.CMYK and "adobe" in image.info:
        color = Colorspace["CMYK;I"]  # Adobe's writers store CMYK inverted
    plain_rgb = not frame.names_colours and frame.components == b"RGB"
    return Picture(color, image.size, data, ImageFormat.JPEG, plain_rgb=plain_rgb, original=True)


@dataclass(frozen=True)
class PngHeader:
    """What Pillow does not tell of a PNG's header."""

    depth: int
    color_type: int
    interlaced: bool

    @classmethod
    def of(cls, data: bytes) -> "PngHeader":
        """Read the IHDR chunk, which is always the first."""
        return cls(data[24], data[25], data[28] != 0)


def png_picture(image: Image.Image, data: bytes) -> Picture | None:
    """The file's own IDAT stream; None where alpha or interlacing stand in the way."""
    header = PngHeader.of(data)
    if header.interlaced or header.color_type not in _PNG_COLORS or "transparency" in image.info:
        return None
    idat, palette = png_parts(data)
    if header.color_type != 3:
        palette = b""
    elif not palette or len(palette) % 3:
        return None
    return Picture(
        _PNG_COLORS[header.color_type],
        image.size,
        idat,
        depth=header.depth,
        palette=palette,
        original=True,
    )
