"""Closed-form matting within a band (Levin et al., "A Closed-Form Solution to Natural Image Matting", 2008), in SciPy.

Each pixel's share is to be a linear function of the colours in its 3 × 3 neighbourhoods, and near what a model said.
Only the band's pixels are unknown, so that a megapixel's soft edges take a fraction of a second; pymatting solves whole
pictures, and needs numba, which costs seconds at every start.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy  # type: ignore[import-not-found]
from scipy import ndimage, sparse  # type: ignore[import-untyped]

_AROUND = [(down, across) for down in (-1, 0, 1) for across in (-1, 0, 1)]
_REACH = 5
"""Pixels that share a window lie in a square of this side around each other."""
_NOISE = 1e-3
"""How much of the colours' variance in a window is noise: photos are compressed, and the edges of fur are blurred."""
_TRUST, _FIXED = 0.01, 100.0
"""The weight of the model's share: in the band, and beside it, where it is not to change."""
_WINDOWS_AT_ONCE = 20_000
_MOST_ROUNDS, _CLOSE_ENOUGH = 60, 1e-4

Pixels = tuple[numpy.ndarray, numpy.ndarray]
"""Rows and columns."""


@dataclass(frozen=True)
class _Nodes:
    """The pixels that take part: their number, each one's place among them (-1 elsewhere), and where they lie."""

    count: int
    number: numpy.ndarray
    pixels: Pixels


def solved(colours: numpy.ndarray, shares: numpy.ndarray, band: numpy.ndarray) -> numpy.ndarray:
    """``shares`` (0–1) with those in ``band`` (bool) as ``colours`` (RGB, 0–1) have it. All float32, of one size."""
    windows = ndimage.binary_dilation(band, numpy.ones((3, 3)))
    windows[[0, -1]] = windows[:, [0, -1]] = False
    if not windows.any():
        return shares
    there = ndimage.binary_dilation(windows, numpy.ones((3, 3)))
    nodes = _nodes(there)
    trust = numpy.where(band[there], _TRUST, _FIXED).astype(numpy.float32)
    matrix = _laplacian(colours, numpy.nonzero(windows), nodes) + sparse.diags(trust)
    found = _conjugate_gradients(matrix.tocsr(), trust * shares[there], shares[there].astype(numpy.float32))
    result = shares.copy()
    result[there] = numpy.where(band[there], numpy.clip(found, 0, 1), shares[there])
    return result


def _nodes(there: numpy.ndarray) -> _Nodes:
    pixels = numpy.nonzero(there)
    number = numpy.full(there.shape, -1, dtype=numpy.int32)
    number[pixels] = numpy.arange(len(pixels[0]), dtype=numpy.int32)
    return _Nodes(len(pixels[0]), number, pixels)


def _laplacian(colours: numpy.ndarray, windows: Pixels, nodes: _Nodes) -> sparse.csr_matrix:
    """The matting Laplacian, one diagonal for each place in which two pixels of a window may lie to each other."""
    diagonals = numpy.zeros((_REACH * _REACH, nodes.count), dtype=numpy.float32)
    for members, weights in _parts(colours, windows, nodes):
        for one, (row, column) in enumerate(_AROUND):
            for other, (other_row, other_column) in enumerate(_AROUND):
                diagonal = (other_row - row + 2) * _REACH + other_column - column + 2
                diagonals[diagonal, members[:, one]] += weights[:, one, other]
    columns = numpy.stack([_neighbours(nodes, *divmod(place, _REACH)) for place in range(_REACH * _REACH)], axis=1)
    outside = columns < 0
    values = diagonals.T.copy()
    values[outside], columns[outside] = 0, 0
    starts = numpy.arange(0, columns.size + 1, _REACH * _REACH)
    return sparse.csr_matrix((values.ravel(), columns.ravel(), starts), shape=(nodes.count, nodes.count))


def _parts(colours: numpy.ndarray, windows: Pixels, nodes: _Nodes) -> Iterator[tuple[numpy.ndarray, numpy.ndarray]]:
    """For some windows at a time: their nine pixels' numbers, and how each of these bears on each other."""
    for start in range(0, len(windows[0]), _WINDOWS_AT_ONCE):
        rows, columns = (one[start : start + _WINDOWS_AT_ONCE] for one in windows)
        places = [(rows + down, columns + across) for down, across in _AROUND]
        seen = numpy.stack([colours[place] for place in places], axis=1)
        members = numpy.stack([nodes.number[place] for place in places], axis=1)
        apart = seen - seen.mean(axis=1, keepdims=True)
        spread = apart.transpose(0, 2, 1) @ apart / 9 + numpy.eye(3, dtype=numpy.float32) * (_NOISE / 9)
        alike = (1 + apart @ numpy.linalg.inv(spread) @ apart.transpose(0, 2, 1)) / 9
        yield members, numpy.eye(9, dtype=numpy.float32) - alike


def _neighbours(nodes: _Nodes, row: int, column: int) -> numpy.ndarray:
    """The number of the pixel that lies ``row`` − 2 below and ``column`` − 2 right of each node; -1 where none does."""
    padded = numpy.pad(nodes.number, 2, constant_values=-1)
    return padded[nodes.pixels[0] + row, nodes.pixels[1] + column]


def _conjugate_gradients(matrix: sparse.csr_matrix, wanted: numpy.ndarray, start: numpy.ndarray) -> numpy.ndarray:
    """An approximate solution; each round makes it better, so that the limit of rounds costs exactness alone."""
    scale = matrix.diagonal()
    found = start
    rest = wanted - matrix @ found
    step = rest / scale
    product, enough = float(rest @ step), _CLOSE_ENOUGH * float(numpy.sqrt(wanted @ wanted))
    for _ in range(_MOST_ROUNDS):
        if float(numpy.sqrt(rest @ rest)) <= enough:
            break
        moved = matrix @ step
        length = product / float(step @ moved)
        found, rest = found + length * step, rest - length * moved
        scaled = rest / scale
        product, before = float(rest @ scaled), product
        step = scaled + product / before * step
    return found
