"""Rearranging raw samples: planes and pixels, byte order, predictors; all of it in C, by slices and by qpdf."""

import zlib

import pikepdf  # type: ignore[import-not-found]


def interleaved(*parts: bytes, width: int = 1) -> bytes:
    """``width`` bytes of each part in turn: planes of samples become pixels, high and low bytes become samples."""
    stride = width * len(parts)
    mixed = bytearray(len(parts[0]) * len(parts))
    for index, part in enumerate(parts):
        for byte in range(width):
            mixed[width * index + byte :: stride] = part[byte::width]
    return bytes(mixed)


def effort(size_bytes: int) -> int:
    """zlib's level for so many bytes of pixels: a picture of 100 megapixels must be packed within a minute."""
    return 4 if size_bytes <= 48_000_000 else 1


def channels(pixels: bytes, count: int, first: int, wanted: int) -> bytes:
    """``wanted`` of the ``count`` 16-bit channels of each pixel, from ``first`` on."""
    if wanted == count:
        return pixels
    stride = 2 * count
    taken = bytearray(len(pixels) // stride * 2 * wanted)
    for byte in range(2 * wanted):
        taken[byte :: 2 * wanted] = pixels[2 * first + byte :: stride]
    return bytes(taken)


def swapped(samples: bytes) -> bytes:
    """16-bit samples in the other byte order."""
    return interleaved(samples[1::2], samples[0::2])


def png_idat(samples: bytes, row_bytes: int) -> bytes:
    """``samples`` as a PNG stores them: each row after a filter byte (0, none), deflated."""
    packer = zlib.compressobj(effort(len(samples)))
    parts = []
    for start in range(0, len(samples), row_bytes):
        parts.append(packer.compress(b"\0" + samples[start : start + row_bytes]))
    return b"".join(parts) + packer.flush()


def unpredicted(deflated: bytes, predictor: int, columns: int, colours: int, depth: int) -> bytes:
    """Undo a /Predictor of PDF: 2 is TIFF's horizontal differencing, 15 is PNG's filters; 16 bits are big-endian."""
    parms = pikepdf.Dictionary(Predictor=predictor, Columns=columns, Colors=colours, BitsPerComponent=depth)
    with pikepdf.new() as scratch:
        stream = scratch.make_stream(deflated, Filter=pikepdf.Name.FlateDecode, DecodeParms=parms)
        data: bytes = stream.read_bytes()
    return data
