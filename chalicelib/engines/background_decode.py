"""The photo that a background is removed from: upright, RGB of 8 bits, its alpha and colour profile beside it."""

import io
from dataclasses import dataclass

from PIL import Image, ImageCms
from PIL.TiffImagePlugin import BITSPERSAMPLE

from chalicelib.engines.raster import Source, animation_note, frame_count, load, opened, orientation, true_grey

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_DEEP_GREY = ("I;16", "I;16B", "I;16L")
_PROFILE_SPACES = {"CMYK": b"CMYK", "L": b"GRAY"}


@dataclass(frozen=True)
class Photo:
    """``notes``: sentences on what differs from the file, beyond the background."""

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
            notes.append(f"{source.name}: its more than 8 bits a channel were reduced to 8.")
        turn = _TURNS.get(orientation(image, source.kind))
        alpha = _alpha(image)
        colours, profile, note = _colours(_eight_bits(true_grey(image, tags)), image.info.get("icc_profile"))
        notes.append(note and f"{source.name}: {note}.")
    upright = colours.transpose(turn) if turn is not None else colours
    mask = alpha.transpose(turn) if alpha and turn is not None else alpha
    return Photo(upright, mask, profile, tuple(note for note in notes if note))


def _is_deep(image: Image.Image, source: Source) -> bool:
    if source.kind == "png":
        return source.data[24] == 16
    if source.kind == "tiff":
        return max(image.tag_v2.get(BITSPERSAMPLE, (1,))) > 8  # type: ignore[attr-defined]
    return int(image.info.get("bit_depth", 8)) > 8


def _alpha(image: Image.Image) -> Image.Image | None:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        return image.convert("RGBA").getchannel("A")
    return None


def _eight_bits(image: Image.Image) -> Image.Image:
    if image.mode in _DEEP_GREY:
        return Image.frombytes("L", image.size, image.tobytes("raw", "I;16B")[::2])
    if image.mode in ("I", "F"):
        low, high = image.convert("F").getextrema()
    return image


def _colours(image: Image.Image, profile: bytes | None) -> tuple[Image.Image, bytes | None, str | None]:
    """RGB, the profile that describes it, and what was converted."""
