"""What stands on the pages of a PDF made of images, read by another library than the one that wrote it."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from PIL import Image
from pypdf import PageObject, PdfReader


def pages(path: Path) -> list[PageObject]:
    """The pages of a PDF, which must be flawless."""
    if shutil.which("qpdf"):
        subprocess.run(["qpdf", "--check", path], check=True, capture_output=True)
    return list(PdfReader(path, strict=True).pages)


def image_of(page: PageObject) -> Any:
    """The stream of the page's only image."""
    resources: Any = page["/Resources"]
    (image,) = resources["/XObject"].values()
    return image.get_object()


def pixels_of(page: PageObject) -> bytes:
    """Its samples, unpacked."""
    data: bytes = image_of(page).get_data()
    return data


def mask_of(page: PageObject) -> bytes:
    """The samples of its soft mask."""
    return bytes(image_of(page)["/SMask"].get_object().get_data())


def placement(page: PageObject) -> tuple[float, ...]:
    """The matrix that draws the image."""
    content: Any = page.get_contents()
    found = re.search(rb"q\s+((?:-?[\d.]+\s+){6})cm", content.get_data())
    assert found
    return tuple(float(number) for number in found[1].split())


def drawn(page: PageObject, stored: Image.Image) -> Image.Image:
    """``stored`` as the page shows it, pixel by pixel, at the size at which it is upright."""
    a, b, c, d, e, f = placement(page)
    left, bottom = min(e, e + a + c), min(f, f + b + d)
    size = stored.size if a else stored.size[::-1]
    per_pixel = (abs(a + c) / size[0], abs(b + d) / size[1])
    shown = Image.new(stored.mode, size)
    for x in range(size[0]):
        for y in range(size[1]):
            at_x, at_y = left + (x + 0.5) * per_pixel[0] - e, bottom + (size[1] - y - 0.5) * per_pixel[1] - f
            u, v = (at_x / a, at_y / d) if a else (at_y / b, at_x / c)
            pixel = stored.getpixel((int(u * stored.width), int((1 - v) * stored.height)))
            assert pixel is not None
            shown.putpixel((x, y), pixel)
    return shown


def box(page: PageObject) -> tuple[float, float]:
    """The page's width and height, in points."""
    return float(page.mediabox.width), float(page.mediabox.height)
