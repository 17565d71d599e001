"""Soft edges without the colour of what was behind them, which would show as a halo on another background."""

from dataclasses import dataclass

import numpy  # type: ignore[import-not-found]
from PIL import Image
from scipy.ndimage import uniform_filter  # type: ignore[import-untyped]

_LONGEST_SIDE = 1_024
"""Colours around an edge change slowly: they are estimated on an image of this size."""
_RADII = (90, 6)
"""In pixels of that image, as in the method's own two passes."""
_BAND_ROWS = 256
_NEARLY_ZERO = 1e-5
_SOFT_UP_TO = 240
"""rembg's threshold: above it a pixel is certain foreground. Models seldom say 255, also inside a subject."""

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class _Surroundings:
    """What the foreground and the background look like near each pixel, at small size."""

    front: Image.Image
    back: Image.Image


def pure_colours(image: Image.Image, alpha: Image.Image) -> Image.Image:
    """``image`` (RGB) with the foreground's own colours in its soft edges.

    By blur fusion (Forte, "Approximate Fast Foreground Colour Estimation", ICIP 2021). What is certain foreground does
    not change.
    """
    near = _surroundings(image, alpha)
    result = Image.new("RGB", image.size)
    for top in range(0, image.height, _BAND_ROWS):
        box = (0, top, image.width, min(top + _BAND_ROWS, image.height))
        result.paste(_pure_band(image.crop(box), alpha.crop(box), _part(near, box, image.size)), box)
    return result


def _surroundings(image: Image.Image, alpha: Image.Image) -> _Surroundings:
    scale = min(1.0, _LONGEST_SIDE / max(image.size))
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    pixels = numpy.asarray(image.resize(size, Image.Resampling.BOX), dtype=numpy.float32)
    share = numpy.asarray(alpha.resize(size, Image.Resampling.BOX), dtype=numpy.float32)[..., None] / 255
    front, back = pixels, pixels
    for radius in _RADII:
        near_front, near_back = _blurred(front, share, radius), _blurred(back, 1 - share, radius)
        front = _fused(pixels, share, near_front, near_back)
        back = near_back
    return _Surroundings(_as_image(near_front), _as_image(near_back))


def _blurred(colours: numpy.ndarray, weight: numpy.ndarray, radius: int) -> numpy.ndarray:
    """The mean colour within ``radius``, each pixel counting by ``weight``."""
    window = (2 * radius + 1, 2 * radius + 1, 1)
    total = uniform_filter(weight, window, mode="nearest")
    return uniform_filter(colours * weight, window, mode="nearest") / (total + _NEARLY_ZERO)


def _fused(pixels: numpy.ndarray, share: numpy.ndarray, front: numpy.ndarray, back: numpy.ndarray) -> numpy.ndarray:
    """The colour which, mixed with ``back`` by ``share``, gives ``pixels`` and is near ``front``."""
    return numpy.clip(front + share * (pixels - share * front - (1 - share) * back), 0, 255)


def _part(near: _Surroundings, box: Box, size: tuple[int, int]) -> _Surroundings:
    """The surroundings of ``box``, a part of an image of ``size``, in its pixels."""
    across, down = near.front.width / size[0], near.front.height / size[1]
    small_box = (box[0] * across, box[1] * down, box[2] * across, box[3] * down)
    full = (box[2] - box[0], box[3] - box[1])
    front, back = (one.resize(full, Image.Resampling.BILINEAR, small_box) for one in (near.front, near.back))
    return _Surroundings(front, back)


def _pure_band(image: Image.Image, alpha: Image.Image, near: _Surroundings) -> Image.Image:
    pixels, share = numpy.array(image), numpy.asarray(alpha)
    soft = (share > 0) & (share <= _SOFT_UP_TO)
    front, back = (numpy.asarray(one)[soft].astype(numpy.float32) for one in (near.front, near.back))
    weight = share[soft][:, None].astype(numpy.float32) / 255
    pixels[soft] = numpy.rint(_fused(pixels[soft].astype(numpy.float32), weight, front, back)).astype(numpy.uint8)
    return Image.fromarray(pixels)


def _as_image(colours: numpy.ndarray) -> Image.Image:
    return Image.fromarray(numpy.clip(colours, 0, 255).astype(numpy.uint8))
