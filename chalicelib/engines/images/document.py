"""Writing the pages: img2pdf makes each, what it can't express is put right on the page it made."""

import hashlib
from pathlib import Path

import img2pdf  # type: ignore[import-not-found]
import pikepdf  # type: ignore[import-not-found]
from img2pdf import Colorspace
from pikepdf import Array, Dictionary, Name, Object

from chalicelib.engines.images.layout import Placement, matrix
from chalicelib.engines.images.picture import Picture

PDF_VERSION = "1.7"
_D50 = (0.9642, 1.0, 0.8249)
"""The white point of TIFF's and ICC's Lab."""
_COMPONENTS = {Colorspace.CMYK: 4, Colorspace["CMYK;I"]: 4, Colorspace.RGB: 3, Colorspace.P: 3}


class Document:
    """A PDF that grows by one image page at a time."""

    def __init__(self) -> None:
        self._pages = img2pdf.pdfdoc(engine=img2pdf.Engine.pikepdf, version=PDF_VERSION, nodate=True)
        self._profiles: dict[bytes, Object] = {}

    @property
    def _pdf(self) -> pikepdf.Pdf:
        return self._pages.writer

    def add(self, picture: Picture, at: Placement) -> None:
        """Append a page which shows ``picture`` upright at ``at``."""
        width, height = at.page
        self._pages.add_imagepage(
            color=picture.color,
            imgwidthpx=picture.size[0],
            imgheightpx=picture.size[1],
            imgformat=picture.format,
            imgdata=picture.data,
            smaskdata=picture.alpha,
            imgwidthpdf=at.width,
            imgheightpdf=at.height,
            imgxpdf=at.x,
            imgypdf=at.y,
            pagewidth=round(width, 4),
            pageheight=round(height, 4),
            palette=picture.palette,
            depth=picture.depth,
        )
        page = self._pdf.pages[-1]
        self._amend(page.Resources.XObject.Im0, picture)
        if picture.orientation != 1:
            page.Contents = self._pdf.make_stream(_drawing(picture.orientation, at))

    def save(self, path: Path) -> None:
        """Write the document; the streams stay as they are."""
        self._pages.finalize()
        self._pdf.save(
            path,
            min_version=PDF_VERSION,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
        )

    def _amend(self, image: Object, picture: Picture) -> None:
        if picture.lab:
            image.ColorSpace = _lab()
        elif picture.profile:
            calibrated = Array([Name.ICCBased, self._profile(picture)])
            if picture.color is Colorspace.P:
                image.ColorSpace[1] = calibrated
            else:
                image.ColorSpace = calibrated
        if picture.plain_rgb:
            image.DecodeParms = Dictionary(ColorTransform=0)
        if picture.alpha and picture.alpha_depth != picture.depth:
            image.SMask.BitsPerComponent = image.SMask.DecodeParms.BitsPerComponent = picture.alpha_depth
        if picture.premultiplied:
            image.SMask.Matte = Array([0] * _COMPONENTS[picture.color])

    def _profile(self, picture: Picture) -> Object:
        """The profile's stream: one for all pages that use it."""
        profile = picture.profile or b""
        key = hashlib.sha256(profile).digest()
        if key not in self._profiles:
            components = _COMPONENTS.get(picture.color, 1)
            self._profiles[key] = self._pdf.make_stream(profile, N=components)
        return self._profiles[key]


def _drawing(orientation: int, at: Placement) -> bytes:
    numbers = " ".join(f"{number:.4f}" for number in matrix(orientation, at))
    return f"q\n{numbers} cm\n/Im0 Do\nQ".encode("ascii")


def _lab() -> Array:
    return Array([Name.Lab, Dictionary(WhitePoint=Array(_D50), Range=Array([-128, 127, -128, 127]))])
