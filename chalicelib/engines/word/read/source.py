"""Opens a PDF, and says in a sentence why it can't be."""

from pathlib import Path
from typing import Any

from chalicelib.domain.errors import (
    CorruptDocument,
    EmptyDocument,
    EncryptedDocument,
    LimitExceeded,
    UnsupportedDocument,
)
from chalicelib.engines.dynamic_forms import REFUSAL
from chalicelib.engines.job import Job
from chalicelib.engines.tables.pymupdf import pymupdf
from chalicelib.engines.tagged.forms import is_dynamic_form

_DAMAGED = "The PDF can't be read: it is damaged. Save it anew and try again."

pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)


def check_source(job: Job) -> int:
    """The number of pages of the job's first input.

    Raises ``CorruptDocument``, ``EncryptedDocument``, ``EmptyDocument``, ``UnsupportedDocument`` for dynamic forms, and
    ``LimitExceeded`` for too many pages.
    """
    with open_document(job.inputs[0].path, job.password) as document:
        if is_dynamic_form(document):
            raise UnsupportedDocument(REFUSAL)
        count = int(document.page_count)
        if count == 0:
            raise CorruptDocument(_DAMAGED) if document.is_repaired else EmptyDocument("This PDF has no pages.")
    if count > job.limits.pdf_pages:
        raise LimitExceeded(f"The PDF has {count:,} pages; at most {job.limits.pdf_pages:,} are converted.")
    return count


def open_document(path: Path, password: str | None) -> Any:
    """The PyMuPDF document at ``path``, decrypted. Raises ``CorruptDocument`` and ``EncryptedDocument``."""
    try:
        document = pymupdf.open(path, filetype="pdf")
        locked = document.needs_pass and not (password and document.authenticate(password))
        if not locked:
            document.page_count  # noqa: B018 - broken page trees show here
    except (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase) as error:
        raise CorruptDocument(_DAMAGED) from error
    if locked:
        raise EncryptedDocument(
            "The password does not open this PDF: send the right one as the option 'password'."
            if password
            else "This PDF is encrypted: send its password as the option 'password'."
        )
    return document
