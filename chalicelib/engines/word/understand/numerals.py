"""Numerals as they count pages, list items and headings: decimal, letters, roman."""

import re

_ROMAN = re.compile(r"^(?=.)m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})$", re.I)
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_SIGNS = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def roman(text: str) -> int | None:
    """The value of a roman numeral in one case; None where it is none."""
    if not _ROMAN.match(text) or not (text.islower() or text.isupper()):
        return None
    values = [_VALUES[sign] for sign in text.lower()]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def letter(text: str) -> int | None:
    """The value of a letter as Word counts: a, b, …, z, aa, bb, …; None where it is none."""
    if not text or not text.isascii() or not text.isalpha() or len(set(text)) != 1:
        return None
    return (len(text) - 1) * 26 + ord(text[0].lower()) - ord("a") + 1


def readings(text: str) -> dict[str, int]:
    """What a numeral may be, by the formats of ``w:numFmt``: ``c`` is the third letter, or a hundred."""
    found: dict[str, int] = {}
    if text.isascii() and text.isdigit() and len(text) <= 9:
        found["decimalZero" if len(text) > 1 and text[0] == "0" else "decimal"] = int(text)
    case = "lower" if text.islower() else "upper"
    as_roman, as_letter = roman(text), letter(text)
    if as_letter is not None:
        found[f"{case}Letter"] = as_letter
    if as_roman is not None:
        found[f"{case}Roman"] = as_roman
    return found


def write(value: int, form: str) -> str:
    """``value`` in a format of ``w:numFmt`` that ``readings`` knows."""
    if form == "decimal":
        return str(value)
    if form == "decimalZero":
        return f"{value:02d}"
    text = _write_roman(value) if form.endswith("Roman") else chr(97 + (value - 1) % 26) * ((value - 1) // 26 + 1)
    return text.upper() if form.startswith("upper") else text


def _write_roman(value: int) -> str:
    text = ""
    for worth, signs in _SIGNS:
        times, value = divmod(value, worth)
        text += signs * times
    return text
