"""Scans become pages of text: read before another engine works on them, or beneath pictures that stay as they are."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any

import pikepdf  # type: ignore[import-not-found]
import pypdfium2  # type: ignore[import-not-found]

from chalicelib.domain import page_ranges
from chalicelib.domain.errors import ConversionTimeout, PageOutOfRange
from chalicelib.engines.job import Job, Outcome, Progress
from chalicelib.engines.ocr import paddle, rules, writer
from chalicelib.engines.ocr.bullets import with_bullets
from chalicelib.engines.ocr.figures import apart, figures_of, outside
from chalicelib.engines.ocr.model import ReadPage
from chalicelib.engines.ocr.reading import DOUBTFUL, Wanted, read_picture
from chalicelib.engines.ocr.setting import Setting, stems_of
from chalicelib.engines.ocr.source import Source, to_user
from chalicelib.engines.ocr.upright import back

_UNCERTAIN = 0.6
_SHARE = 0.8
"""Of the whole processor time: the rest is for what is made of the pages."""
_PAGE_S = {paddle.SMALL: 9.0, paddle.TINY: 2.5}
"""Seconds of processor time that a page takes a model; the quick one reads where not all can have the better."""
_TOO_SLOW, _MOST_PATIENCE_S = 0.5, 60.0
"""Of the better model's time, under which the quick one goes on; seconds for a page's small print."""
_LAYERED, _SEEN = "image_to_pdf", "pdf_to_excel"
"""Pictures stay beneath their words, or behind them: the table engine looks at a page as well as it reads it."""


@dataclass
class _Work:
    """The pages to read, the processor time for them, and what was found."""

    job: Job
    pages: Sequence[int]
    allowed_s: float
    wanted: Wanted
    setting: Setting = field(default_factory=Setting)
    before_s: float = field(default_factory=lambda: sum(os.times()[:4]))
    read: dict[int, ReadPage] = field(default_factory=dict)


def versions() -> dict[str, str]:
    """What reads, for the log."""
    return {name: version(name) for name in ("faster-paddle", "pypdfium2", "pikepdf")}


def convert(job: Job, progress: Progress) -> Outcome:
    """Write the first input, a PDF, with text where it had pictures of text.

    For ``image_to_pdf`` pages keep their pictures, with the text invisible over them; for other actions pages become
    text, lines and figures. Options: ``ocr`` (auto: pages without text; force: all), ``language``, ``pages``. What
    can't be opened, or has nothing to read, is passed on as it is. Raises ``ConversionTimeout``.
    """
    allowed_s = job.limits.cpu_s * _SHARE
    source = _opened(job)
    pages = _pages(job, source) if source else []
    if not source or not pages:
        shutil.copyfile(job.inputs[0].path, job.output)
        return Outcome()
    size = paddle.SMALL if len(pages) * _PAGE_S[paddle.SMALL] <= allowed_s else paddle.TINY
    work = _Work(job, pages, allowed_s, Wanted(size, tuple(job.options.get("language") or ())))
    with pikepdf.open(job.inputs[0].path, password=job.password or "") as pdf:
        _read_all(work, source, pdf, progress)
        pdf.save(job.output)
    source.close()
    return Outcome(tuple(_warnings(work)), {"ocr": _report(work)})


def _opened(job: Job) -> Source | None:
    """None where the next engine will say what is wrong with the document, in its own words."""
    try:
        return Source(job.inputs[0].path, job.password)
    except (pypdfium2.PdfiumError, OSError):
        return None


def _pages(job: Job, source: Source) -> list[int]:
    """The pages to read, 0-based."""
    if len(source) > job.limits.pdf_pages:
        return []
    wanted = job.options.get("pages")
    try:
        chosen = [page - 1 for page in page_ranges.resolve(wanted, len(source))] if wanted else list(range(len(source)))
    except PageOutOfRange:
        return []
    return chosen if job.options.get("ocr") == "force" else source.without_text(chosen)


def _read_all(work: _Work, source: Source, pdf: pikepdf.Pdf, progress: Progress) -> None:
    fonts = writer.Fonts(pdf, {})
    progress(0, len(work.pages), "pages")
    for number, index in enumerate(work.pages, 1):
        left_s = work.before_s + work.allowed_s - sum(os.times()[:4])
        if left_s < 0:
            raise ConversionTimeout(
                f"Only {number - 1} of {len(work.pages)} scanned pages could be read in the time that a conversion may "
                "take. Convert fewer at a time, with the option pages."
            )
        work.wanted = _affordable(work.wanted, left_s / (len(work.pages) - number + 1))
        work.read[index] = _read_page(work, source, pdf.pages[index], fonts, index)
        progress(number, len(work.pages), "pages")


def _affordable(wanted: Wanted, page_s: float) -> Wanted:
    """What is wanted of a page that may take ``page_s``: once the quick model is needed, it stays."""
    size = paddle.TINY if page_s < _TOO_SLOW * _PAGE_S[paddle.SMALL] else wanted.size
    patience_s = min(_MOST_PATIENCE_S, max(0.0, page_s - _PAGE_S[size]))
    return replace(wanted, size=size, patience_s=patience_s)


def _read_page(work: _Work, source: Source, page: pikepdf.Page, fonts: writer.Fonts, index: int) -> ReadPage:
    picture, scale = source.picture(index)
    read, upright = read_picture(picture, work.wanted)
    if not read.words:
        return read
    if work.job.action == _LAYERED:
        height, width = picture.shape[:2]
        matrix = to_user(source.box(index), scale, (width, height)) @ back(width, height, read.turned, read.skew)
        writer.add_layer(page, fonts, read.words, matrix)
        return read
    grey = upright.min(axis=2)
    drawn = rules.rules_of(grey, read.words)
    words = work.setting.set(read.words, scale, stems_of(read.words, grey))
    words = with_bullets(words, grey)
    figures = figures_of(grey, words, drawn)
    drawn = apart(drawn, figures)
    if work.job.action == _SEEN:
        figures = [(0.0, 0.0, float(grey.shape[1]), float(grey.shape[0]))]
    else:
        words = outside(words, figures)
    writer.replace_page(page, fonts, words, writer.Drawn(upright, drawn, figures, scale))
    return read


def _warnings(work: _Work) -> list[str]:
    empty = [index for index, page in work.read.items() if not page.words]
    doubtful = [index for index, page in work.read.items() if page.words and page.confidence < DOUBTFUL]
    sentences = []
    if empty:
        sentences.append(f"No text was found in the picture of {page_ranges.spoken([one + 1 for one in empty])}.")
    if doubtful:
        pages = page_ranges.spoken([one + 1 for one in doubtful])
        sentences.append(f"What was read on {pages} is doubtful: compare it with the scan.")
    return sentences


def _report(work: _Work) -> list[dict[str, Any]]:
    return [_row(index, page) for index, page in sorted(work.read.items())]


def _row(index: int, page: ReadPage) -> dict[str, Any]:
    """``turned`` and ``skew`` are degrees clockwise; ``uncertain`` are words below .6."""
    words = [word for line in page.words for word in line]
    return {
        "page": index + 1,
        "engine": page.engine,
        "language": page.language or None,
        "words": len(words),
        "confidence": round(page.confidence, 3),
        "uncertain": sum(word.confidence < _UNCERTAIN for word in words),
        "turned": page.turned,
        "skew": round(page.skew, 2),
    }
