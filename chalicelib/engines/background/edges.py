"""Soft edges without the colour of what was behind them, which would show as a halo on another background."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy  # type: ignore[import-not-found]
from PIL import Image

_LONGEST_SIDE = 1_024
"""Colours around an edge change slowly: they are estimated on an image of this size."""
_SMOOTHNESS = 1e-5
"""How much neighbours have to be alike where the share does not change; pymatting's own value."""
_SMALL_SIDE, _ROUNDS_SMALL, _ROUNDS_LARGE = 32, 10, 2
"""How often each size is gone through, as pymatting's defaults say."""
_BAND_ROWS = 256
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

    By multi-level estimation (Germer et al., "Fast Multi-Level Foreground Estimation", ICPR 2020). What is certain
    foreground does not change.
    """
    near = _surroundings(image, alpha)
    result = Image.new("RGB", image.size)
    for top in range(0, image.height, _BAND_ROWS):
        box = (0, top, image.width, min(top + _BAND_ROWS, image.height))
        result.paste(_pure_band(image.crop(box), alpha.crop(box), _part(near, box, image.size)), box)
    return result


def _surroundings(image: Image.Image, alpha: Image.Image) -> _Surroundings:
    front = back = numpy.zeros((1, 1, 3), dtype=numpy.float32)
    for size in _sizes(image.size):
        pixels = numpy.asarray(image.resize(size, Image.Resampling.BOX), dtype=numpy.float32)
        share = numpy.asarray(alpha.resize(size, Image.Resampling.BOX), dtype=numpy.float32)[..., None] / 255
        level = _Level(pixels, share)
        front, back = (_enlarged(one, size) for one in (front, back))
        for _ in range(_ROUNDS_SMALL if max(size) <= _SMALL_SIDE else _ROUNDS_LARGE):
            front, back = level.improved(front, back)
    return _Surroundings(_as_image(front), _as_image(back))


def _sizes(full: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """From one pixel to ``_LONGEST_SIDE`` at most, each about twice the one before."""
    scale = min(1.0, _LONGEST_SIDE / max(full))
    largest = max(1, round(full[0] * scale)), max(1, round(full[1] * scale))
    levels = max(1, (max(largest) - 1).bit_length())
    for level in range(levels + 1):
        across, down = (max(1, round(side ** (level / levels))) for side in largest)
        yield across, down


class _Level:
    """One size: for each pixel the two colours which mix to its own and are near its neighbours'."""

    def __init__(self, pixels: numpy.ndarray, share: numpy.ndarray) -> None:
        self._front_pixels, self._back_pixels = share * pixels, (1 - share) * pixels
        self._bonds = [_SMOOTHNESS + abs(share - other) for other in _neighbours(share)]
        total = sum(self._bonds)
        self._front_own, self._back_own = share * share + total, (1 - share) ** 2 + total
        self._mixed = share * (1 - share)
        self._determinant = self._front_own * self._back_own - self._mixed**2

    def improved(self, front: numpy.ndarray, back: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
        """One round: each pixel's two equations solved with its neighbours as they are."""
        wanted_front = self._front_pixels + self._pulled(front)
        wanted_back = self._back_pixels + self._pulled(back)
        new_front = (self._back_own * wanted_front - self._mixed * wanted_back) / self._determinant
        new_back = (self._front_own * wanted_back - self._mixed * wanted_front) / self._determinant
        return numpy.clip(new_front, 0, 255), numpy.clip(new_back, 0, 255)

    def _pulled(self, colours: numpy.ndarray) -> numpy.ndarray:
        pairs = zip(self._bonds, _neighbours(colours), strict=True)
        return sum(bond * neighbour for bond, neighbour in pairs)


def _neighbours(values: numpy.ndarray) -> list[numpy.ndarray]:
    """What stands left, right, above and below of each pixel; the border repeats itself."""
    padded = numpy.pad(values, ((1, 1), (1, 1), (0, 0)), mode="edge")
    return [padded[1:-1, :-2], padded[1:-1, 2:], padded[:-2, 1:-1], padded[2:, 1:-1]]


def _enlarged(colours: numpy.ndarray, size: tuple[int, int]) -> numpy.ndarray:
    rows = (numpy.arange(size[1]) * colours.shape[0]) // size[1]
    columns = (numpy.arange(size[0]) * colours.shape[1]) // size[0]
    return colours[rows][:, columns]


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


def _fused(pixels: numpy.ndarray, share: numpy.ndarray, front: numpy.ndarray, back: numpy.ndarray) -> numpy.ndarray:
    """The colour which, mixed with ``back`` by ``share``, gives ``pixels`` and is near ``front``."""
    return numpy.clip(front + share * (pixels - share * front - (1 - share) * back), 0, 255)


def _as_image(colours: numpy.ndarray) -> Image.Image:
    return Image.fromarray(numpy.clip(colours, 0, 255).astype(numpy.uint8))
