"""PDF to Word: each page by pdf2docx where it can, at fixed places where it can't; no page and no text goes silently."""

import contextlib
import io
import logging
import time
from importlib.metadata import version
from typing import Any

from chalicelib.domain.errors import CorruptDocument, DocumentRefused
from chalicelib.domain.page_ranges import resolve
from chalicelib.engines.job import Job, Outcome, Progress
from chalicelib.engines.word_account import Account
from chalicelib.engines.word_body import PageBuilder
from chalicelib.engines.word_budget import Budget, PageTookTooLong
from chalicelib.engines.word_fixed import (
    add_boxes,
    add_hidden,
    build_blank,
    build_fixed,
    build_picture,
    build_plain,
    is_blank,
    is_scan,
)
from chalicelib.engines.word_page import build_flow
from chalicelib.engines.word_source import SourcePage, open_pdf, prepare
from chalicelib.engines.word_text import lost_lines

MUCH = 0.35
"""Share of a page's letters whose loss by pdf2docx gives up its whole page; less is put into text boxes."""

UNREADABLE = 0.25
"""Share of a page's characters without a meaning from which on only a picture shows what it says."""

_LOG = logging.getLogger(__name__)


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
        total = len(document)
        numbers = resolve(job.options["pages"], total) if job.options.get("pages") else range(1, total + 1)
        builder, account = PageBuilder(), Account()
        for done, number in enumerate(numbers, start=1):
            _convert_page(builder, document, number, account, budget.for_page(len(numbers) - done))
            builder.end_page()
            progress(done, len(numbers), "pages")
        if len(account.unreadable_pages) == len(numbers):
            raise CorruptDocument("No page of the PDF can be read: it is damaged. Save it anew and try again.")
        builder.save(job.output, document.metadata)
    return Outcome(account.warnings(), _report(total, builder, account))


def _report(total: int, builder: PageBuilder, account: Account) -> dict[str, Any]:
    names = {"engine": "pdf2docx", "engine_version": version("pdf2docx")}
    return names | {"pages_in": total, "pages_out": builder.page_count} | builder.counts() | account.report()


def _convert_page(builder: PageBuilder, document: Any, number: int, account: Account, seconds: float) -> None:
    try:
        source = prepare(document, number)
    except Exception as error:  # noqa: BLE001 - MuPDF raises anything on a broken page, and the page must not go
        _log(number, "can't be read", error)
        account.unreadable_pages.append(number)
        build_blank(builder, *_A4_PT)
        return
    account.note_source(number, source)
    if is_blank(source):
        build_blank(builder, source.page.rect.width, source.page.rect.height)
    elif is_scan(source) or _is_only_seen(source):
        account.note_picture(number, source)
        build_picture(builder, source)
    elif not _flow(builder, source, number, account, seconds):
        _fix(builder, source, number, account)
