"""An image as a PDF stores it, and how a decoded Pillow image becomes one without losing a sample."""

import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import img2pdf  # type: ignore[import-not-found]
from img2pdf import Colorspace, ImageFormat
from PIL import Image

from chalicelib.engines.images.samples import effort, png_idat
from chalicelib.engines.raster_depth import spread

PROFILE_SPACES = {b"GRAY": Colorspace.L, b"RGB ": Colorspace.RGB, b"CMYK": Colorspace.CMYK}
PROFILE_CLASSES = (b"scnr", b"mntr", b"prtr", b"spac")


@dataclass(frozen=True)
class Picture:
    """One page's image.

    ``size`` is as stored, ``orientation`` (EXIF, 1–8) how to turn it. ``original``: the file's own compressed stream.
    ``exact``: every sample is what the decoder gave; else ``notes`` says what was done, as the end of a sentence.
    """

    color: Colorspace
    size: tuple[int, int]
    data: bytes
    format: ImageFormat = ImageFormat.PNG
    depth: int = 8
    palette: bytes = b""
    alpha: bytes | None = None
    alpha_depth: int = 8
    premultiplied: bool = False
    lab: bool = False
    plain_rgb: bool = False
    profile: bytes | None = None
    orientation: int = 1
    original: bool = False
    exact: bool = True
    notes: tuple[str, ...] = ()


def with_profile(picture: Picture, profile: bytes | None) -> Picture:
    """``picture`` with an ICC profile, if it is one for such pixels; what does not fit is left out and said."""
    if not profile or picture.lab:
        return picture
    space = {
        Colorspace.P: Colorspace.RGB,
        Colorspace.RGBA: Colorspace.RGB,
        Colorspace.LA: Colorspace.L,
        Colorspace["1"]: Colorspace.L,
        Colorspace["CMYK;I"]: Colorspace.CMYK,
    }.get(picture.color, picture.color)
    sound = len(profile) >= 128 and profile[36:40] == b"acsp" and profile[12:16] in PROFILE_CLASSES
    if sound and PROFILE_SPACES.get(profile[16:20]) is space:
        return replace(picture, profile=profile)
    note = "its colour profile does not belong to this kind of pixels and was left out"
    return replace(picture, notes=(*picture.notes, note))


def encoded(image: Image.Image) -> Picture:
    """A decoded frame, stored losslessly: deflated, or CCITT group 4 where it has two colours."""
    if "transparency" in image.info and not image.mode.endswith(("A", "a")):
        return _keyed(image)
    return _ENCODERS.get(image.mode, _other)(image)


def _keyed(image: Image.Image) -> Picture:
    """One colour, or a table of opacities, stands for transparency: the colours stay, the opacity becomes a mask."""
    alpha = image.convert("RGBA").getchannel("A")
    opaque = image.copy()
    del opaque.info["transparency"]
    if opaque.mode == "1":
        opaque = opaque.convert("L")
    return replace(encoded(opaque), alpha=_idat(alpha)[0])


def _bilevel(image: Image.Image) -> Picture:
    data = img2pdf.transcode_monochrome(image)
    return Picture(Colorspace["1"], image.size, data, ImageFormat.CCITTGroup4, depth=1)


def _plain(image: Image.Image) -> Picture:
    data, palette, depth = _idat(image)
    if image.mode == "P" and any(image.histogram()[len(palette) // 3 :]):
        return _plain(image.convert("RGB"))  # indices beyond the palette: readers differ on them
    color = {"L": Colorspace.L, "RGB": Colorspace.RGB, "P": Colorspace.P}[image.mode]
    return Picture(color, image.size, data, depth=depth, palette=palette)


def _with_alpha(image: Image.Image) -> Picture:
    *bands, alpha = image.split()
    base = Image.merge("RGB", bands) if len(bands) == 3 else bands[0]
    return replace(encoded(base), alpha=_idat(alpha)[0])


def _with_premultiplied_alpha(image: Image.Image) -> Picture:
    return replace(_with_alpha(image), premultiplied=True)


def _palette_with_alpha(image: Image.Image) -> Picture:
    return _with_alpha(image.convert("RGBA"))


def _cmyk(image: Image.Image) -> Picture:
    return Picture(Colorspace.CMYK, image.size, _deflated(image), ImageFormat.other)


def _deflated(image: Image.Image) -> bytes:
    samples = image.tobytes()
    return zlib.compress(samples, effort(len(samples)))


def _lab(image: Image.Image) -> Picture:
    # Pillow keeps a* and b* with an offset of 128, which is how PDF's Lab space counts them over [-128, 127].
    as_stored = Image.merge("RGB", image.split())
    return replace(encoded(as_stored), lab=True)


def _grey16(image: Image.Image) -> Picture:
    data = png_idat(image.tobytes("raw", "I;16B"), 2 * image.width)
    return Picture(Colorspace.L, image.size, data, depth=16)


def _spread(image: Image.Image) -> Picture:
    note = "its 32-bit values, which have no fixed white, were spread over 16 bits"
    return replace(_grey16(spread(image)), exact=False, notes=(note,))


def _other(image: Image.Image) -> Picture:
    note = f"its {image.mode} colours were converted to RGB"
    return replace(_plain(image.convert("RGB")), exact=False, notes=(note,))


_ENCODERS: dict[str, Callable[[Image.Image], Picture]] = {
    "1": _bilevel,
    "L": _plain,
    "P": _plain,
    "RGB": _plain,
    "LA": _with_alpha,
    "RGBA": _with_alpha,
    "RGBa": _with_premultiplied_alpha,
    "PA": _palette_with_alpha,
    "CMYK": _cmyk,
    "LAB": _lab,
    "I;16": _grey16,
    "I;16B": _grey16,
    "I;16L": _grey16,
    "I": _spread,
    "F": _spread,
}


def _idat(image: Image.Image) -> tuple[bytes, bytes, int]:
    """The pixels as a PNG holds them, the palette, and the bits of a sample, which are fewer for a small palette."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=effort(image.width * image.height * len(image.getbands())))
    data = buffer.getbuffer()
    return *png_parts(data), data[24]


def png_parts(data: bytes | memoryview) -> tuple[bytes, bytes]:
    """The IDAT and PLTE chunks' content of a PNG; what follows IEND is ignored. Raises ValueError if cut short."""
    found: dict[bytes, list[bytes]] = {b"IDAT": [], b"PLTE": []}
    at, kind = 8, b""
    while kind != b"IEND":
        length, kind = int.from_bytes(data[at : at + 4], "big"), bytes(data[at + 4 : at + 8])
        if at + 12 + length > len(data):
            raise ValueError("a chunk runs beyond the end of the file")
        if kind in found:
            found[kind].append(bytes(data[at + 8 : at + 8 + length]))
        at += 12 + length
    return b"".join(found[b"IDAT"]), b"".join(found[b"PLTE"])
