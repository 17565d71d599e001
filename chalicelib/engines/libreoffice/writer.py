"""Text documents to PDF: docx, doc, odt, rtf."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from chalicelib.domain.errors import ConversionFailed
from chalicelib.domain.page_ranges import resolve
from chalicelib.engines.job import InputFile, Job, Outcome
from chalicelib.engines.libreoffice.documents import Opened
from chalicelib.engines.libreoffice.export import Exported, export, page_count, pdf_settings
from chalicelib.engines.libreoffice.fonts import font_warnings
from chalicelib.engines.libreoffice.listener import Listener
from chalicelib.engines.libreoffice.text_review import (
    change_warnings,
    comment_count,
    day_warnings,
    fill_contents,
    name_files_only,
    settle_changes,
)
from chalicelib.engines.office.links import (
    foreign_parts,
    foreign_warnings,
    link_warnings,
    linked_objects,
    without_file_fields,
)
from chalicelib.engines.office.normaliser import normalise_text


def docx_to_pdf(soffice: Listener, job: Job) -> Outcome:
    """Options ``pages``, ``pdfa``, ``pdfua``, ``changes``, ``comments``. Pages that a section leaves blank for printing
    are skipped.

    LibreOffice takes a range outside the document for a success or fails without a reason, so the document is
    laid out first. Raises ``PageOutOfRange`` and what loading and export raise.
    """
    links = _loosen(job.inputs[0])
    normalise_text(job.inputs[0])
    with Opened(soffice, job) as document:
        review = _review(soffice, document, job)
        settings = {**pdf_settings(soffice.pdf_defaults, job.options), **review.settings}
        total = page_count(document, document, settings)
        wanted = job.options.get("pages")
        pages = resolve(wanted, total) if wanted else None
        if pages is not None:
            settings["PageRange"] = ",".join(map(str, pages))
        accessible = bool(job.options.get("pdfua"))
        if accessible:
            _name_document(document, job.inputs[0].name)
        undescribed = _undescribed_images(document) if accessible else 0
        exported = export(soffice, document, "writer_pdf_Export", settings, job)
    expected = total if pages is None else len(pages)
    if exported.pages != expected:
        raise ConversionFailed(f"Only {exported.pages} of {expected} pages were written.")
    report = {"pages_in": total, "pages_out": exported.pages, "fonts_substituted": exported.fonts, **review.report}
    warnings = review.warnings + (_accessibility_warnings(exported, undescribed) if accessible else [])
    foreign = foreign_warnings(foreign_parts(job.inputs[0]))
    return Outcome((*warnings, *foreign, *link_warnings(links), *font_warnings(exported.fonts)), report)


@dataclass(frozen=True)
class _Review:
    """What became of changes, comments, fields and contents."""

    report: dict[str, Any]
    warnings: list[str]
    settings: dict[str, bool]


def _review(soffice: Listener, document: Any, job: Job) -> _Review:
    wanted = job.options.get("changes") or "final"
    in_margin = job.options.get("comments") == "margin"
    changes = settle_changes(soffice, document, wanted)
    warnings = change_warnings(document, wanted, changes) + fill_contents(document)
    if job.inputs[0].kind in ("doc", "rtf"):
        warnings += day_warnings(document)
    name_files_only(document)
    comments = comment_count(document)
    report: dict[str, Any] = {"tracked_changes": {"count": changes, "shown": wanted}} if changes else {}
    if comments:
        report["comments"] = {"count": comments}
        report["comments"]["shown"] = _PLACES[in_margin and soffice.has_windows, in_margin]
    settings = {
        "ExportNotesInMargin": in_margin and soffice.has_windows,
        "ExportNotes": in_margin and not soffice.has_windows,
    }
    if settings["ExportNotes"] and comments:
        warnings.append(_NOTES_WARNING)
    return _Review(report, warnings, settings)


_PLACES = {(True, True): "margin", (False, True): "notes", (False, False): "none"}
_NOTES_WARNING = (
    "Comments are in the PDF as notes to open beside the text: the installed LibreOffice, which has no windows, can't"
    " print them in the margin."
)


def _loosen(source: InputFile) -> int:
    """Count what is only linked, and rewrite an RTF, whose links would be followed."""
    if source.kind != "rtf":
        return linked_objects(source)
    content, count = without_file_fields(source.path.read_bytes())
    if count:
        source.path.unlink()
        source.path.write_bytes(content)
    return count


def _accessibility_warnings(exported: Exported, undescribed: int) -> list[str]:
    """What keeps the result from being PDF/UA though it says so."""
    warnings = []
    if undescribed:
        images = "1 image has" if undescribed == 1 else f"{undescribed} images have"
        warnings.append(f"PDF/UA: {images} no alternative text in the document, which PDF/UA requires.")
    if exported.links:
        warnings.append("PDF/UA: links are in the result but not tagged as PDF/UA requires; LibreOffice can't.")
    return warnings


def _undescribed_images(document: Any) -> int:
    page = document.DrawPage
    shapes = (page.getByIndex(index) for index in range(page.Count))
    return sum(not (shape.Title or shape.Description) for shape in shapes)


def _name_document(document: Any, name: str) -> None:
    """PDF/UA requires a title; a document without one gets its file's name."""
    if not document.DocumentProperties.Title:
        document.DocumentProperties.Title = PurePath(name).stem
