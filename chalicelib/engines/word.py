"""PDF to Word: each page by pdf2docx where it can, at fixed places where it can't; no page and no text goes silently."""

import contextlib
import io
import logging
from importlib.metadata import version
from typing import Any

from chalicelib.domain.errors import CorruptDocument
from chalicelib.domain.page_ranges import resolve
from chalicelib.engines import word_fixed
from chalicelib.engines.job import Job, Outcome, Progress
from chalicelib.engines.word_account import Account, Fate
from chalicelib.engines.word_body import PageBuilder
from chalicelib.engines.word_budget import Budget, PageTookTooLong, at_most
from chalicelib.engines.word_page import build_flow
from chalicelib.engines.word_source import SourcePage, open_pdf, prepare_page
from chalicelib.engines.word_text import lost_lines

MUCH = 0.35
"""Share of a page's letters whose loss by pdf2docx gives up its whole page; less is put into text boxes."""

UNREADABLE = 0.25
"""Share of a page's characters without a meaning from which on only a picture shows what it says."""

_PICTURE_S = 5.0
"""A page that has less time than this left gets no picture, but its bare text."""

_A4_PT = (595.0, 842.0)
_LOG = logging.getLogger(__name__)


def _is_ours(record: logging.LogRecord) -> bool:
    return "pdf2docx" not in record.pathname


# pdf2docx logs to the root logger: progress, and the text of lines that it leaves out.
logging.getLogger().addFilter(_is_ours)


def versions() -> dict[str, str]:
    """The libraries that matter."""
    return {"pdf2docx": version("pdf2docx"), "pymupdf": version("pymupdf")}


def convert(job: Job, progress: Progress) -> Outcome:
    """Convert the pages asked for to one Word document.

    Raises the refusals of ``open_pdf``, ``PageOutOfRange``, and ``CorruptDocument`` when no page can be read.
    """
    budget, builder, account = Budget(job.limits.timeout_s), PageBuilder(), Account()
    with contextlib.redirect_stdout(io.StringIO()):
        document = open_pdf(job)
        total, pages = len(document), job.options.get("pages")
        numbers = resolve(pages, total) if pages else list(range(1, total + 1))
        for done, number in enumerate(numbers, start=1):
            _convert_page(builder, document, number, account, budget.for_page(len(numbers) - done))
            builder.end_page()
            progress(done, len(numbers), "pages")
        if account.count(Fate.DAMAGED) == len(numbers):
            raise CorruptDocument("No page of the PDF can be read: it is damaged. Save it anew and try again.")
        builder.save(job.output, document.metadata or {})
    return Outcome(account.warnings(), _report(total, builder, account))


def _report(total: int, builder: PageBuilder, account: Account) -> dict[str, Any]:
    engine = {"engine": "pdf2docx", "engine_version": version("pdf2docx")}
    return engine | {"pages_in": total, "pages_out": builder.page_count} | builder.counts() | account.report()


def _convert_page(builder: PageBuilder, document: Any, number: int, account: Account, seconds: float) -> None:
    try:
        source = prepare_page(document, number)
    except Exception as error:  # noqa: BLE001 - MuPDF raises anything on a broken page, and the page must not go
        _log(number, "can't be read", error)
        account.note(Fate.DAMAGED, number)
        word_fixed.build_blank(builder, *_A4_PT)
        return
    account.note_source(number, source)
    if word_fixed.is_blank(source):
        word_fixed.build_blank(builder, source.page.rect.width, source.page.rect.height)
        return
    fate = _picture_fate(source)
    if fate is not None or not _flow(builder, source, number, account, seconds):
        _fix(builder, source, number, account, fate or Fate.FIXED, seconds)


def _picture_fate(source: SourcePage) -> Fate | None:
    """Why only a picture shows what the page shows; None where its text can flow."""
    text = source.text
    if not (text.seen or text.hidden or text.unreadable):
        return Fate.NO_TEXT
    if word_fixed.is_scan(source) or not (text.seen or text.unreadable):
        return Fate.SCANNED
    if text.unreadable > UNREADABLE * (text.seen_letters + text.unreadable):
        return Fate.UNREADABLE
    return None


def _flow(builder: PageBuilder, source: SourcePage, number: int, account: Account, seconds: float) -> bool:
    """Build the page by pdf2docx; false when it fails, takes too long or loses too much."""
    fonts: dict[str, str] = {}
    try:
        with at_most(seconds):
            build_flow(builder, source.page, source.text, fonts)
            lost = lost_lines(source.text, builder.text())
            if sum(len(line.letters) for line in lost) > MUCH * source.text.seen_letters:
                return False
            word_fixed.add_boxes(builder, lost)
            word_fixed.add_hidden(builder, source.text.hidden)
            builder.mend()
    except (Exception, PageTookTooLong) as error:  # noqa: BLE001 - whatever pdf2docx raises, the page must not go
        _log(number, "can't flow", error)
        return False
    account.fonts |= fonts
    if lost:
        account.note_boxes(number, len(lost))
    if source.text.unreadable:
        account.note(Fate.MISSING, number)
    return True


def _fix(builder: PageBuilder, source: SourcePage, number: int, account: Account, fate: Fate, seconds: float) -> None:
    """Build the page at fixed places, or as bare text when even that fails or the time is over."""
    try:
        with at_most(_PICTURE_S * (seconds > 0)):
            (word_fixed.build_fixed if fate is Fate.FIXED else word_fixed.build_picture)(builder, source)
    except (Exception, PageTookTooLong) as error:  # noqa: BLE001 - as above
        _log(number, "can't be drawn", error)
        word_fixed.build_plain(builder, source)
        fate = Fate.TEXT_ONLY
    account.note(fate, number)


def _log(number: int, what: str, error: BaseException) -> None:
    _LOG.warning("page %d %s: %s: %s", number, what, type(error).__name__, str(error)[:200])
