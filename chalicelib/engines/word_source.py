"""Opens a PDF and hands out its pages the way they are to be rebuilt: upright, within Word's size, forms filled in."""

import logging
from dataclasses import dataclass
from typing import Any

import fitz  # type: ignore[import-untyped]

from chalicelib.domain.errors import CorruptDocument, EmptyDocument, EncryptedDocument, LimitExceeded
from chalicelib.engines.job import Job
from chalicelib.engines.word_text import TextLayer, read_text

_LOG = logging.getLogger(__name__)

LONGEST_SIDE_PT = 1584.0
"""22 inches: no page in Word is wider or higher."""

_MOST = 0.5
"""A page is turned when more than this share of its letters runs in another direction."""

fitz.TOOLS.mupdf_display_errors(False)
fitz.TOOLS.mupdf_display_warnings(False)


@dataclass(frozen=True)
class SourcePage:
    """A page that is not rotated any more, its text, and what was done to it: degrees turned, factor of its size."""

    page: Any
    text: TextLayer
    turned: int = 0
    scale: float = 1.0


def open_pdf(job: Job) -> Any:
    """The PyMuPDF document of the job's first input.

    Raises ``CorruptDocument``, ``EncryptedDocument``, ``EmptyDocument`` and ``LimitExceeded`` for too many pages.
    """
    damaged = "The PDF can't be read: it is damaged. Save it anew and try again."
    try:
        document = fitz.open(job.inputs[0].path, filetype="pdf")
        _unlock(document, job.password)
        count = len(document)
    except (RuntimeError, ValueError) as error:
        raise CorruptDocument(damaged) from error
    if count == 0:
        raise CorruptDocument(damaged) if document.is_repaired else EmptyDocument("This PDF has no pages.")
    if count > job.limits.pdf_pages:
        raise LimitExceeded(f"The PDF has {count:,} pages; at most {job.limits.pdf_pages:,} are converted.")
    _bake(document)
    return document


def _unlock(document: Any, password: str | None) -> None:
    if document.needs_pass and not (password and document.authenticate(password)):
        wrong = "The password does not open this PDF." if password else "This PDF is encrypted."
        raise EncryptedDocument(f"{wrong} Send the right one in the option password.")


def _bake(document: Any) -> None:
    """Make the values of form fields and the looks of annotations a part of their pages."""
    try:
        document.bake()
    except (RuntimeError, ValueError) as error:
        _LOG.warning("annotations stay outside the pages: %s", type(error).__name__)


def prepare(document: Any, number: int) -> SourcePage:
    """Page ``number`` (from 1), turned so that most of its text is upright. Raises what PyMuPDF raises of a broken page."""
    page = document[number - 1]
    page.remove_rotation()
    scale = min(1.0, LONGEST_SIDE_PT / max(page.rect.width, page.rect.height, 1))
    if scale < 1:
        page = _scaled(document, number, page, scale)
    text = read_text(page)
    turn = _prevailing_turn(text)
    if turn:
        page.set_rotation((360 - turn) % 360)
        page.remove_rotation()
        text = read_text(page)
    return SourcePage(page, text, (360 - turn) % 360, scale)


def _scaled(document: Any, number: int, page: Any, scale: float) -> Any:
    smaller = fitz.open().new_page(width=page.rect.width * scale, height=page.rect.height * scale)
    smaller.show_pdf_page(smaller.rect, document, number - 1)
    return smaller


def _prevailing_turn(text: TextLayer) -> int:
    """90, 180 or 270 when most letters are turned so, clockwise; else 0."""
    lines = text.seen or text.hidden
    letters = sum(len(line.letters) for line in lines)
    for turn in (90, 180, 270):
        if sum(len(line.letters) for line in lines if line.turn == turn) > _MOST * letters:
            return turn
    return 0


def without_text(page: Any, *, images: bool) -> Any:
    """A copy of ``page`` that has everything but its text, and but its images too unless ``images``."""
    copy = fitz.open()
    copy.insert_pdf(page.parent, from_page=page.number, to_page=page.number, links=False, annots=False)
    bare = copy[0]
    bare.add_redact_annot(bare.rect, fill=False, cross_out=False)
    bare.apply_redactions(images=fitz.PDF_REDACT_IMAGE_NONE if images else fitz.PDF_REDACT_IMAGE_REMOVE, graphics=0, text=0)
    return bare
