"""Runs of text."""

import re

from chalicelib.engines.word.write.xml import escape

_SPECIAL = {
    "\t": "<w:tab/>",
    "\n": "<w:br/>",
    "\v": "<w:br/>",
    "\r": "",
    "\f": "",
    "\u00ad": "<w:softHyphen/>",
    "\u2011": "<w:noBreakHyphen/>",
    "\u2028": "<w:br/>",
    "\u2029": "<w:br/>",
}
"""Characters for which WordprocessingML has elements."""

_PARTS = re.compile("([\t\n\v\r\f\u00ad\u2011\u2028\u2029])")


def text_run(text: str, properties: str) -> str:
    """A run with ``text``; empty without text."""
    inside = "".join(_SPECIAL[part] if part in _SPECIAL else _letters(part) for part in _PARTS.split(text) if part)
    return f"<w:r>{properties}{inside}</w:r>" if inside else ""


def _letters(text: str) -> str:
    letters = escape(text)
    if not letters:
        return ""
    space = ' xml:space="preserve"' if letters != letters.strip() or "  " in letters else ""
    return f"<w:t{space}>{letters}</w:t>"
