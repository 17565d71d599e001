"""PDF to Word: each page by pdf2docx, or as a picture with its text behind it; nothing goes silently."""

import logging
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from io import BytesIO
from typing import Any, NoReturn

import fitz  # type: ignore[import-untyped]
from docx.shared import Pt

from chalicelib.domain.errors import CorruptDocument, DocumentRefused, EmptyDocument, EncryptedDocument, LimitExceeded
from chalicelib.domain.page_ranges import resolve
from chalicelib.engines.job import Job, Outcome, Progress
from chalicelib.engines.word_body import PageBuilder
from chalicelib.engines.word_page import build_flow
from chalicelib.engines.word_text import TextLayer, lost_lines, read_text

# pdf2docx calls logging.basicConfig when it is imported, and says something of every page.
logging.getLogger().setLevel(logging.WARNING)

LONGEST_PAGE_S, SHORTEST_PAGE_S = 45.0, 3.0
"""What one page may take: a page of a thousand dots would take hours."""

PICTURE_DPI = 150
MUCH = 0.15
"""Share of a page's letters whose loss makes the whole page a picture; less is kept behind the page."""

_LOG = logging.getLogger(__name__)


class PageTookTooLong(Exception):
    """One page used up its time."""


@dataclass
class Account:
    """What became of the pages."""

    warnings: list[str] = field(default_factory=list)
    fonts: dict[str, str] = field(default_factory=dict)
    pictures: list[int] = field(default_factory=list)
    without_text: list[int] = field(default_factory=list)


def versions() -> dict[str, str]:
    """The libraries that matter."""
    return {"pdf2docx": version("pdf2docx"), "pymupdf": version("pymupdf")}


def convert(job: Job, progress: Progress) -> Outcome:
    """Convert the pages asked for. Raises the named refusals."""
    started = time.monotonic()
    source = _open(job)
    pages = resolve(job.options["pages"], len(source)) if job.options.get("pages") else list(range(1, len(source) + 1))
    builder, account = PageBuilder(), Account()
    for done, number in enumerate(pages):
        left_s = job.limits.timeout_s * 0.85 - (time.monotonic() - started)
        budget_s = min(LONGEST_PAGE_S, max(SHORTEST_PAGE_S, left_s / 2))
        _page(builder, source, number, account, budget_s if left_s > 0 else 0)
        progress(done + 1, len(pages), "pages")
    builder.save(job.output)
    return Outcome(tuple(account.warnings), _report(len(source), builder, account))


def _report(pages_in: int, builder: PageBuilder, account: Account) -> dict[str, Any]:
    return {
        "engine": "pdf2docx",
        "engine_version": version("pdf2docx"),
        "pages_in": pages_in,
        "pages_out": builder.page_count,
        "pages_as_picture": account.pictures,
        "pages_without_text": account.without_text,
        "fonts_substituted": account.fonts,
    }


def _open(job: Job) -> Any:
    try:
        source = fitz.open(job.inputs[0].path, filetype="pdf")
    except (RuntimeError, ValueError) as error:
        raise CorruptDocument("The PDF can't be read; it is damaged. Save it anew and try again.") from error
    if source.needs_pass and not (job.password and source.authenticate(job.password)):
        wrong = "The password does not open this PDF." if job.password else "This PDF is encrypted."
        raise EncryptedDocument(f"{wrong} Send its password in the option password.")
    if len(source) == 0:
        if source.is_repaired:
            raise CorruptDocument("No page was found in this PDF; it is damaged. Save it anew and try again.")
        raise EmptyDocument("This PDF has no pages.")
    if len(source) > job.limits.pdf_pages:
        raise LimitExceeded(f"The PDF has {len(source)} pages; at most {job.limits.pdf_pages} are converted.")
    return source


def _page(builder: PageBuilder, source: Any, number: int, account: Account, budget_s: float) -> None:
    page = source[number - 1]
    try:
        with _at_most(budget_s):
            _bake(source, page)
            layer = read_text(page)
            build_flow(builder, page, layer, account.fonts)
            lost = lost_lines(layer, builder.text())
    except DocumentRefused:
        raise
    except Exception as error:  # noqa: BLE001 - whatever broke, the page must not go
        _LOG.warning("page %d becomes a picture: %s: %s", number, type(error).__name__, str(error)[:200])
        _picture(builder, page, number, account, "it could not be rebuilt as editable text")
        return
    letters = sum(len(line.letters) for line in lost)
    if letters > MUCH * max(layer.seen_letters, 1):
        _picture(builder, page, number, account, "much of its text lies where Word can't put it")
        return
    _keep_behind(builder, [line.text for line in lost], number, account)
    _note_text(builder, page, layer, number, account)
    builder.end_page()


def _bake(source: Any, page: Any) -> None:
    """Make form fields and annotations part of the page, and turn it upright."""
    if page.first_annot or page.first_widget:
        source.bake()
    if page.rotation:
        page.remove_rotation()


def _keep_behind(builder: PageBuilder, texts: list[str], number: int, account: Account) -> None:
    if texts:
        _hidden(builder, texts)
        lines = f"{len(texts)} line{'s' * (len(texts) > 1)}"
        account.warnings.append(f"Page {number}: {lines} could not be placed; the text is there as hidden text.")


def _note_text(builder: PageBuilder, page: Any, layer: TextLayer, number: int, account: Account) -> None:
    if layer.hidden:
        _hidden(builder, [line.text for line in layer.hidden])
    if not layer.seen and not layer.hidden and page.get_images():
        account.without_text.append(number)
        account.warnings.append(
            f"Page {number} is a picture without text; recognise its text (OCR) to make it editable."
        )
    if layer.unreadable:
        account.warnings.append(f"Page {number}: {layer.unreadable} characters have no readable meaning in the PDF.")


def _hidden(builder: PageBuilder, texts: list[str]) -> None:
    run = builder.last_paragraph().add_run("\n".join(texts))
    run.font.hidden = True


def _picture(builder: PageBuilder, page: Any, number: int, account: Account, why: str) -> None:
    """The page as a picture, with its text hidden behind it."""
    width, height = page.rect.width, page.rect.height
    builder.begin_page(width, height, (0, 0, 0, 0))
    image = page.get_pixmap(dpi=min(PICTURE_DPI, int(72 * 4_000 / max(width, height, 1)))).tobytes("png")
    paragraph = builder.add_paragraph()
    paragraph.add_run().add_picture(BytesIO(image), width=Pt(width), height=Pt(max(height - 4, 1)))
    try:
        layer = read_text(page)
        text = [line.text for line in (*layer.seen, *layer.hidden)]
    except RuntimeError:
        text = []
    if text:
        _hidden(builder, text)
    behind = ", its text hidden behind" if text else ""
    account.pictures.append(number)
    account.warnings.append(f"Page {number} is there as a picture{behind}: {why}.")
    builder.end_page()


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise ``PageTookTooLong`` inside the block after ``seconds``. The engine's child is a process of its own."""

    def ring(_signal: int, _frame: Any) -> NoReturn:
        raise PageTookTooLong

    if seconds <= 0:
        raise PageTookTooLong
    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
