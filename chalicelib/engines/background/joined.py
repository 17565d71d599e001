"""One mask from two models: the fine one's edges, and what it missed where the coarse one is certain."""

import numpy  # type: ignore[import-not-found]
from PIL import Image
from scipy import ndimage  # type: ignore[import-untyped]

_COMPARED = (256, 256)
"""Blobs are compared at this size: what is smaller than its pixels is an edge, not a part."""
_SOLID, _SEEN = 128, 128
"""Half: where a model takes a pixel for the subject rather than for what is behind it."""
_RADIUS = 6
"""Of the disc that fits into a part worth restoring, 2.3 % of the side: thinner differences are the edges' own."""
_CERTAIN = 0.9 * 255
"""The coarse model's mean within a part: where it hesitates it is wrong as often as right."""
_GROWN, _FADED = 3, 1.5
_TRACE = 0.02
_AGREEMENT = 0.3
"""What is smaller than a fiftieth of the picture is a subject only if both models see about the same of it."""
_SMALL, _CONTRADICTED = 0.1, 0.05
"""Up to a tenth of the picture it is none if the coarse model is sure of something, and of nearly nothing of this."""
_SPECK = 0.0003
"""Of the picture: the least that the fine model has to be certain of, where nothing is restored."""
_FRAMED = 0.2
"""The share of the picture's border along which only scenery lies, if the fine model is certain of nothing."""
_FAINT, _OVERRATED = 0.05, 1.15
"""Both models spread soft edges too far: less than a twentieth is nothing, the rest a little thinner."""
_CORRECTED = [round(255 * max(0.0, (value / 255 - _FAINT) / (1 - _FAINT)) ** _OVERRATED) for value in range(256)]


def joined(fine: Image.Image, coarse: Image.Image) -> Image.Image:
    """``fine`` (8-bit grey) with the parts that it missed from ``coarse``; black where there is no subject.

    A part is restored where the coarse model is certain of it, it is thick, and the fine one saw at least a piece.
    """
    small_fine = numpy.asarray(fine.resize(_COMPARED, Image.Resampling.BOX))
    peaks = _peaks(numpy.asarray(fine))
    small_coarse = numpy.asarray(coarse.resize(_COMPARED, Image.Resampling.BILINEAR))
    parts = _missed(small_fine, peaks, small_coarse)
    if (peaks >= _CERTAIN).mean() < _SPECK:
        parts &= not _frames(parts)
        if not parts.any():
            return Image.new("L", fine.size)
    if _is_nothing(small_fine, small_coarse, parts):
        return Image.new("L", fine.size)
    if not parts.any():
        return fine.point(_CORRECTED)
    grown = ndimage.binary_dilation(parts, _disc(_GROWN)).astype(numpy.float32)
    weight = Image.fromarray(numpy.rint(255 * ndimage.gaussian_filter(grown, _FADED)).astype(numpy.uint8))
    return _restored(fine, coarse, weight)


def without_ghost(mask: Image.Image) -> Image.Image:
    """``mask``, or black where it is nowhere solid: a shade of something is not a subject."""
    return mask if mask.getextrema()[1] >= _SOLID else Image.new("L", mask.size)  # type: ignore[operator]


def _peaks(fine: numpy.ndarray) -> numpy.ndarray:
    """The highest value within each of the pixels that are compared."""
    rows, columns = (numpy.arange(side) * whole // side for side, whole in zip(_COMPARED, fine.shape, strict=True))
    return numpy.maximum.reduceat(numpy.maximum.reduceat(fine, rows, axis=0), columns, axis=1)


def _missed(fine: numpy.ndarray, peaks: numpy.ndarray, coarse: numpy.ndarray) -> numpy.ndarray:
    """Where ``coarse`` has a part of the subject which ``fine`` lacks."""
    lacking = (coarse >= _SOLID) & (fine < _SOLID)
    cores = ndimage.binary_opening(lacking, _disc(_RADIUS))
    labels, count = ndimage.label(ndimage.binary_propagation(cores, mask=lacking))
    found = numpy.zeros_like(lacking)
    for number in range(1, count + 1):
        part = labels == number
        around = ndimage.binary_dilation(part, _disc(_GROWN))
        if coarse[part].mean() >= _CERTAIN and peaks[around].max() >= _SEEN and not _is_scenery(part):
            found |= part
    return found


def _is_scenery(part: numpy.ndarray) -> bool:
    """Whether it reaches all four edges of the picture: no subject does, noise and landscapes do."""
    return bool(part[0].any() and part[-1].any() and part[:, 0].any() and part[:, -1].any())


def _frames(part: numpy.ndarray) -> bool:
    """Whether it takes much of the picture's border, as ground and rocks do."""
    border = numpy.concatenate([part[0], part[-1], part[:, 0], part[:, -1]])
    return bool(border.mean() > _FRAMED)


def _is_nothing(fine: numpy.ndarray, coarse: numpy.ndarray, parts: numpy.ndarray) -> bool:
    """Whether what is left is only a trace, or small, and the models do not agree on it."""
    solid, sure = fine >= _SOLID, coarse >= _SOLID
    share = (solid | parts).mean()
    if share >= _SMALL:
        return False
    both, either = (solid & sure).sum(), (solid | sure).sum()
    if share < _TRACE:
        return not either or bool(both / either < _AGREEMENT)
    return bool(sure.mean() >= _TRACE and both < _CONTRADICTED * solid.sum())


def _restored(fine: Image.Image, coarse: Image.Image, weight: Image.Image) -> Image.Image:
    own, other, share = (
        numpy.asarray(one.resize(fine.size, Image.Resampling.BICUBIC), dtype=numpy.float32)
        for one in (fine, coarse, weight)
    )
    values = own + share / 255 * numpy.maximum(other - own, 0)
    return Image.fromarray(numpy.clip(numpy.rint(values), 0, 255).astype(numpy.uint8)).point(_CORRECTED)


def _disc(radius: int) -> numpy.ndarray:
    down, across = numpy.mgrid[-radius : radius + 1, -radius : radius + 1]
    return down**2 + across**2 <= radius**2
