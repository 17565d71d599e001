"""Images of 16 bits a channel, which Pillow would cut to 8: their samples are taken from the file itself."""

import zlib
from dataclasses import replace

import pillow_heif
from img2pdf import Colorspace, ImageFormat  # type: ignore[import-not-found]
from PIL import Image, ImageChops

from chalicelib.engines.images.embed import PngHeader
from chalicelib.engines.images.picture import Picture, png_parts
from chalicelib.engines.images.samples import channels, effort, png_idat, swapped, unpredicted
from chalicelib.engines.raster import Source, check_pixels, reading

_PNG_CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""First column and row of each pass, and its steps across and down (PNG specification, 8.2)."""


def deep_picture(pixels: bytes, size: tuple[int, int], colours: int, count: int) -> Picture:
    """Big-endian 16-bit ``pixels`` of ``count`` channels: 1, 3 or 4 of colour, and behind them perhaps alpha."""
    color = {1: Colorspace.L, 3: Colorspace.RGB, 4: Colorspace.CMYK}[colours]
    base = channels(pixels, count, 0, colours)
    alpha = channels(pixels, count, colours, 1) if count > colours else None
    mask = alpha and png_idat(alpha, 2 * size[0])
    picture = Picture(color, size, b"", depth=16, alpha=mask, alpha_depth=16)
    if colours == 4:
        return replace(picture, data=zlib.compress(base, effort(len(base))), format=ImageFormat.other)
    return replace(picture, data=png_idat(base, 2 * colours * size[0]))


def png_picture(image: Image.Image, data: bytes) -> Picture | None:
    """A PNG of 16 bits; None for any other."""
    header = PngHeader.of(data)
    if header.depth != 16:
        return None
    count = _PNG_CHANNELS[header.color_type]
    colours = 1 if count <= 2 else 3
    idat = png_parts(data)[0]
    pixels = _woven(idat, image.size, count) if header.interlaced else unpredicted(idat, 15, image.width, count, 16)
    picture = deep_picture(pixels, image.size, colours, count)
    key = image.info.get("transparency")
    if key is None:
        return picture
    return replace(picture, alpha=_keyed_alpha(pixels, image.size, key), alpha_depth=8)


def _woven(idat: bytes, size: tuple[int, int], count: int) -> bytes:
    """The pixels of an interlaced PNG: each pass is a small image of its own."""
    width, height = size
    length = 2 * count
    filtered = zlib.decompressobj().decompress(idat, height * (width * length + 8) * 2)
    pixels, at = bytearray(width * height * length), 0
    for left, top, across, down in _ADAM7:
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        if columns <= 0 or rows <= 0:
            continue
        end = at + rows * (1 + columns * length)
        part = unpredicted(zlib.compress(filtered[at:end], 0), 15, columns, count, 16)
        at = end
        for row in range(rows):
            start, line = ((top + row * down) * width + left) * length, part[row * columns * length :]
            stop = (top + row * down + 1) * width * length
            for byte in range(length):
                pixels[start + byte : stop : across * length] = line[byte : columns * length : length]
    return bytes(pixels)


def _keyed_alpha(pixels: bytes, size: tuple[int, int], key: int | tuple[int, int, int]) -> bytes:
    """0 where every byte of a pixel is the key's, else opaque; of 8 bits."""
    wanted = b"".join(value.to_bytes(2, "big") for value in ((key,) if isinstance(key, int) else key))
    same = Image.new("L", size, 255)
    for index, byte in enumerate(wanted):
        plane = Image.frombytes("L", size, pixels[index :: len(wanted)])
        same = ImageChops.darker(same, plane.point([255 * (value == byte) for value in range(256)]))
    return png_idat(ImageChops.invert(same).tobytes(), size[0])


def heic_picture(source: Source, frame: int) -> Picture:
    """A HEIC picture of more than 8 bits, which its decoder widens to 16. Raises CorruptDocument."""
    with reading(source):
        picture = pillow_heif.open_heif(source.data, convert_hdr_to_8bit=False)[frame]
        check_pixels(picture.size, source)
        pixels = swapped(bytes(picture.data))
    count = {"I;16": 1, "RGB;16": 3, "RGBA;16": 4}[picture.mode]
    return deep_picture(pixels, picture.size, min(count, 3), count)
