"""The engine that draws one page of a PDF, or one image, as a PNG."""

from typing import Any

import pypdfium2  # type: ignore[import-not-found]
from PIL import Image, ImageOps

from chalicelib.domain.errors import CorruptDocument, EncryptedDocument, PageOutOfRange
from chalicelib.engines.images.frames import page_frames
from chalicelib.engines.job import Job, Outcome, Progress
from chalicelib.engines.raster import Source, load, opened

LONGEST_PX = 1_400
"""Of a drawn page: its text can be read on a screen."""

_PLAIN = ("RGB", "RGBA", "L", "LA")


def versions() -> dict[str, str]:
    """For the worker's log."""
    return {"pypdfium2": str(pypdfium2.version.PYPDFIUM_INFO)}


def convert(job: Job, _progress: Progress) -> Outcome:
    """Draw page ``page`` (from 1) of the input.

    Raises ``PageOutOfRange``, ``EncryptedDocument``, ``CorruptDocument``.
    """
    number = int(job.options["page"])
    picture, pages = _of_pdf(job, number) if job.inputs[0].kind == "pdf" else _of_image(job, number)
    with picture:
        picture.save(job.output, "PNG", optimize=False)
    return Outcome(report={"engine": "pdfium", "engine_version": versions()["pypdfium2"], "pages_in": pages})


def _of_pdf(job: Job, number: int) -> tuple[Any, int]:
    try:
        with pypdfium2.PdfDocument(job.inputs[0].path, password=job.password) as document:
            pages = len(document)
            _require_page(number, pages)
            document.init_forms()
            page = document[number - 1]
            scale = LONGEST_PX / max(1.0, *page.get_size())
            return page.render(scale=scale, may_draw_forms=True).to_pil(), pages
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise EncryptedDocument("The document is encrypted; it has no preview.") from error
        raise CorruptDocument("The page can't be drawn: the PDF is damaged.") from error


def _of_image(job: Job, number: int) -> tuple[Image.Image, int]:
    source = Source(job.inputs[0], job.limits)
    with opened(source) as image:
        frames, _ = page_frames(image, source)
        _require_page(number, len(frames))
        image.seek(frames[number - 1])
        load(image, source)
        upright = ImageOps.exif_transpose(image) or image
        small = upright if upright.mode in _PLAIN else upright.convert("RGBA")
        small.thumbnail((LONGEST_PX, LONGEST_PX))
        return small.copy(), len(frames)


def _require_page(number: int, pages: int) -> None:
    if not 1 <= number <= pages:
        raise PageOutOfRange(f"There is no page {number}: the document has {pages}.")
