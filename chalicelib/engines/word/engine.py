"""PDF to Word: each page by pdf2docx where it can, at fixed places where it can't; no page and no text goes silently."""

import contextlib
import io
import logging
from importlib.metadata import version
from typing import Any

from chalicelib.domain.errors import CorruptDocument
from chalicelib.domain.page_ranges import resolve
from chalicelib.engines.job import Job, Outcome, Progress
from chalicelib.engines.word import fixed
from chalicelib.engines.word.account import Account, Fate
from chalicelib.engines.word.body import PageBuilder
from chalicelib.engines.word.budget import Budget, PageTookTooLong, at_most
from chalicelib.engines.word.page import build_flow
from chalicelib.engines.word.source import SourcePage, open_pdf, prepare_page
from chalicelib.engines.word.text import lost_lines

MUCH = 0.35
"""Share of a page's letters whose loss by pdf2docx gives up its whole page; less is put into text boxes."""

UNREADABLE = 0.25
"""Share of a page's characters without a meaning from which on only a picture shows what it says."""

_A4_PT = (595.0, 842.0)
_LOG = logging.getLogger(__name__)


def _is_ours(record: logging.LogRecord) -> bool:
    return "pdf2docx" not in record.pathname


# pdf2docx logs to the root logger: progress, and the text of lines that it leaves out.
logging.getLogger().addFilter(_is_ours)
logging.getLogger().setLevel(logging.WARNING)


def versions() -> dict[str, str]:
    """The libraries that matter."""
    return {"pdf2docx": version("pdf2docx"), "pymupdf": version("pymupdf")}


def convert(job: Job, progress: Progress) -> Outcome:
    """Convert the pages asked for to one Word document.

    Raises the refusals of ``open_pdf``, ``PageOutOfRange``, and ``CorruptDocument`` when no page can be read.
    """
    budget = Budget(job.limits.timeout_s)
    with contextlib.redirect_stdout(io.StringIO()):
        document = open_pdf(job)
        total, pages = len(document), job.options.get("pages")
        numbers = resolve(pages, total) if pages else list(range(1, total + 1))
        conversion = _Conversion(document, budget)
        for done, number in enumerate(numbers, start=1):
            conversion.add(number, len(numbers) - done)
            progress(done, len(numbers), "pages")
        builder, account = conversion.builder, conversion.account
        if account.count(Fate.DAMAGED) == len(numbers):
            raise CorruptDocument("No page of the PDF can be read: it is damaged. Save it anew and try again.")
        builder.save(job.output, document.metadata or {})
    engine = {"engine": "pdf2docx", "engine_version": version("pdf2docx")}
    counts = {"pages_in": total, "pages_out": builder.page_count} | builder.counts()
    return Outcome(account.warnings(), engine | counts | account.report())


class _Conversion:
    """The Word document in the making, and the books of it."""

    def __init__(self, document: Any, budget: Budget) -> None:
        self.builder, self.account = PageBuilder(), Account()
        self._document, self._budget = document, budget

    def add(self, number: int, following: int) -> None:
        """Convert page ``number``, after which so many come."""
        try:
            source = prepare_page(self._document, number)
        except Exception as error:  # noqa: BLE001 - MuPDF raises anything on a broken page, and the page must not go
            _log(number, "can't be read", error)
            self.account.note(Fate.DAMAGED, number)
            fixed.build_blank(self.builder, *_A4_PT)
        else:
            self.account.note_source(number, source)
            self._build(source, number, following)
        self.builder.end_page()

    def _build(self, source: SourcePage, number: int, following: int) -> None:
        if fixed.is_blank(source):
            fixed.build_blank(self.builder, source.page.rect.width, source.page.rect.height)
            return
        fate = _picture_fate(source)
        if fate is not None or not self._flow(source, number, self._budget.for_page(following)):
            self._fix(source, number, fate or Fate.FIXED, self._budget.for_picture(following))

    def _flow(self, source: SourcePage, number: int, seconds: float) -> bool:
        """Build the page by pdf2docx; false when it fails, takes too long or loses too much."""
        fonts: dict[str, str] = {}
        try:
            with at_most(seconds):
                build_flow(self.builder, source.page, source.text, fonts)
                lost = lost_lines(source.text, self.builder.text())
                if sum(len(line.letters) for line in lost) > MUCH * source.text.seen_letters:
                    return False
                fixed.add_boxes(self.builder, lost)
                fixed.add_hidden(self.builder, source.text.hidden)
                self.builder.mend()
        except (Exception, PageTookTooLong) as error:  # noqa: BLE001 - whatever pdf2docx raises, the page must not go
            _log(number, "can't flow", error)
            return False
        self.account.fonts |= fonts
        self.account.note_boxes(number, lost)
        if source.text.unreadable:
            self.account.note(Fate.MISSING, number)
        return True

    def _fix(self, source: SourcePage, number: int, fate: Fate, seconds: float) -> None:
        """Build the page at fixed places, or as bare text when even that fails or the time is over."""
        build = fixed.build_fixed if fate is Fate.FIXED else fixed.build_picture
        try:
            with at_most(seconds):
                build(self.builder, source)
        except (Exception, PageTookTooLong) as error:  # noqa: BLE001 - as above
            _log(number, "can't be drawn", error)
            fixed.build_plain(self.builder, source)
            fate = Fate.TEXT_ONLY
        self.account.note(fate, number)
        self.account.note_fonts(source.text.seen)


def _picture_fate(source: SourcePage) -> Fate | None:
    """Why only a picture shows what the page shows; None where its text can flow."""
    text = source.text
    if not (text.seen or text.hidden or text.unreadable):
        return Fate.NO_TEXT
    if fixed.is_scan(source) or not (text.seen or text.unreadable):
        return Fate.SCANNED
    if text.unreadable > UNREADABLE * (text.seen_letters + text.unreadable):
        return Fate.UNREADABLE
    return None


def _log(number: int, what: str, error: BaseException) -> None:
    _LOG.warning("page %d %s: %s: %s", number, what, type(error).__name__, str(error)[:200])
