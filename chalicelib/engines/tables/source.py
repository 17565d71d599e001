"""Opens the PDF, and says in a sentence why it can't be."""

from pathlib import Path
from typing import Any

from chalicelib.domain.errors import CorruptDocument, EmptyDocument, EncryptedDocument, UnsupportedDocument
from chalicelib.engines.dynamic_forms import REFUSAL
from chalicelib.engines.tables.pymupdf import pymupdf
from chalicelib.engines.tagged.forms import is_dynamic_form


def open_source(path: Path, password: str | None) -> Any:
    """The document at ``path``, decrypted.

    Raises ``CorruptDocument``, ``EncryptedDocument``, ``EmptyDocument``, and ``UnsupportedDocument`` for dynamic forms.
    """
    try:
        document = pymupdf.open(path, filetype="pdf")
        if document.needs_pass and not document.authenticate(password or ""):
            raise EncryptedDocument(
                "The password does not open this PDF; check it and try again."
                if password
                else "This PDF is encrypted: send its password as the option 'password'."
            )
        pages = document.page_count
    except (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase) as error:
        raise CorruptDocument("This file can't be read as a PDF; it is damaged or incomplete.") from error
    if is_dynamic_form(document):
        raise UnsupportedDocument(REFUSAL)
    if not pages:
        raise EmptyDocument("This PDF has no pages.")
    return document
