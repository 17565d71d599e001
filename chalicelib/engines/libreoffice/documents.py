"""Documents inside soffice: opened by a named filter, closed whatever happens, and refused exactly."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]
from com.sun.star.lang import DisposedException  # type: ignore[import-not-found]
from com.sun.star.uno import Exception as UnoException  # type: ignore[import-not-found]

from chalicelib.domain.errors import ConvertProError, CorruptDocument, EncryptedDocument
from chalicelib.engines.job import Job
from chalicelib.engines.libreoffice.fonts import watch_fonts
from chalicelib.engines.libreoffice.listener import Listener
from chalicelib.engines.office.files import import_filter, is_encrypted

# com.sun.star.document.MacroExecMode.NEVER_EXECUTE, com.sun.star.document.UpdateDocMode.NO_UPDATE
_NEVER_EXECUTE = 0
_NO_UPDATE = 0


class Opened:
    """The job's input as a loaded document, closed at the end; ``more`` are properties of the load.

    Not read-only: a sheet of a read-only workbook can't be hidden, and nothing says so. Nothing is ever asked:
    without an interaction handler a question counts as "cancel". A class, because ``contextlib`` sets the
    traceback of what passes, which UNO's exceptions refuse.
    """

    def __init__(self, soffice: Listener, job: Job, **more: Any) -> None:
        self._soffice = soffice
        self._job = job
        self._more = more

    def __enter__(self) -> Any:
        """Raises ``EncryptedDocument`` or ``CorruptDocument``."""
        watch_fonts(self._soffice.toolkit)
        self._document = _loaded(self._soffice.desktop, self._job, self._more)
        return self._document

    def __exit__(self, *_: object) -> None:
        try:
            self._document.close(True)
        except DisposedException:
            return


def properties(values: Mapping[str, Any]) -> tuple[Any, ...]:
    """UNO's form of named values."""
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


def file_url(path: Path) -> str:
    """The URL of a local file as LibreOffice writes it."""
    return str(uno.systemPathToFileUrl(str(path)))


def _loaded(desktop: Any, job: Job, more: Mapping[str, Any]) -> Any:
    values: dict[str, Any] = {
        "FilterName": import_filter(job.inputs[0]),
        "Hidden": True,
        "MacroExecutionMode": _NEVER_EXECUTE,
        "UpdateDocMode": _NO_UPDATE,
        **more,
    }
    if job.password is not None and is_encrypted(job.inputs[0].path):  # newer versions refuse one that is not needed
        values["Password"] = job.password
    try:
        document = desktop.loadComponentFromURL(file_url(job.inputs[0].path), "_blank", 0, properties(values))
    except DisposedException:
        raise
    except UnoException as error:
        raise _refusal(job) from error
    if document is None:
        raise _refusal(job)
    return document


def _refusal(job: Job) -> ConvertProError:
    """soffice says of a document that it could not load nothing which holds for every format."""
    source = job.inputs[0]
    if not is_encrypted(source.path):
        return CorruptDocument(f"'{source.name}' can't be read: it is damaged, or no {source.kind} document.")
    if job.password is None:
        return EncryptedDocument(f"'{source.name}' is encrypted: pass its password in 'password'.")
    return EncryptedDocument(f"The password does not open '{source.name}'.")
