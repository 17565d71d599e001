"""Safe decoding of images: one format per declared kind, sizes and frames counted before any pixel is decoded."""

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import pillow_heif
from PIL import ExifTags, Image, TiffImagePlugin, WebPImagePlugin

from chalicelib.domain.errors import ConvertProError, CorruptDocument, LimitExceeded
from chalicelib.engines.job import InputFile, Limits

FORMATS = {
    "jpg": "JPEG",
    "png": "PNG",
    "gif": "GIF",
    "bmp": "BMP",
    "tiff": TiffImagePlugin.TiffImageFile.format,
    "webp": WebPImagePlugin.WebPImageFile.format,
    "heic": "HEIF",
}
"""The one Pillow plugin that may see the bytes of each kind. Those named by their classes are not loaded by default."""

_LABELS = {"jpg": "JPEG", "png": "PNG", "gif": "GIF", "bmp": "BMP", "tiff": "TIFF", "webp": "WebP", "heic": "HEIC"}
_UPRIGHT_WHEN_DECODED = ("tiff", "heic")
_BROKEN_EXIF = (OSError, SyntaxError, ValueError, TypeError, LookupError, ZeroDivisionError, struct.error)


@dataclass(frozen=True)
class Source:
    """An input and the limits that hold for it."""

    file: InputFile
    limits: Limits

    @property
    def name(self) -> str:
        """How the client calls the file."""
        return self.file.name

    @property
    def kind(self) -> str:
        """A key of FORMATS."""
        return self.file.kind

    @cached_property
    def data(self) -> bytes:
        """All of its bytes."""
        return self.file.path.read_bytes()

    @property
    def megapixels(self) -> str:
        """The limit of an image, for a sentence."""
        return f"{self.limits.image_pixels / 1_000_000:g}"


@contextmanager
def opened(source: Source) -> Iterator[Image.Image]:
    """``source`` with its header read and its size checked; no pixel is decoded yet.

    Raises CorruptDocument, or LimitExceeded where the header declares more than ``limits.image_pixels``.
    """
    with bomb_checks(source.limits.image_pixels), source.file.path.open("rb") as stream:
        with reading(source):
            _set_up(source.kind)
            image = Image.open(stream, formats=(FORMATS[source.kind],))
        with image:
            check_pixels(image.size, source)
            yield image


def load(image: Image.Image, source: Source) -> None:
    """Decode every pixel of the current frame; raises as :func:`opened` does."""
    check_pixels(image.size, source)
    with reading(source):
        image.load()
    # A HEIC container may declare another size than its picture turns out to have.
    check_pixels(image.size, source)
    if source.kind == "png":
        _mend_grey_key(image, source)


def _mend_grey_key(image: Image.Image, source: Source) -> None:
    """Pillow widens grey of 2 and 4 bits to 8, but not the value which stands for transparent."""
    depth, key = source.data[24], image.info.get("transparency")
    if depth in (2, 4) and image.mode == "L" and isinstance(key, int):
        image.info["transparency"] = key * 255 // (2**depth - 1)


def check_pixels(size: tuple[int, int], source: Source) -> None:
    """Raises LimitExceeded over ``limits.image_pixels``, CorruptDocument for an image without pixels."""
    width, height = size
    if width < 1 or height < 1:
        raise CorruptDocument(f"{source.name} is damaged: it declares {width} × {height} pixels.")
    if width * height > source.limits.image_pixels:
        raise LimitExceeded(
            f"{source.name} has {width} × {height} pixels; at most {source.megapixels} megapixels are accepted."
        )


def frame_count(image: Image.Image, source: Source) -> int:
    """How many frames or pages there are; counting stops at one more than ``limits.image_frames``."""
    most = source.limits.image_frames + 1
    with reading(source):
        if source.kind != "tiff":
            return min(getattr(image, "n_frames", 1), most)
        count = 1
        while count < most and _seeks(image, count):
            count += 1
        image.seek(0)
    return count


def animation_note(source: Source, count: int) -> str | None:
    """What to say of the frames behind the first, where there are any and only the first is used."""
    if count <= 1:
        return None
    if count > source.limits.image_frames:
        return f"only the first of its more than {count - 1} frames was used"
    return f"only the first of its {count} frames was used; frames left out: {count - 1}"


def _seeks(image: Image.Image, frame: int) -> bool:
    try:
        image.seek(frame)
    except EOFError:
        return False
    return True


def orientation(image: Image.Image, kind: str) -> int:
    """How the decoded pixels are turned: EXIF 1–8; 1 where the tag is absent, invalid, or obeyed by the decoder."""
    if kind in _UPRIGHT_WHEN_DECODED:
        return 1
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except _BROKEN_EXIF:
        return 1  # it says nothing about the pixels, which are fine
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


@contextmanager
def reading(source: Source) -> Iterator[None]:
    """Turns whatever a decoder raises on hostile bytes into a refusal that names the file."""
    try:
        yield
    except (ConvertProError, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise LimitExceeded(
            f"{source.name} unpacks to more than the {source.megapixels} megapixels that are accepted."
        ) from error
    except Exception as error:
        raise CorruptDocument(
            f"{source.name} can't be read as a {_LABELS[source.kind]} image: "
            "it is damaged, cut short, or of an unusual variant."
        ) from error


@contextmanager
def bomb_checks(pixels: int) -> Iterator[None]:
    """Pillow's own checks, which also see sizes found later than the header, at ``pixels`` and as errors."""
    before = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    finally:
        Image.MAX_IMAGE_PIXELS = before


def _set_up(kind: str) -> None:
    """How the decoder of ``kind`` shall work; the same for every file, so that it may be said again."""
    if kind == "tiff":
        # Pillow's own decoder reads uncompressed 16-bit planes as if they had 8 bits.
        TiffImagePlugin.READ_LIBTIFF = True
    if kind == "heic":
        # One decoder thread: the process may not be allowed more. Previews and depth maps are not pages.
        pillow_heif.register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)
