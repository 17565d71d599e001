"""TIFF pages of 16 bits in several channels: the same data blocks, described anew as grey for Pillow's decoder."""

import io
import struct
import zlib
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from PIL import ExifTags, Image
from PIL.TiffImagePlugin import (
    BITSPERSAMPLE,
    COMPRESSION,
    EXTRASAMPLES,
    FILLORDER,
    IMAGELENGTH,
    IMAGEWIDTH,
    PHOTOMETRIC_INTERPRETATION,
    PLANAR_CONFIGURATION,
    PREDICTOR,
    ROWSPERSTRIP,
    SAMPLEFORMAT,
    SAMPLESPERPIXEL,
    STRIPBYTECOUNTS,
    STRIPOFFSETS,
    TILEBYTECOUNTS,
    TILELENGTH,
    TILEOFFSETS,
    TILEWIDTH,
    TiffImageFile,
)

from chalicelib.engines.images.deep import deep_picture
from chalicelib.engines.images.picture import Picture
from chalicelib.engines.images.samples import channels, interleaved, png_idat, unpredicted
from chalicelib.engines.raster import Source, bomb_checks, reading

Tags = Mapping[int, Any]

_COLOURS = {2: 3, 5: 4}
"""Photometric RGB and CMYK: how many channels are colour."""
_JPEG_COMPRESSIONS = (6, 7)
_DIFFERENCES, _SEPARATE_PLANES, _PREMULTIPLIED = 2, 2, 1
_BAND_ROWS = 256
"""How many rows are worked on at once, to spare memory."""
_BLOCKS = (STRIPOFFSETS, STRIPBYTECOUNTS, TILEOFFSETS, TILEBYTECOUNTS)
_KEPT = (IMAGELENGTH, COMPRESSION, ROWSPERSTRIP, TILEWIDTH, TILELENGTH, *_BLOCKS)


def tiff_picture(image: Image.Image, source: Source) -> Picture | None:
    """The current page of ``image``, at 16 bits; None where Pillow's own 8 bits are all there is."""
    tags: Tags = dict(image.tag_v2)  # type: ignore[attr-defined]
    if not _is_deep(tags):
        return None
    colours, count = _COLOURS[tags[PHOTOMETRIC_INTERPRETATION]], tags[SAMPLESPERPIXEL]
    wanted = colours + (image.mode == "RGBA")
    data = source.data
    with reading(source), bomb_checks(source.limits.image_pixels * count):
        if tags.get(PLANAR_CONFIGURATION) == _SEPARATE_PLANES:
            pixels = interleaved(*(_plane(data, tags, index, count) for index in range(wanted)), width=2)
        else:
            pixels = channels(_chunky(data, tags, count), count, 0, wanted)
    picture = deep_picture(pixels, (tags[IMAGEWIDTH], tags[IMAGELENGTH]), colours, wanted)
    if wanted > colours and tuple(tags.get(EXTRASAMPLES, ())) == (_PREMULTIPLIED,):
        picture = _premultiplied(picture, channels(pixels, wanted, colours, 1))
    return replace(picture, orientation=tags.get(ExifTags.Base.Orientation, 1))


def _premultiplied(picture: Picture, alpha: bytes) -> Picture:
    """The mask says so to the reader; Poppler 22.12 draws such a mask right at 8 bits only."""
    mask = png_idat(alpha[0::2], picture.size[0])
    note = "the 16 bits of its transparency were reduced to 8"
    return replace(picture, alpha=mask, alpha_depth=8, premultiplied=True, exact=False, notes=(note,))


def _is_deep(tags: Tags) -> bool:
    bits = tags.get(BITSPERSAMPLE, ())
    return (
        tags.get(PHOTOMETRIC_INTERPRETATION) in _COLOURS
        and len(bits) == tags.get(SAMPLESPERPIXEL)
        and set(bits) == {16}
        and set(tags.get(SAMPLEFORMAT, (1,))) == {1}
        and tags.get(FILLORDER, 1) == 1
        and tags.get(COMPRESSION, 1) not in _JPEG_COMPRESSIONS
        and tags.get(ExifTags.Base.Orientation, 1) in range(1, 9)
    )


