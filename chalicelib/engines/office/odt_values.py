"""Keeps what an OpenDocument text shows: dates that would become today's, and cells that would be written anew.

A cell of a table with a value but without a format of its own is shown by LibreOffice in the format of the machine's
locale: 05.03.2024 as 03/05/2024, which is another day.
"""

import re

_CELL = re.compile(rb"<table:table-cell\b[^>]*>")
_VALUE = re.compile(
    rb"\s(?:(?:office|calcext):(?:value-type|value|date-value|time-value|boolean-value|string-value|currency)"
    rb"|table:formula)=(?:\"[^\"]*\"|'[^']*')"
)
_CALCULATED = re.compile(
    rb"<text:(?:date|time|creation-date|creation-time|print-date|print-time|modification-date|modification-time|author-name"
    rb"|author-initials|creator|initial-creator|printed-by|title|subject|description|keywords|editing-duration"
    rb"|editing-cycles|user-defined)\b[^>]*>"
)
_FIXED = re.compile(rb"\stext:fixed=(?:\"[^\"]*\"|'[^']*')")
_FILE_NAME = re.compile(rb"<text:file-name\b[^>]*>")
_DISPLAY = re.compile(rb"\stext:display=(?:\"(?:full|path)\"|'(?:full|path)')")


def with_shown_values(content: bytes) -> bytes:
    """``content.xml`` or ``styles.xml`` with its fields fixed at what they show, and cells as the text they show."""
    content = _CELL.sub(lambda cell: _VALUE.sub(b"", cell[0]), content)
    content = _CALCULATED.sub(_fixed, content)
    return _FILE_NAME.sub(lambda tag: _DISPLAY.sub(b' text:display="name-and-extension"', tag[0]), content)


def _fixed(tag: re.Match[bytes]) -> bytes:
    """A field which holds no text has nothing to be fixed at."""
    if tag[0].endswith(b"/>"):
        return tag[0]
    return _FIXED.sub(b"", tag[0])[:-1] + b' text:fixed="true">'
