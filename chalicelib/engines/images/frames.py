"""The pages of one image file: which of its frames they are, and each as a PDF can hold it."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from PIL import Image
from PIL.TiffImagePlugin import BITSPERSAMPLE

from chalicelib.domain.errors import LimitExceeded
from chalicelib.engines.images import deep, embed, tiff
from chalicelib.engines.images.picture import Picture, encoded, with_profile
from chalicelib.engines.raster import Source, animation_note, frame_count, load, orientation, reading
from chalicelib.engines.raster_depth import full_range

PAGED_KINDS = ("tiff", "heic")
"""Kinds whose frames are pages of their own; in the others they are an animation, or a camera's extras."""
_NEW_SUBFILE_TYPE, _REDUCED_OR_MASK = 254, 1 | 4
_CUT_TO_8_BITS = "its 16 bits a channel were reduced to 8"
_FOREIGN_JPEG = "its kind of JPEG coding is not part of PDF; the pixels were stored losslessly instead"


def page_frames(image: Image.Image, source: Source) -> tuple[list[int], str | None]:
    """The frames that become pages, and what to say of those that do not.

    Raises LimitExceeded for more than ``limits.image_frames`` pages.
    """
    count = frame_count(image, source)
    if source.kind not in PAGED_KINDS:
        return [0], animation_note(source, count)
    if count > source.limits.image_frames:
        most = source.limits.image_frames
        raise LimitExceeded(f"{source.name} has more than {most} pages, the most that one image file may have.")
    if source.kind != "tiff":
        return list(range(count)), None
    with reading(source):
        frames = list(_tiff_pages(image, count))
    if len(frames) == count:
        return frames, None
    return frames, f"reduced copies or masks of its pages left out: {count - len(frames)}"


def _tiff_pages(image: Image.Image, count: int) -> Iterator[int]:
    """Every page but thumbnails and masks: those say what they are, and are no larger than a page before them."""
    largest = 0
    for frame in range(count):
        image.seek(frame)
        area = image.width * image.height
        kind = image.tag_v2.get(_NEW_SUBFILE_TYPE, 0)  # type: ignore[attr-defined]
        extra = isinstance(kind, int) and kind & _REDUCED_OR_MASK
        if not (extra and area <= largest):
            largest = max(largest, area)
            yield frame


def picture_of(image: Image.Image, frame: int, source: Source) -> Picture:
    """Frame ``frame`` of ``image``. Raises CorruptDocument, LimitExceeded."""
    if frame != image.tell():
        with reading(source):
            image.seek(frame)
    picture = _READERS.get(source.kind, _decoded)(image, source)
    return with_profile(picture, image.info.get("icc_profile"))


def _decoded(image: Image.Image, source: Source) -> Picture:
    load(image, source)
    return replace(encoded(image), orientation=orientation(image, source.kind))


def _jpeg(image: Image.Image, source: Source) -> Picture:
    picture = embed.jpeg_picture(image, source.data)
    if picture is None:
        picture = _decoded(image, source)
        return replace(picture, notes=(*picture.notes, _FOREIGN_JPEG))
    if not embed.is_whole_jpeg(source.data):
        # Read to its end, so that what is cut short is refused; decoded at an eighth of its size, which is cheaper.
        image.draft(image.mode, (1, 1))
        load(image, source)
    return replace(picture, orientation=orientation(image, source.kind))


def _png(image: Image.Image, source: Source) -> Picture:
    load(image, source)
    with reading(source):
        picture = embed.png_picture(image, source.data) or deep.png_picture(image, source.data)
    return replace(picture or encoded(image), orientation=orientation(image, source.kind))


def _tiff(image: Image.Image, source: Source) -> Picture:
    full_depth = tiff.tiff_picture(image, source)
    if full_depth:
        return full_depth
    tags = dict(image.tag_v2)  # type: ignore[attr-defined]
    load(image, source)
    picture = encoded(full_range(image, tags))
    if picture.depth == 8 and max(tags.get(BITSPERSAMPLE, (1,))) == 16:
        return replace(picture, exact=False, notes=(*picture.notes, _CUT_TO_8_BITS))
    return picture


def _heic(image: Image.Image, source: Source) -> Picture:
    if image.info.get("bit_depth", 8) > 8:
        return deep.heic_picture(source, image.tell())
    return _decoded(image, source)


_READERS: dict[str, Callable[[Image.Image, Source], Picture]] = {
    "jpg": _jpeg,
    "png": _png,
    "tiff": _tiff,
    "heic": _heic,
}
