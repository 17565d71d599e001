"""Where an image stands on its page: paper sizes, resolution, margins and PDF's limits, in points."""

from dataclasses import dataclass
from typing import Any

from PIL import Image

from chalicelib.domain.errors import DocumentRefused

POINTS_PER_MM = 72 / 25.4
PAPER_MM = {
    "A0": (841, 1189),
    "A1": (594, 841),
    "A2": (420, 594),
    "A3": (297, 420),
    "A4": (210, 297),
    "A5": (148, 210),
    "A6": (105, 148),
    "B4": (250, 353),
    "B5": (176, 250),
    "Letter": (215.9, 279.4),
    "Legal": (215.9, 355.6),
    "Tabloid": (279.4, 431.8),
    "Ledger": (279.4, 431.8),
}
"""Upright width and height in millimetres: ISO 216 and North America's. Ledger is Tabloid turned on its side."""
SMALLEST_PT, LARGEST_PT = 3.0, 14_400.0
"""PDF 32000-1, annex C.2: the sizes of a page that every reader accepts."""
DEFAULT_DPI = 96.0
"""CSS's pixel; also what Windows takes for an image that does not say."""
SANE_DPI = (20.0, 4_800.0)
"""Outside it a resolution is a writer's mistake (0, 1), not a scanner's or a camera's."""
MOST_STRETCHED = 4.0
"""Fax has 204 × 98 dpi; pixels that are longer than four times their width are a mistake as well."""


@dataclass(frozen=True)
class Layout:
    """The options, checked: ``paper`` is None where the page is the image."""

    paper: tuple[float, float] | None
    orientation: str
    margin_pt: float


@dataclass(frozen=True)
class Placement:
    """A page's size and the rectangle of the upright image on it, in points from the lower left corner."""

    page: tuple[float, float]
    x: float
    y: float
    width: float
    height: float


def layout_of(options: dict[str, Any]) -> Layout:
    """Read ``page_size``, ``orientation`` and ``margin`` (mm). Raises DocumentRefused if the margin leaves no room."""
    name = str(options.get("page_size") or "fit")
    margin_mm = float(options.get("margin") or 0)
    layout = Layout(_paper(name), str(options.get("orientation") or "auto"), margin_mm * POINTS_PER_MM)
    room = min(layout.paper) if layout.paper else LARGEST_PT
    if room - 2 * layout.margin_pt < SMALLEST_PT:
        where = f"the page size {name}" if layout.paper else "any page"
        raise DocumentRefused(f"A margin of {margin_mm:g} mm leaves no room for the image on {where}.")
    return layout


def _paper(name: str) -> tuple[float, float] | None:
    if name.lower() == "fit":
        return None
    sizes = {known.lower(): size for known, size in PAPER_MM.items()}
    if name.lower() not in sizes:
        raise DocumentRefused(f"page_size must be fit or one of {', '.join(PAPER_MM)}; got {name}.")
    width, height = sizes[name.lower()]
    return width * POINTS_PER_MM, height * POINTS_PER_MM


def resolution(image: Image.Image) -> tuple[float, float]:
    """Dots per inch across and down, as stored; DEFAULT_DPI where the file says nothing sensible."""
    dpi = _pair(image.info.get("dpi"))
    if dpi and all(SANE_DPI[0] <= one <= SANE_DPI[1] for one in dpi) and not _stretched(dpi):
        return dpi
    # Only the shape of a pixel: JFIF without a unit, PNG without metres.
    shape = _pair(image.info.get("aspect")) or _shape_of_jfif(image)
    if shape and min(shape) > 0 and not _stretched(shape):
        return DEFAULT_DPI * shape[0] / min(shape), DEFAULT_DPI * shape[1] / min(shape)
    return DEFAULT_DPI, DEFAULT_DPI


def _shape_of_jfif(image: Image.Image) -> tuple[float, float] | None:
    return _pair(image.info.get("jfif_density")) if image.info.get("jfif_unit") == 0 else None


def _stretched(dpi: tuple[float, float]) -> bool:
    return max(dpi) > MOST_STRETCHED * min(dpi)


def _pair(value: Any) -> tuple[float, float] | None:
    try:
        across, down = value
        return float(across), float(down)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None


def place(size: tuple[int, int], dpi: tuple[float, float], layout: Layout) -> Placement:
    """Place an upright image of ``size`` pixels at ``dpi``: its own page, or as large as the paper allows."""
    natural = size[0] * 72 / dpi[0], size[1] * 72 / dpi[1]
    return _on_paper(natural, layout, layout.paper) if layout.paper else _own_page(natural, layout)


def _own_page(natural: tuple[float, float], layout: Layout) -> Placement:
    room = LARGEST_PT - 2 * layout.margin_pt
    scale = min(1.0, room / max(natural))
    scale = max(scale, min(SMALLEST_PT / min(natural), room / max(natural)))
    drawn = natural[0] * scale, natural[1] * scale
    width, height = (max(SMALLEST_PT, side + 2 * layout.margin_pt) for side in drawn)
    return _centred((width, height), drawn)


def _on_paper(natural: tuple[float, float], layout: Layout, paper: tuple[float, float]) -> Placement:
    wide = natural[0] > natural[1] if layout.orientation == "auto" else layout.orientation == "landscape"
    page = (max(paper), min(paper)) if wide else (min(paper), max(paper))
    room = page[0] - 2 * layout.margin_pt, page[1] - 2 * layout.margin_pt
    scale = min(room[0] / natural[0], room[1] / natural[1])
    return _centred(page, (natural[0] * scale, natural[1] * scale))


def _centred(page: tuple[float, float], drawn: tuple[float, float]) -> Placement:
    width, height = page
    return Placement(page, (width - drawn[0]) / 2, (height - drawn[1]) / 2, *drawn)


def matrix(orientation: int, at: Placement) -> tuple[float, float, float, float, float, float]:
    """The PDF matrix which draws an image, stored with an EXIF ``orientation`` (1–8), upright into ``at``."""
    left, bottom, width, height = at.x, at.y, at.width, at.height
    right, top = left + width, bottom + height
    return {
        1: (width, 0.0, 0.0, height, left, bottom),
        2: (-width, 0.0, 0.0, height, right, bottom),
        3: (-width, 0.0, 0.0, -height, right, top),
        4: (width, 0.0, 0.0, -height, left, top),
        5: (0.0, -height, -width, 0.0, right, top),
        6: (0.0, -height, width, 0.0, left, top),
        7: (0.0, height, width, 0.0, left, bottom),
        8: (0.0, height, -width, 0.0, right, bottom),
    }[orientation]
