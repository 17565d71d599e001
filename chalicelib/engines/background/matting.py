"""Closed-form alpha matting, as rembg does it: it finds hair and fur which the model's small mask can't show."""

from functools import partial

import numpy  # type: ignore[import-not-found]
from PIL import Image
from scipy import ndimage  # type: ignore[import-untyped]

from chalicelib.engines.background import packages

MOST_PIXELS = 1_000_000
"""Of the image that matting works on: its time grows with them, and beyond some millions it fails (rembg)."""
FOREGROUND_ABOVE, BACKGROUND_BELOW, ERODED = 240, 10, 10
"""rembg's defaults: what is certain in a mask, and by how many pixels that is narrowed."""
_MOST_ITERATIONS = 1_000
_MOST_ENTRIES = 30 * MOST_PIXELS
"""Of the decomposed matrix, which is allocated at once, 16 bytes each; pymatting's own default takes 4 GB."""
_PARTS = ("util", "laplacian", "preconditioner", "solver", "alpha")


def matting_size(size: tuple[int, int]) -> tuple[int, int]:
    """``size``, scaled down to MOST_PIXELS where it has more."""
    scale = min(1.0, (MOST_PIXELS / (size[0] * size[1])) ** 0.5)
    return max(1, int(size[0] * scale)), max(1, int(size[1] * scale))


def matted(image: Image.Image, mask: Image.Image) -> Image.Image:
    """``mask`` refined by the colours of ``image`` (RGB, of the same size).

    Raises ValueError where nothing is certain foreground or background, or no solution is found.
    """
    estimate = _closed_form()
    colours = numpy.asarray(image) / 255.0
    alpha = estimate(colours, _trimap(numpy.asarray(mask)))
    return Image.fromarray(numpy.clip(alpha * 255, 0, 255).astype(numpy.uint8))


def _trimap(mask: numpy.ndarray) -> numpy.ndarray:
    structure = numpy.ones((ERODED, ERODED), dtype=numpy.uint8)
    trimap = numpy.full(mask.shape, 128 / 255.0)
    trimap[ndimage.binary_erosion(mask > FOREGROUND_ABOVE, structure=structure)] = 1
    trimap[ndimage.binary_erosion(mask < BACKGROUND_BELOW, structure=structure, border_value=1)] = 0
    return trimap


def _closed_form() -> partial[numpy.ndarray]:
    """Imported on demand: numba takes seconds, and more where its cache (NUMBA_CACHE_DIR) is not filled."""
    for part in _PARTS:
        packages.enter(f"pymatting.{part}")
    from pymatting.alpha.estimate_alpha_cf import estimate_alpha_cf  # type: ignore[import-not-found]
    from pymatting.preconditioner.ichol import ichol  # type: ignore[import-not-found]

    preconditioner = partial(ichol, max_nnz=_MOST_ENTRIES)
    return partial(estimate_alpha_cf, preconditioner=preconditioner, cg_kwargs={"maxiter": _MOST_ITERATIONS})
