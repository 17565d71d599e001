"""What letters measure: how wide, and how far they reach above and below the baseline, in units of a font's size."""

_ASCII = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778,
    722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278,
    278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
FIRST, OTHER, WIDE = 32, 556, 1000
"""Thousandths: Helvetica's widths (Adobe's metrics) from the blank on; other letters; ideographs and kana."""
WIDTHS = _ASCII

_WIDE_FROM = 0x2E80
_LOW = frozenset("acemnorsuvwxz")
_DEEP = frozenset("gjpqyQçşţµ()[]{}|")
_LOWERED = frozenset(",;")
_MARKS_LOW, _MARKS_HIGH = frozenset(".…_"), frozenset("'\"’‘”“*°^")
ASCENT, X_HEIGHT, DESCENT, _COMMA = 0.72, 0.52, 0.21, 0.14


def width(text: str) -> float:
    """Of ``text``, in units of its size, were it set in Helvetica."""
    return sum(_width(ord(letter)) for letter in text) / 1000


def _width(code: int) -> int:
    if FIRST <= code < FIRST + len(_ASCII):
        return _ASCII[code - FIRST]
    return WIDE if code >= _WIDE_FROM else OTHER


def reach(text: str) -> tuple[float, float]:
    """How far ``text`` reaches above and below its baseline, in units of its size."""
    letters = [letter for letter in text if not letter.isspace() and letter not in _MARKS_LOW]
    if any(ord(letter) >= _WIDE_FROM for letter in letters):
        return 0.84, 0.1
    above = X_HEIGHT if letters and all(letter in _LOW or letter in "gpqy-,;" for letter in letters) else ASCENT
    below = DESCENT if any(letter in _DEEP for letter in letters) else 0.0
    if not below and any(letter in _LOWERED for letter in letters):
        below = _COMMA
    return above, below
