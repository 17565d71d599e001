"""What a loaded text document shows of its making: tracked changes, comments, file names, empty contents."""

from collections.abc import Iterator
from typing import Any

from chalicelib.engines.libreoffice.listener import Listener

# com.sun.star.text.FilenameDisplayFormat
_NAME_AND_EXTENSION = 3

_NOTHING = " \r\n\t\u2026"
"""The ellipsis stands for an empty table of contents, see ``docx_fields``."""

_DISPATCH = {"final": ".uno:AcceptAllTrackedChanges", "original": ".uno:RejectAllTrackedChanges"}
_OF_THE_DAY = ("com.sun.star.text.TextField.DateTime", "com.sun.star.text.textfield.DateTime")
_FILE_NAMES = ("com.sun.star.text.TextField.FileName", "com.sun.star.text.textfield.FileName")


def settle_changes(soffice: Listener, document: Any, wanted: str) -> int:
    """Accept (``final``) or reject (``original``) what was tracked, or leave it to be shown (``markup``); how much."""
    count = sum(1 for _ in _each(document.Redlines))
    if count and wanted in _DISPATCH:
        dispatcher = soffice.service("com.sun.star.frame.DispatchHelper")
        dispatcher.executeDispatch(document.CurrentController.Frame, _DISPATCH[wanted], "", 0, ())
    return count


def change_warnings(document: Any, wanted: str, count: int) -> list[str]:
    """A sentence where a tracked change is shown otherwise than was wanted, or at all."""
    if not count:
        return []
    if wanted == "markup":
        return [f"{count} tracked changes are shown with their marks, deleted text too."]
    left = sum(1 for _ in _each(document.Redlines))
    return [f"{left} of {count} tracked changes could not be settled: deleted text may be shown."] if left else []


def name_files_only(document: Any) -> None:
    """A field that shows the file's path shows its name: the path is that of this machine."""
    for field in _each(document.TextFields):
        if any(map(field.supportsService, _FILE_NAMES)) and field.FileFormat != _NAME_AND_EXTENSION:
            field.FileFormat = _NAME_AND_EXTENSION
    document.TextFields.refresh()


def day_warnings(document: Any) -> list[str]:
    """A sentence about dates that are this day's: an old document's fields are calculated while it loads."""
    fields = (field for field in _each(document.TextFields) if any(map(field.supportsService, _OF_THE_DAY)))
    count = sum(not field.IsFixed for field in fields)
    fields_show = "1 field of a date or time shows" if count == 1 else f"{count} fields of a date or time show"
    return [f"{fields_show} the moment of the conversion, not what was stored."] if count else []


def fill_contents(document: Any) -> list[str]:
    """Fill tables of contents that hold nothing; a sentence for each that stays empty."""
    warnings = []
    indexes = document.DocumentIndexes
    for index in (indexes.getByIndex(number) for number in range(indexes.Count)):
        if index.Anchor.String.strip(_NOTHING):
            continue
        index.update()
        if not index.Anchor.String.strip(_NOTHING):
            warnings.append(f"The table of contents '{index.Name}' is empty: nothing in the document fills it.")
    return warnings


def comment_count(document: Any) -> int:
    """The comments in the margin."""
    return sum(field.supportsService("com.sun.star.text.textfield.Annotation") for field in _each(document.TextFields))


def _each(collection: Any) -> Iterator[Any]:
    cursor = collection.createEnumeration()
    while cursor.hasMoreElements():
        yield cursor.nextElement()
