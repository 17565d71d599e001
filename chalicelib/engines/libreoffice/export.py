"""A loaded document's way into the job's output: settings, export, and the check of what was written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import uno  # type: ignore[import-not-found]
from com.sun.star.lang import DisposedException  # type: ignore[import-not-found]
from com.sun.star.uno import Exception as UnoException  # type: ignore[import-not-found]

from chalicelib.domain.errors import ConversionFailed
from chalicelib.engines.job import Job
from chalicelib.engines.libreoffice.documents import file_url, properties
from chalicelib.engines.libreoffice.fonts import substituted, watched_fonts
from chalicelib.engines.libreoffice.listener import Listener
from chalicelib.engines.libreoffice.pdf import mend_metadata, read_back

_PDF_VERSIONS = {"none": 0, "1b": 1, "2b": 2, "3b": 3}
"""SelectPdfVersion of the export filters: 0 is LibreOffice's default, the others PDF/A."""


@dataclass(frozen=True)
class Exported:
    """What the result holds: its pages, the fonts used in place of others, whether it has links."""

    pages: int
    fonts: dict[str, str]
    links: bool


def pdf_settings(defaults: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """The filters' settings for the options ``pdfa`` and ``pdfua``; always tagged and outlined, as Word's own.

    Once any is given, the filters take those that are missing from their code, where comments are exported over
    the text that they belong to, and no longer from the registry: so all of them are given.
    """
    tagged = {"UseTaggedPDF": True, "ExportBookmarks": True}
    settings = {**defaults, **tagged, "SelectPdfVersion": _PDF_VERSIONS[options.get("pdfa") or "none"]}
    if options.get("pdfua"):
        settings |= {"PDFUACompliance": True}
    return settings


def page_count(document: Any, what: Any, settings: Mapping[str, Any]) -> int:
    """The pages that an export of ``what`` (the document or one of its sheets) writes, once all is laid out."""
    return int(document.getRendererCount(what, properties(settings)))


def export(soffice: Listener, document: Any, filter_name: str, settings: Mapping[str, Any], job: Job) -> Exported:
    """Write ``document`` to the job's output as a PDF and read it back.

    Raises ``ConversionFailed``.
    """
    _store(document, filter_name, settings, job)
    uses = watched_fonts(soffice.toolkit)
    written = read_back(job.output)
    mend_metadata(job.output)
    return Exported(written.pages, substituted(uses, written.fonts, soffice.font_names), written.links)


def _store(document: Any, filter_name: str, settings: Mapping[str, Any], job: Job) -> None:
    data = uno.Any("[]com.sun.star.beans.PropertyValue", properties(settings))
    try:
        document.storeToURL(file_url(job.output), properties({"FilterName": filter_name, "FilterData": data}))
    except DisposedException:
        raise
    except UnoException as error:
        name, limit = job.inputs[0].name, job.limits.output_bytes
        detail = f"'{name}' was read, but can't be written as a PDF; it may need far more than {limit:,} bytes."
        raise ConversionFailed(detail) from error
