"""Fur and hair: soft edges before a plain background, where colours tell more of each pixel than a model does."""

import numpy  # type: ignore[import-not-found]
from PIL import Image
from scipy import ndimage  # type: ignore[import-untyped]

from chalicelib.engines.background.closed_form import solved

_LONGEST_SIDE = 1_024
"""What is finer than a model's own pixels is not refined: sizes below are in pixels of such an image."""
_FAINT, _SOLID = 0.02, 0.98
_GROWN, _NEAR, _BEHIND = 3, 10, 12
"""Pixels by which the band is wider than the soft edge; over which its texture is averaged; in which lies what is
behind it."""
_WIDTH_OVER = 25
"""Pixels over which an edge's width is averaged: a hard object has a soft corner, fur a place that looks hard."""
_HARD, _SOFT = 2.2, 2.8
"""An edge's width in pixels: models draw hard edges at most as wide as the first."""
_PLAIN, _PATTERNED = 0.055, 0.075
"""The standard deviation of brightness (0–1) behind an edge: a pattern may not be told from strands."""
_SMOOTH, _BUSY = 0.03, 0.045
"""The mean response to a Laplacian of Gaussian (1 pixel) within the band: leaves, spokes and print, not fur."""
_ROWS = 256
_COARSER = 4
"""Averages over many pixels are taken of an image so many times smaller."""


def refined(image: Image.Image, mask: Image.Image) -> Image.Image:
    """``mask`` (8-bit grey, of ``image``'s size), soft edges by the colours of ``image`` (RGB) where they are fur."""
    scale = min(1.0, _LONGEST_SIDE / max(image.size))
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    small, rough = (one.resize(size, Image.Resampling.BOX) if scale < 1 else one for one in (image, mask))
    colours, shares = (numpy.asarray(one, dtype=numpy.float32) / 255 for one in (small, rough))
    band = ndimage.binary_dilation((shares > _FAINT) & (shares < _SOLID), iterations=_GROWN)
    trust = _trust(colours.mean(axis=2), shares, band)
    band &= trust > 0
    if not band.any():
        return mask
    change = trust * (solved(colours, shares, band) - shares)
    return _changed(mask, change)


def _trust(brightness: numpy.ndarray, shares: numpy.ndarray, band: numpy.ndarray) -> numpy.ndarray:
    """How far (0–1) each pixel's colours are to be believed: the edge is wide, and no pattern lies in or behind it."""
    soft = _ramp(_width(shares), _HARD, _SOFT)
    if not soft.any():
        return soft
    behind = (shares < _FAINT) & ndimage.binary_dilation(shares > _FAINT, iterations=_BEHIND)
    mean = _mean(brightness, behind)
    pattern = numpy.sqrt(numpy.maximum(_mean(brightness**2, behind) - mean**2, 0))
    texture = _mean(abs(ndimage.gaussian_laplace(brightness, 1)), band)
    trust: numpy.ndarray = soft * (1 - _ramp(pattern, _PLAIN, _PATTERNED)) * (1 - _ramp(texture, _SMOOTH, _BUSY))
    return trust


def _width(shares: numpy.ndarray) -> numpy.ndarray:
    """Of the edges near each pixel, in pixels: a linear ramp from 0 to 1 over n pixels has n."""
    slope = numpy.hypot(*numpy.gradient(shares)) if min(shares.shape) > 1 else numpy.zeros_like(shares)
    within = _blurred(6 * shares * (1 - shares), _WIDTH_OVER)
    width: numpy.ndarray = within / numpy.maximum(_blurred(slope, _WIDTH_OVER), 1e-4)
    return width


def _mean(values: numpy.ndarray, where: numpy.ndarray) -> numpy.ndarray:
    """The mean of ``values`` near each pixel, of those in ``where``; towards 0 where there are none."""
    mean: numpy.ndarray = _blurred(values * where, _NEAR) / (_blurred(where, _NEAR) + 1e-3)
    return mean


def _blurred(values: numpy.ndarray, pixels: float) -> numpy.ndarray:
    small = Image.fromarray(values.astype(numpy.float32)).reduce(_COARSER)
    blurred = ndimage.gaussian_filter(numpy.asarray(small), pixels / _COARSER)
    size = values.shape[1], values.shape[0]
    return numpy.asarray(Image.fromarray(blurred).resize(size, Image.Resampling.BILINEAR))


def _ramp(values: numpy.ndarray, low: float, high: float) -> numpy.ndarray:
    ramp: numpy.ndarray = numpy.clip((values - low) / (high - low), 0, 1)
    return ramp


def _changed(mask: Image.Image, change: numpy.ndarray) -> Image.Image:
    """``mask`` with ``change`` (-1 to 1, perhaps of a smaller size) added, some rows at a time."""
    small = Image.fromarray(change.astype(numpy.float32))
    across, down = small.width / mask.width, small.height / mask.height
    result = mask.copy()
    for top in range(0, mask.height, _ROWS):
        box = (0, top, mask.width, min(top + _ROWS, mask.height))
        part = (box[0] * across, box[1] * down, box[2] * across, box[3] * down)
        added = numpy.asarray(small.resize((mask.width, box[3] - top), Image.Resampling.BICUBIC, part))
        values = numpy.asarray(mask.crop(box)) + 255 * added
        result.paste(Image.fromarray(numpy.clip(numpy.rint(values), 0, 255).astype(numpy.uint8)), box)
    return result
