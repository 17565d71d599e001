"""A loaded document's way into the job's output: settings, export, and the check of what was written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import uno  # type: ignore[import-not-found]
from com.sun.star.lang import DisposedException  # type: ignore[import-not-found]
from com.sun.star.uno import Exception as UnoException  # type: ignore[import-not-found]

from chalicelib.domain.errors import ConversionFailed, ConvertProError, LimitExceeded
from chalicelib.engines.job import Job
from chalicelib.engines.libreoffice_documents import file_url, properties
from chalicelib.engines.libreoffice_fonts import substituted, watched_fonts
from chalicelib.engines.libreoffice_pdf import mend_metadata, read_back

_PDF_VERSIONS = {"none": 0, "1b": 1, "2b": 2, "3b": 3}
"""SelectPdfVersion of the export filters: 0 is LibreOffice's default, the others PDF/A."""

_NEARLY_FULL = 0.99
"""A file this near to the size limit was cut there: soffice says of a failed write only that it failed."""


@dataclass(frozen=True)
class Exported:
    """What the result holds: its pages, the fonts used in place of others, whether it has links."""

    pages: int
    fonts: dict[str, str]
    links: bool


def pdf_settings(defaults: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """The filters' settings for the options ``pdfa`` and ``pdfua``.

    Once any is given, the filters take those that are missing from their code, where comments are exported over
    the text that they belong to, and no longer from the registry: so all of them are given.
    """
    settings = {**defaults, "SelectPdfVersion": _PDF_VERSIONS[options.get("pdfa") or "none"]}
    if options.get("pdfua"):
        settings |= {"PDFUACompliance": True, "UseTaggedPDF": True}
    return settings


def page_count(document: Any, what: Any, settings: Mapping[str, Any]) -> int:
    """The pages that an export of ``what`` (the document or one of its sheets) writes, once all is laid out."""
    return int(document.getRendererCount(what, properties(settings)))


def export(toolkit: Any, document: Any, filter_name: str, settings: Mapping[str, Any], job: Job) -> Exported:
    """Write ``document`` to the job's output as a PDF and read it back.

    Raises ``ConversionFailed`` and ``LimitExceeded``.
    """
    _store(document, filter_name, settings, job)
    uses = watched_fonts(toolkit)
    written = read_back(job.output)
    mend_metadata(job.output)
    return Exported(written.pages, substituted(uses, written.fonts), written.links)


def _store(document: Any, filter_name: str, settings: Mapping[str, Any], job: Job) -> None:
    data = uno.Any("[]com.sun.star.beans.PropertyValue", properties(settings))
    try:
        document.storeToURL(file_url(job.output), properties({"FilterName": filter_name, "FilterData": data}))
    except DisposedException:
        raise
    except UnoException as error:
        raise _failure(job) from error


def _failure(job: Job) -> ConvertProError:
    limit = job.limits.output_bytes
    if job.output.is_file() and job.output.stat().st_size >= limit * _NEARLY_FULL:
        return LimitExceeded(f"The result would be larger than {limit:,} bytes (output_bytes).")
    return ConversionFailed(f"'{job.inputs[0].name}' was read, but LibreOffice could not write it as a PDF.")
