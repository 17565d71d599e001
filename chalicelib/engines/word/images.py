"""The pictures of a page: the bytes of a photograph as they are, anything drawn with skill as it looks."""

from io import BytesIO
from typing import Any

import fitz
from pdf2docx.common.share import BlockType
from pdf2docx.image.ImagesExtractor import ImagesExtractor

from chalicelib.engines.word.source import without_text

_SMALLEST_PT2 = 4.0
"""Images on less than this area are dots; pdf2docx leaves them out too."""

_AS_THEY_ARE = ("jpeg", "jpg", "png")
_LARGEST_PIXELS = 25_000_000
PICTURE_DPI = 150
_SHARPEST_DPI = 300


def install() -> None:
    """Let pdf2docx take its pictures here; safe to call again."""
    ImagesExtractor.extract_images = _extract_images
    ImagesExtractor.clip_page_to_pixmap = _clip


def _clip(self: Any, bbox: Any = None, rm_image: bool = False, zoom: float = 3.0) -> Any:
    """``ImagesExtractor.clip_page_to_pixmap``.

    pdf2docx hides text by replacing operators in the page's raw streams, which breaks strings and images that hold these bytes.
    """
    if not hasattr(self, "_bare"):
        self._bare = {}
    if rm_image not in self._bare:
        self._bare[rm_image] = without_text(self._page, images=not rm_image)
    bare = self._bare[rm_image]
    return bare.get_pixmap(clip=bare.rect & (bbox or bare.rect), matrix=fitz.Matrix(zoom, zoom))


def _extract_images(self: Any, clip_image_res_ratio: float = 3.0) -> list[dict[str, Any]]:
    """``ImagesExtractor.extract_images``: one raw dictionary for each image, or for images that overlap."""
    shown = [one for one in self._page.get_image_info(xrefs=True) if _area(one, self._page) > _SMALLEST_PT2]
    raws = (_raw(self, group, clip_image_res_ratio) for group in _overlapping(shown))
    return [raw for raw in raws if raw is not None]


def _area(info: dict[str, Any], page: Any) -> float:
    return float((fitz.Rect(info["bbox"]) & page.rect).get_area())


def _overlapping(shown: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    groups: list[tuple[Any, list[dict[str, Any]]]] = []
    for info in shown:
        box, members = fitz.Rect(info["bbox"]), [info]
        for group in [one for one in groups if one[0].intersects(box)]:
            groups.remove(group)
            box, members = box | group[0], group[1] + members
        groups.append((box, members))
    return [members for _, members in groups]


def _raw(extractor: Any, group: list[dict[str, Any]], zoom: float) -> dict[str, Any] | None:
    """None where nothing is to be seen, such as the cell of a pattern, which MuPDF names at the page's corner."""
    box = fitz.Rect()
    for info in group:
        box |= fitz.Rect(info["bbox"])
    kept = original(extractor._page, group[0]) if len(group) == 1 else None
    if kept is None:
        box &= extractor._page.rect
        pixmap = extractor.clip_page_to_pixmap(box, False, _affordable(zoom, box))
        if pixmap.is_unicolor and pixmap.pixel(0, 0) == (255, 255, 255):
            return None
        kept = encoded(pixmap).getvalue(), pixmap.width, pixmap.height
    return {"type": BlockType.IMAGE.value, "bbox": tuple(box), "width": kept[1], "height": kept[2], "image": kept[0]}


def _affordable(zoom: float, box: Any) -> float:
    return float(min(zoom, (_LARGEST_PIXELS / max(box.get_area(), 1)) ** 0.5))


def original(page: Any, info: dict[str, Any]) -> tuple[bytes, int, int] | None:
    """The file of an image with its size in pixels, when it looks on the page as it does by itself; else None."""
    a, b, c, d = info["transform"][:4]
    upright = b == c == 0 and a > 0 and d > 0
    inside = fitz.Rect(info["bbox"]) in page.rect + fitz.Rect(-1, -1, 1, 1)
    if not (upright and inside and info["xref"] and info["colorspace"] in (1, 3)) or info.get("has-mask"):
        return None
    if page.parent.xref_get_key(info["xref"], "Decode")[0] != "null":
        return None
    found = page.parent.extract_image(info["xref"])
    if not found or found["smask"] or found["ext"] not in _AS_THEY_ARE or found["colorspace"] not in (1, 3):
        return None
    return found["image"], found["width"], found["height"]


def picture_of(page: Any) -> BytesIO:
    """The page as it looks, fine enough for the images on it, in the format that takes less room."""
    sharpest = max(
        (info["width"] / max(info["bbox"][2] - info["bbox"][0], 1) for info in page.get_image_info()), default=0
    )
    dpi = min(_SHARPEST_DPI, max(PICTURE_DPI, 72 * sharpest))
    return encoded(page.get_pixmap(dpi=affordable_dpi(page, dpi), alpha=False))


def affordable_dpi(page: Any, dpi: float) -> int:
    """``dpi``, or what a page of this size can have within ``_LARGEST_PIXELS``."""
    inches2 = page.rect.width * page.rect.height / 72**2
    return max(10, int(min(dpi, (_LARGEST_PIXELS / max(inches2, 0.01)) ** 0.5)))


def encoded(pixmap: Any) -> BytesIO:
    """``pixmap`` as PNG, or as JPEG where that takes less than half."""
    exact, small = pixmap.tobytes("png"), pixmap.tobytes("jpeg", jpg_quality=88)
    return BytesIO(small if 2 * len(small) < len(exact) else exact)
