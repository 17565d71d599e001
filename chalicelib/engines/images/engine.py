"""Image to PDF: each image, or page of a TIFF, becomes a page that shows it without loss."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from PIL import Image

from chalicelib.domain.errors import LimitExceeded
from chalicelib.engines.images.document import Document
from chalicelib.engines.images.frames import page_frames, picture_of
from chalicelib.engines.images.layout import Layout, layout_of, place, resolution
from chalicelib.engines.images.picture import Picture
from chalicelib.engines.job import InputFile, Job, Limits, Outcome, Progress
from chalicelib.engines.raster import Source, opened

_VERSION = version("img2pdf")
"""Looked up before the first job: it takes as long as a page."""

_SIDEWAYS = (5, 6, 7, 8)
"""EXIF orientations that swap width and height."""


@dataclass(frozen=True)
class _Page:
    """What became of one frame: its upright size in pixels and its resolution, and how it is stored."""

    size: tuple[int, int]
    dpi: tuple[float, float]
    exact: bool
    original: bool
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _File:
    """What became of one input; ``note`` says which frames were left out."""

    source: InputFile
    pages: list[_Page]
    note: str | None


def convert(job: Job, progress: Progress) -> Outcome:
    """Write all inputs, in their order, as one PDF.

    Options: ``page_size`` (fit, or a name of ``layout.PAPER_MM``), ``orientation`` (auto, portrait, landscape),
    ``margin`` (mm). Raises CorruptDocument and LimitExceeded, which name the file, and DocumentRefused for a margin
    that leaves no room.
    """
    layout = layout_of(job.options)
    document = Document()
    files: list[_File] = []
    for done, given in enumerate(job.inputs, start=1):
        files.append(_add(document, Source(given, job.limits), layout))
        _check_pages(files, job.limits)
        progress(done, len(job.inputs), "files")
    document.save(job.output)
    return Outcome(tuple(_warnings(files, layout)), _report(files))


def _add(document: Document, source: Source, layout: Layout) -> _File:
    with opened(source) as image:
        frames, note = page_frames(image, source)
        pages = [_add_page(document, image, frame, source, layout) for frame in frames]
    return _File(source.file, pages, note)


def _add_page(document: Document, image: Image.Image, frame: int, source: Source, layout: Layout) -> _Page:
    picture = picture_of(image, frame, source)
    size, dpi = _upright(picture, resolution(image))
    document.add(picture, place(size, dpi, layout))
    return _Page(size, dpi, picture.exact, picture.original, picture.notes)


def _upright(picture: Picture, dpi: tuple[float, float]) -> tuple[tuple[int, int], tuple[float, float]]:
    if picture.orientation in _SIDEWAYS:
        return (picture.size[1], picture.size[0]), (dpi[1], dpi[0])
    return picture.size, dpi


def _check_pages(files: list[_File], limits: Limits) -> None:
    if sum(len(one.pages) for one in files) > limits.pdf_pages:
        raise LimitExceeded(f"The images would make a PDF of more than {limits.pdf_pages} pages, which is the limit.")


def _warnings(files: list[_File], layout: Layout) -> Iterator[str]:
    if layout.orientation != "auto" and not layout.paper:
        yield "orientation was ignored: with page_size fit each page has the shape of its image."
    for file in files:
        if file.note:
            yield f"{file.source.name}: {file.note}."
        for number, page in enumerate(file.pages, start=1):
            where = f"Page {number} of {file.source.name}" if len(file.pages) > 1 else file.source.name
            yield from (f"{where}: {note}." for note in page.notes)


def _report(files: list[_File]) -> dict[str, Any]:
    pages = sum(len(one.pages) for one in files)
    return {
        "engine": "img2pdf",
        "engine_version": _VERSION,
        "pages_in": pages,
        "pages_out": pages,
        "images": [_file_report(one) for one in files],
    }


def _file_report(file: _File) -> dict[str, Any]:
    """``stream``: the file's own compressed data, or its pixels packed anew; ``lossless``: not one sample differs."""
    first = file.pages[0]
    return {
        "name": file.source.name,
        "kind": file.source.kind,
        "width": first.size[0],
        "height": first.size[1],
        "pages": len(file.pages),
        "lossless": all(page.exact for page in file.pages),
        "stream": "original" if all(page.original for page in file.pages) else "re-encoded",
        "dpi": [round(one, 2) for one in first.dpi],
    }
