"""The engine of "remove pages from PDF": by number, blank ones, or both (pypdf)."""

import shutil
from typing import Any

import pypdf
from pypdf.errors import LimitReachedError

from chalicelib.domain import page_ranges
from chalicelib.domain.errors import CorruptDocument, LimitExceeded, NoPagesLeft, UnsupportedDocument
from chalicelib.engines.dynamic_forms import REFUSAL
from chalicelib.engines.job import Job, Outcome, Progress
from chalicelib.engines.pages.annotations import is_dynamic_form, signed
from chalicelib.engines.pages.blank import is_blank
from chalicelib.engines.pages.document import (
    Document,
    Page,
    declared_pages,
    find_pages,
    heard_complaints,
    open_document,
)
from chalicelib.engines.pages.looks import white_pages
from chalicelib.engines.pages.removal import Removal, remove_pages
from chalicelib.engines.pages.resources import damaged_pages
from chalicelib.engines.pages.writer import write_document

_HEAD_BYTES = 1_024
"""A linearized file says so within them (PDF 32000-1, annex F.3.3)."""


def versions() -> dict[str, str]:
    """For the worker's log."""
    return {"pypdf": pypdf.__version__}


def convert(job: Job, progress: Progress) -> Outcome:
    """Write the document without the pages that ``pages`` names and, if ``remove_blank``, the blank ones.

    Raises ``PageOutOfRange``, ``NoPagesLeft``, ``EncryptedDocument``, ``CorruptDocument``, ``LimitExceeded``, and
    ``UnsupportedDocument`` for dynamic forms.
    """
    with heard_complaints() as complaints:
        try:
            return _convert(job, progress, complaints)
        except LimitReachedError as error:
            raise LimitExceeded("The PDF holds more than can be read safely.") from error
        except RecursionError as error:
            raise CorruptDocument("The PDF is nested too deeply to be read: it is damaged.") from error


def _convert(job: Job, progress: Progress, complaints: list[str]) -> Outcome:
    document = open_document(job.inputs[0].path, job.password, complaints)
    pages = find_pages(document)
    if is_dynamic_form(document, pages):
        raise UnsupportedDocument(REFUSAL)
    declared = declared_pages(document)
    if len(pages) > job.limits.pdf_pages:
        allowed = f"at most {job.limits.pdf_pages:,} are accepted"
        raise LimitExceeded(f"The PDF has {len(pages):,} pages; {allowed}.")
    named = set(page_ranges.resolve(job.options["pages"], len(pages))) if job.options.get("pages") else set()
    blank = _find_blank(document, pages, progress) if job.options.get("remove_blank") else None
    numbers = named | set(blank or ())
    if len(numbers) == len(pages):
        raise NoPagesLeft(_nothing_left(len(named), len(pages)))
    warnings = _remove(job, document, pages, numbers) if numbers else _write_whole(job, document, pages, complaints)
    if blank is not None:
        rest = [page.number for page in pages if page.number not in numbers]
        warnings += [_blank_sentence(blank), *_white_sentence(white_pages(job.inputs[0].path, job.password, rest))]
    if declared > len(pages):
        warnings.append(f"The PDF says it has {declared:,} pages, but only {len(pages):,} can be found in it.")
    if complaints:
        warnings.append("The PDF is damaged: it was repaired as far as possible, so look the result through.")
    progress(len(pages), len(pages), "pages")
    return Outcome(tuple(warnings), _report(pages, numbers, blank))


def _find_blank(document: Document, pages: list[Page], progress: Progress) -> list[int]:
    found = []
    for page in pages:
        if is_blank(document, page):
            found.append(page.number)
        progress(page.number - 1, len(pages), "pages")
    return found


def _write_whole(job: Job, document: Document, pages: list[Page], complaints: list[str]) -> list[str]:
    """Write the same file, and return what a reader of it should know.

    What is damaged, or linearized by tables that may be out of date, is written anew; not where signatures or
    encryption hold for the very bytes.
    """
    warnings = _damage(document, pages)
    bound = document.reader.is_encrypted or signed(document)
    linearized = b"/Linearized" in job.inputs[0].path.read_bytes()[:_HEAD_BYTES]
    if (complaints or linearized) and not bound:
        write_document(document, job.output)
    else:
        shutil.copyfile(job.inputs[0].path, job.output)
    return warnings


def _remove(job: Job, document: Document, pages: list[Page], numbers: set[int]) -> list[str]:
    """Write the result, and return what a reader of it should know."""
    was_signed = signed(document)
    removal = remove_pages(document, pages, numbers)
    warnings = _damage(document, [page for page in pages if page.number not in numbers])
    write_document(document, job.output)
    if was_signed:
        warnings.append("The PDF was digitally signed: removing pages makes its signatures invalid.")
    if document.reader.is_encrypted:
        warnings.append("The result is not encrypted: it opens without a password and without restrictions.")
    return warnings + _losses(removal)


def _damage(document: Document, kept: list[Page]) -> list[str]:
    damaged = damaged_pages(document, kept)
    return [f"Damaged: {_named(damaged)}. What can't be read there is missing in the result."] if damaged else []


def _losses(removal: Removal) -> list[str]:
    counted = (
        (removal.bookmarks, "bookmark to a removed page", "bookmarks to removed pages"),
        (removal.links, "link to a removed page", "links to removed pages"),
        (removal.fields, "form field of a removed page", "form fields of removed pages"),
    )
    gone = [f"{number:,} {one if number == 1 else many}" for number, one, many in counted if number]
    sentences = [f"Removed with the pages: {', '.join(gone)}."] if gone else []
    if removal.xfa:
        sentences.append("The form's XFA description, which holds removed pages too, was removed; its fields stay.")
    if removal.private_data:
        sentences.append("Private data of the program that made the PDF, which may hold removed pages, was removed.")
    return sentences


def _nothing_left(named: int, total: int) -> str:
    if named == total:
        return "pages: every page of the document is named; at least one must stay."
    return "No page would be left: every page of the document is named or blank."


def _blank_sentence(blank: list[int]) -> str:
    if not blank:
        return "No blank page was found."
    return f"Removed as blank: {_named(blank)}."


def _white_sentence(white: list[int]) -> list[str]:
    if not white:
        return []
    return [
        f"Kept: {_named(white)}. Text or pictures lie there that can't be told from blank paper; "
        "name such pages to have them removed."
    ]


def _named(numbers: list[int]) -> str:
    """For a sentence: "page 3", "pages 1, 4-6"."""
    return f"page{'s' * (len(numbers) > 1)} {_ranges(numbers).replace(',', ', ')}"


def _ranges(numbers: list[int]) -> str:
    """Ascending page numbers in the notation of the option ``pages``."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][-1] + 1:
            parts[-1][1:] = [number]
        else:
            parts.append([number])
    return ",".join("-".join(map(str, part)) for part in parts)


def _report(pages: list[Page], numbers: set[int], blank: list[int] | None) -> dict[str, Any]:
    report = {
        "engine": "pypdf",
        "engine_version": pypdf.__version__,
        "pages_in": len(pages),
        "pages_out": len(pages) - len(numbers),
        "removed_pages": _ranges(sorted(numbers)),
    }
    return report if blank is None else report | {"blank_pages": blank}
