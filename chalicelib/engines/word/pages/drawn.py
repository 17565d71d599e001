"""What is drawn on a page beside its letters."""

from dataclasses import dataclass

from chalicelib.engines.word.pages.text import Artifact, Box


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line along an axis, or a filled bar so thin that it looks like one.

    ``x0 == x1`` or ``y0 == y1``; ``width`` in points, ``color`` RRGGBB. ``dashed`` covers dotted lines.
    """

    x0: float
    y0: float
    x1: float
    y1: float
    width: float
    color: str = "000000"
    dashed: bool = False
    mcid: int | None = None
    artifact: Artifact | None = None

    @property
    def horizontal(self) -> bool:
        """Whether it runs along x."""
        return self.y0 == self.y1


@dataclass(frozen=True, slots=True)
class Fill:
    """A filled rectangle that is no rule: a cell's shade, a highlight, a page's background. ``color`` RRGGBB."""

    box: Box
    color: str
    alpha: float = 1.0
    mcid: int | None = None
    artifact: Artifact | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """A region of connected vector art that is neither rules nor fills alone: a chart, a logo, a diagram.

    ``paths`` counts its paths, ``curves`` those that are not straight. Text inside is in the page's spans.
    """

    box: Box
    paths: int
    curves: int
    mcid: int | None = None
    artifact: Artifact | None = None


@dataclass(frozen=True, slots=True)
class MarkedArt:
    """Where the ``paths`` of marked content ``mcid`` stand, whatever they are: what the tags call a figure is in there."""

    box: Box
    paths: int
    mcid: int


@dataclass(frozen=True, slots=True)
class Image:
    """A raster picture at its place. ``number`` names it for ``Pages.image_bytes``: the same picture, the same number.

    ``turn`` degrees clockwise by which it is turned; ``mask`` whether only a stencil painted in one colour.
    """

    box: Box
    number: int
    width_px: int
    height_px: int
    turn: int = 0
    mask: bool = False
    mcid: int | None = None
    artifact: Artifact | None = None