def _plane(data: bytes, tags: Tags, index: int, count: int) -> bytes:
    """One channel of an image that stores its channels one after another."""
    kept = {tag: tags[tag] for tag in _KEPT if tag in tags}
    for tag in _BLOCKS:
        if tag in kept:
            each = len(kept[tag]) // count
            kept[tag] = kept[tag][index * each : (index + 1) * each]
    kept |= {IMAGEWIDTH: tags[IMAGEWIDTH], PREDICTOR: tags.get(PREDICTOR, 1)}
    return _grey(data, kept).tobytes("raw", "I;16B")


def _chunky(data: bytes, tags: Tags, count: int) -> bytes:
    """All channels of an image that stores pixel by pixel, read as one grey image ``count`` times as wide."""
    kept = {tag: tags[tag] for tag in _KEPT if tag in tags} | {IMAGEWIDTH: tags[IMAGEWIDTH] * count}
    if TILEWIDTH in tags:
        kept[TILEWIDTH] = tags[TILEWIDTH] * count
    image = _grey(data, kept)
    if tags.get(PREDICTOR, 1) != _DIFFERENCES:
        return image.tobytes("raw", "I;16B")
    return _undifferenced(image, tags[IMAGEWIDTH], count, tags.get(TILEWIDTH) or tags[IMAGEWIDTH])


def _undifferenced(image: Image.Image, width: int, count: int, tile_width: int) -> bytes:
    """Differences run along a row of a tile, from each sample to the same channel of the next pixel."""
    edges = [*range(0, width, tile_width), width]
    bands = []
    for top in range(0, image.height, _BAND_ROWS):
        bottom = min(top + _BAND_ROWS, image.height)
        columns = []
        for left, right in pairwise(edges):
            part = image.crop((left * count, top, right * count, bottom)).tobytes("raw", "I;16B")
            columns.append(unpredicted(zlib.compress(part, 0), 2, right - left, count, 16))
        bands.append(_side_by_side(columns, bottom - top))
    return b"".join(bands)


def _side_by_side(columns: list[bytes], rows: int) -> bytes:
    lengths = [len(column) // rows for column in columns]
    return b"".join(
        column[row * length : (row + 1) * length]
        for row in range(rows)
        for column, length in zip(columns, lengths, strict=True)
    )


def _grey(data: bytes, tags: Tags) -> Image.Image:
    """``data`` with another directory at its end, which calls its blocks 16-bit grey; the old ones stay unread."""
    grey = {BITSPERSAMPLE: 16, SAMPLESPERPIXEL: 1, PHOTOMETRIC_INTERPRETATION: 1, PLANAR_CONFIGURATION: 1}
    order = "<" if data[:2] == b"II" else ">"
    start = len(data) + len(data) % 2
    header = struct.pack(f"{order}2sHI", data[:2], 42, start)
    body = data[8:].ljust(start - 8, b"\0")
    image = TiffImageFile(io.BytesIO(header + body + _directory({**tags, **grey}, order, start)))
    image.load()
    return image


def _directory(tags: Tags, order: str, start: int) -> bytes:
    """A TIFF directory of 32-bit numbers (type 4) to stand at ``start``; longer values follow it."""
    entries, behind = [], b""
    values_at = start + 2 + 12 * len(tags) + 4
    for tag, value in sorted(tags.items()):
        numbers = value if isinstance(value, tuple) else (value,)
        packed = struct.pack(f"{order}{len(numbers)}I", *numbers)
        if len(packed) > 4:
            pointer = struct.pack(f"{order}I", values_at + len(behind))
            behind, packed = behind + packed, pointer
        entries.append(struct.pack(f"{order}HHI", tag, 4, len(numbers)) + packed)
    return struct.pack(f"{order}H", len(tags)) + b"".join(entries) + bytes(4) + behind
