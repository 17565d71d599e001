"""PDF to Word: a PDF is read, understood, written."""

import time
from importlib.metadata import version

from chalicelib.domain.errors import CorruptDocument
from chalicelib.domain.page_ranges import resolve
from chalicelib.engines.job import Job, Outcome, Progress
from chalicelib.engines.tables.pymupdf import pymupdf
from chalicelib.engines.word.account import surplus
from chalicelib.engines.word.document.document import Way
from chalicelib.engines.word.document.picture import Media
from chalicelib.engines.word.draft.block import PictureDraft
from chalicelib.engines.word.draft.draft import Draft, PageDraft
from chalicelib.engines.word.fates import report_of, warnings_of
from chalicelib.engines.word.pages.page import Page, UnreadPage
from chalicelib.engines.word.read.page_reader import PageReader
from chalicelib.engines.word.read.reader import read_document
from chalicelib.engines.word.read.rendering import PagePictures
from chalicelib.engines.word.read.source import check_source
from chalicelib.engines.word.understand.compose import compose
from chalicelib.engines.word.understand.pipeline import understand
from chalicelib.engines.word.write.writer import write

_PAGE_SHARE = 1 / 8
"""Of the whole time that one page may take."""

_READING_SHARE = 0.6
"""What remains is for understanding and writing."""


def versions() -> dict[str, str]:
    """The libraries that matter."""
    return {"pymupdf": version("pymupdf"), "pypdfium2": version("pypdfium2")}


def convert(job: Job, progress: Progress) -> Outcome:
    """Convert the pages asked for to one Word document.

    Raises the refusals of ``check_source``, ``PageOutOfRange``, and ``CorruptDocument`` when no page can be read.
    """
    started = time.monotonic()
    total, wanted = check_source(job), job.options.get("pages")
    numbers = resolve(wanted, total) if wanted else list(range(1, total + 1))
    path, allowed_s = job.inputs[0].path, job.limits.timeout_s
    source = read_document(
        path,
        job.password,
        numbers,
        allowed_s * _PAGE_SHARE,
        started + allowed_s * _READING_SHARE,
        lambda done: progress(done, len(numbers), "pages"),
    )
    if all(isinstance(page, UnreadPage) for page in source.pages):
        raise CorruptDocument("No page of the PDF can be read: it is damaged. Save it anew and try again.")
    draft = Draft(source, [_draft_page(page) for page in source.pages])
    understand(draft)
    pictures = PagePictures(PageReader(path, job.password, tagged=False))
    undrawn: set[int] = set()
    document = compose(draft, lambda one: _media(pictures, one, undrawn))
    write(document, job.output)
    engine = {"engine": "word", "engine_version": version("pymupdf")}
    counts = {"pages_in": total, "pages_out": len(draft.pages)}
    warnings = warnings_of(draft, undrawn, surplus(draft, job.output))
    return Outcome(warnings, engine | counts | report_of(draft, document))


def _draft_page(page: Page | UnreadPage) -> PageDraft:
    if isinstance(page, UnreadPage):
        return PageDraft(Page(page.number, page.width, page.height), way=Way.UNREAD, why=page.cause)
    return PageDraft(page)


def _media(pictures: PagePictures, picture: PictureDraft, undrawn: set[int]) -> Media | None:
    """The bytes of a picture; where it can't be drawn, its page is noted in ``undrawn``."""
    try:
        if picture.image is not None:
            return pictures.image(picture.page, picture.image)
        return pictures.region(picture.page, picture.box, text=picture.with_text)
    except (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase):
        undrawn.add(picture.page)
        return None
