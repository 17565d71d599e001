"""Opens a PDF and hands out its pages the way they are to be rebuilt: upright, within Word's size, forms filled in."""

import logging
from dataclasses import dataclass
from typing import Any

import fitz

from chalicelib.domain.errors import CorruptDocument, EmptyDocument, EncryptedDocument, LimitExceeded
from chalicelib.engines.job import Job
from chalicelib.engines.word.text import TextLayer, read_text

_LOG = logging.getLogger(__name__)

LONGEST_SIDE_PT = 1584.0
"""22 inches: no page in Word is wider or higher."""

_MOST = 0.8
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
        if password:
            raise EncryptedDocument("The password does not open this PDF: send the right one as the option 'password'.")
        raise EncryptedDocument("This PDF is encrypted: send its password as the option 'password'.")


def _bake(document: Any) -> None:
    """Make the values of form fields and the looks of annotations a part of their pages."""
    try:
        document.bake()
    except (RuntimeError, ValueError) as error:
        _LOG.warning("annotations stay outside the pages: %s", type(error).__name__)


def prepare_page(document: Any, number: int) -> SourcePage:
    """Page ``number`` (from 1), turned so that most of its text is upright. Raises what PyMuPDF raises of a broken page."""
    page = document[number - 1]
    rotation = page.rotation
    page.set_rotation(0)
    text = read_text(page)
    turn = _prevailing_turn(text)
    back = (360 - rotation) % 360 if turn is None else turn
    scale = min(1.0, LONGEST_SIDE_PT / max(page.rect.width, page.rect.height, 1))
    if back or scale < 1 or page.cropbox.tl != page.mediabox.tl:
        page = _laid_anew(document, page, back, scale)
        text = read_text(page)
    return SourcePage(page, text, (rotation + back) % 360, scale)


def _prevailing_turn(text: TextLayer) -> int | None:
    """The degrees, clockwise, by which most letters are turned; None without such a majority."""
    lines = text.seen or text.hidden
    letters = sum(len(line.letters) for line in lines)
    for turn in (0, 90, 180, 270):
        if sum(len(line.letters) for line in lines if line.turn == turn) > _MOST * letters:
            return turn
    return None


def _laid_anew(document: Any, page: Any, back: int, scale: float) -> Any:
    """What of ``page`` lies in its crop box, turned ``back`` (degrees, anticlockwise), alone on a new page.

    pdf2docx errs with rotated pages, and with crop boxes that do not begin where the page begins.
    """
    width, height = page.rect.width, page.rect.height
    sides = (width, height) if back % 180 == 0 else (height, width)
    laid = fitz.open().new_page(width=sides[0] * scale, height=sides[1] * scale)
    laid.show_pdf_page(laid.rect, document, page.number, rotate=back)
    turned = {
        0: fitz.Matrix(1, 0, 0, 1, 0, 0),
        90: fitz.Matrix(0, -1, 1, 0, 0, width),
        180: fitz.Matrix(-1, 0, 0, -1, width, height),
        270: fitz.Matrix(0, 1, -1, 0, height, 0),
    }[back]
    for link in page.get_links():
        if link["kind"] == fitz.LINK_URI:
            place = link["from"] * turned * fitz.Matrix(scale, scale)
            laid.insert_link({"kind": fitz.LINK_URI, "from": place, "uri": link["uri"]})
    return laid


def without_text(page: Any, *, images: bool) -> Any:
    """A copy of ``page`` that has everything but its text, and but its images too unless ``images``."""
    copy = fitz.open()
    copy.insert_pdf(page.parent, from_page=page.number, to_page=page.number, links=False, annots=False)
    bare = copy[0]
    bare.add_redact_annot(bare.rect, fill=False, cross_out=False)
    bare.apply_redactions(
        images=fitz.PDF_REDACT_IMAGE_NONE if images else fitz.PDF_REDACT_IMAGE_REMOVE, graphics=0, text=0
    )
    return bare
