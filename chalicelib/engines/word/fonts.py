"""How wide a text is in a font family of Word."""

from functools import cache
from typing import Any

import fitz

from chalicelib.engines.word.families import BOLD_FLAG, ITALIC_FLAG, Face, face_of, plain_name

__all__ = ["BOLD_FLAG", "ITALIC_FLAG", "Face", "face_of", "natural_width", "plain_name"]

_MEASURES = {
    "Arial": ("helv", "hebo", "heit", "hebi"),
    "Times New Roman": ("tiro", "tibo", "tiit", "tibi"),
    "Courier New": ("cour", "cobo", "coit", "cobi"),
}
"""PyMuPDF's built-in fonts with the advance widths of these families: upright, bold, italic, both."""

_LAST_MEASURED = "\u017f"
"""The built-in fonts have widths for Latin letters only."""


def natural_width(text: str, family: str, size: float, flags: int) -> float | None:
    """Width in points that ``text`` takes in ``family``; None where that is not known."""
    style = bool(flags & BOLD_FLAG) + 2 * bool(flags & ITALIC_FLAG)
    if family not in _MEASURES or not text or max(text) > _LAST_MEASURED:
        return None
    return float(_measure(_MEASURES[family][style]).text_length(text, fontsize=size))


@cache
def _measure(name: str) -> Any:
    return fitz.Font(name)
