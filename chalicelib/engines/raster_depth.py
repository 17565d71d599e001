"""Grey of more than 8 bits as Pillow decodes it, brought to one scale: 0 is black, 65,535 is white."""

from collections.abc import Mapping
from typing import Any, cast

from PIL import Image, ImageMath
from PIL.TiffImagePlugin import BITSPERSAMPLE, PHOTOMETRIC_INTERPRETATION

DEEP = ("I;16", "I;16B", "I;16L")
WITHOUT_WHITE = ("I", "F")
"""Modes of 32-bit integers and floats, whose largest value is not known to be white."""
WHITE = 65_535
_WHITE_IS_ZERO = 0


def full_range(image: Image.Image, tags: Mapping[int, Any]) -> Image.Image:
    """A decoded TIFF's 16-bit grey; Pillow leaves 12 bits as small numbers and inverted grey inverted."""
    if image.mode not in DEEP:
        return image
    largest = 2 ** min(max(tags.get(BITSPERSAMPLE, (16,))), 16) - 1
    inverted = tags.get(PHOTOMETRIC_INTERPRETATION) == _WHITE_IS_ZERO
    if largest == WHITE and not inverted:
        return image
    scale = WHITE / largest
    factor, offset = (-scale, float(WHITE)) if inverted else (scale, 0.0)
    return image.convert("I;16").point(lambda value: value * factor + offset)


def spread(image: Image.Image) -> Image.Image:
    """Numbers without a known white (WITHOUT_WHITE): the smallest becomes black, the largest white."""
    low, high = cast(tuple[float, float], image.convert("F").getextrema())
    scale = WHITE / (high - low) if high > low else 0.0
    whole = ImageMath.lambda_eval(
        lambda given: given["convert"]((given["float"](given["image"]) - low) * scale, "I"), image=image
    )
    return cast(Image.Image, whole).convert("I;16")
