"""Presentations to PDF: pptx, ppt, odp."""

from chalicelib.domain.errors import ConversionFailed, EmptyDocument
from chalicelib.domain.page_ranges import resolve
from chalicelib.engines.job import Job, Outcome
from chalicelib.engines.libreoffice.documents import Opened
from chalicelib.engines.libreoffice.export import export, pdf_settings
from chalicelib.engines.libreoffice.fonts import font_warnings
from chalicelib.engines.libreoffice.listener import Listener
from chalicelib.engines.office.links import link_warnings, linked_objects


def pptx_to_pdf(soffice: Listener, job: Job) -> Outcome:
    """Options ``pages``, ``notes``, ``pdfa``. What is not wanted is hidden, as hidden slides are not written.

    Raises ``EmptyDocument``, ``PageOutOfRange`` and what loading and export raise.
    """
    name, notes = job.inputs[0].name, bool(job.options.get("notes"))
    with Opened(soffice, job) as document:
        slides = [document.DrawPages.getByIndex(number) for number in range(document.DrawPages.Count)]
        shown = [slide for slide in slides if slide.Visible]
        if not shown:
            raise EmptyDocument(f"'{name}' has no slide that is not hidden.")
        wanted = job.options.get("pages")
        numbers = resolve(wanted, len(shown)) if wanted else list(range(1, len(shown) + 1))
        for number, slide in enumerate(shown, start=1):
            slide.Visible = number in numbers
        settings = {**pdf_settings(soffice.pdf_defaults, job.options), "ExportNotesPages": notes}
        exported = export(soffice, document, "impress_pdf_Export", settings, job)
    expected = len(numbers) * (2 if notes else 1)
    if exported.pages != expected:
        raise ConversionFailed(f"{exported.pages} pages were written instead of {expected}.")
    hidden = len(slides) - len(shown)
    report = {"pages_in": len(shown), "pages_out": exported.pages, "fonts_substituted": exported.fonts}
    warnings = [*_hidden_warnings(hidden), *link_warnings(linked_objects(job.inputs[0]))]
    return Outcome((*warnings, *font_warnings(exported.fonts)), report | {"hidden_slides": hidden})


def _hidden_warnings(hidden: int) -> list[str]:
    if not hidden:
        return []
    return ["1 hidden slide was left out." if hidden == 1 else f"{hidden} hidden slides were left out."]
