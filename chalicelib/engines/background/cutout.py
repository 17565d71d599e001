"""From a photo and its mask to the picture that was asked for."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms

from chalicelib.domain.errors import LimitExceeded
from chalicelib.engines.background.decode import Photo
from chalicelib.engines.background.edges import pure_colours

_FAINTEST = 10
"""rembg's threshold for a mask: what is below it is background for certain."""
_QUICK_ABOVE_PIXELS = 16_000_000


@dataclass(frozen=True)
class Wishes:
    """The options that shape the result. ``background``: None is transparent."""

    background: tuple[int, int, int] | None
    format: str
    mask_only: bool
    crop: bool

    @classmethod
    def of(cls, options: dict[str, Any]) -> "Wishes":
        """Read ``background``, ``format``, ``mask_only`` and ``crop``."""
        color = str(options.get("background") or "transparent")
        return cls(
            None if color == "transparent" else _rgb(color),
            str(options.get("format") or "png"),
            bool(options.get("mask_only")),
            bool(options.get("crop")),
        )


def _rgb(color: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return red, green, blue


def foreground_box(alpha: Image.Image) -> tuple[int, int, int, int] | None:
    """The rectangle around everything that is not certain background; None where there is nothing."""
    return alpha.point([255 * (value >= _FAINTEST) for value in range(256)]).getbbox()


def composed(photo: Photo, mask: Image.Image, alpha: Image.Image, wishes: Wishes) -> Image.Image:
    """The alpha, the cut-out with it, or the cut-out on a colour.

    ``mask`` is how much of each pixel shows the subject, ``alpha`` that and the opacity which the photo had itself.
    """
    if wishes.mask_only:
        return alpha
    colours = pure_colours(photo.image, mask)
    if wishes.background is None:
        colours.paste((0, 0, 0), mask=alpha.point([255] + [0] * 255))
        colours.putalpha(alpha)
        return colours
    plain = Image.new("RGB", colours.size, _in_profile(wishes.background, photo.profile))
    plain.paste(colours, mask=alpha)
    return plain


def _in_profile(color: tuple[int, int, int], profile: bytes | None) -> tuple[int, int, int]:
    """An sRGB colour in the numbers of ``profile``, which the result keeps."""
    if profile is None:
        return color
    try:
        pixel = ImageCms.profileToProfile(
            Image.new("RGB", (1, 1), color), ImageCms.createProfile("sRGB"), io.BytesIO(profile)
        )
    except (ImageCms.PyCMSError, OSError):
        return color  # a broken profile: readers will take it for sRGB as well
    found = pixel and pixel.getpixel((0, 0))
    return found if isinstance(found, tuple) else color  # type: ignore[return-value]


def save(picture: Image.Image, path: Path, format_name: str, profile: bytes | None) -> None:
    """Write a PNG or a lossless WebP. Raises LimitExceeded where WebP can't hold so large a picture."""
    options: dict[str, Any] = {"icc_profile": profile} if profile and picture.mode != "L" else {}
    quick = picture.width * picture.height > _QUICK_ABOVE_PIXELS
    effort, method = (20, 1) if quick else (60, 4)
    if format_name == "png":
        picture.save(path, "PNG", compress_level=1 if quick else 6, **options)
        return
    try:
        picture.save(path, "WEBP", lossless=True, exact=True, quality=effort, method=method, **options)
    except ValueError as error:  # more than 16,383 pixels on a side, or more memory than libwebp gets
        size = f"{picture.width} × {picture.height}"
        raise LimitExceeded(f"The result, {size} pixels, is too large for a WebP image: ask for png.") from error
