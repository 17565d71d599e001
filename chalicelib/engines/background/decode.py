"""The photo that a background is removed from: upright, RGB of 8 bits, its alpha and colour profile beside it."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageCms
from PIL.TiffImagePlugin import BITSPERSAMPLE

from chalicelib.engines.raster import Source, animation_note, frame_count, load, opened, orientation
from chalicelib.engines.raster_depth import DEEP, WITHOUT_WHITE, full_range, spread

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_GREY = ("1", "L", "LA")


@dataclass(frozen=True)
class Photo:
    """``notes`` say what differs from the file, beyond the background."""

    image: Image.Image
    alpha: Image.Image | None
    profile: bytes | None
    notes: tuple[str, ...]


def decoded(source: Source) -> Photo:
    """The first frame of ``source``. Raises CorruptDocument, LimitExceeded."""
    with opened(source) as image:
        notes = [animation_note(source, frame_count(image, source))]
        deep = _is_deep(image, source)
        tags = dict(getattr(image, "tag_v2", {}))
        load(image, source)
        if deep:
            notes.append("its more than 8 bits a channel were reduced to 8")
        turn = _TURNS.get(orientation(image, source.kind))
        if image.mode == "RGBa":
            image = image.convert("RGBA")  # noqa: PLW2901 - colours multiplied by their opacity, as HEIC may hold them
        alpha = _alpha(image)
        colours, profile, note = _in_rgb(_eight_bits(image, tags), image.info.get("icc_profile"))
        notes.append(note)
    upright = colours.transpose(turn) if turn is not None else colours
    mask = alpha.transpose(turn) if alpha and turn is not None else alpha
    return Photo(upright, mask, profile, tuple(note for note in notes if note))


def _is_deep(image: Image.Image, source: Source) -> bool:
    if source.kind == "png":
        return source.data[24] == 16
    if source.kind == "tiff":
        bits: tuple[int, ...] = image.tag_v2.get(BITSPERSAMPLE, (1,))  # type: ignore[attr-defined]
        return max(bits) > 8
    return int(image.info.get("bit_depth", 8)) > 8


def _alpha(image: Image.Image) -> Image.Image | None:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        return image.convert("RGBA").getchannel("A")
    return None


def _eight_bits(image: Image.Image, tags: Mapping[int, Any]) -> Image.Image:
    grey = spread(image) if image.mode in WITHOUT_WHITE else full_range(image, tags)
    if grey.mode in DEEP:
        return Image.frombytes("L", grey.size, grey.tobytes("raw", "I;16B")[::2])
    return image


def _in_rgb(image: Image.Image, profile: bytes | None) -> tuple[Image.Image, bytes | None, str | None]:
    """``image`` in RGB, the profile that its numbers now have, and what was done to them, for a sentence."""
    if image.mode == "LAB":
        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        return _in_srgb(image, lab), None, "its Lab colours were converted to sRGB"
    space = profile[16:20].strip() if profile else b""
    if profile and image.mode == "CMYK" and space == b"CMYK":
        return _in_srgb(image, profile), None, "its CMYK colours were converted to sRGB"
    if image.mode == "CMYK":
        return image.convert("RGB"), None, "its CMYK colours were converted to RGB without a profile"
    if profile and image.mode in _GREY and space == b"GRAY":
        return _in_srgb(image.convert("L"), profile), None, "its grey was converted to sRGB by its profile"
    return image.convert("RGB"), profile if space == b"RGB" and image.mode not in _GREY else None, None


def _in_srgb(image: Image.Image, profile: bytes | ImageCms.ImageCmsProfile) -> Image.Image:
    """By the profile, or roughly where that is broken."""
    given = io.BytesIO(profile) if isinstance(profile, bytes) else profile
    try:
        converted = ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        converted = None
    return converted or image.convert("RGB")
