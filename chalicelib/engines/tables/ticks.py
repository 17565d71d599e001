"""Ticks: boxes of forms, and the signs of symbol fonts, whose letters mean something else than they read."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chalicelib.engines.tables.text import ASCENT, DESCENT, Word

_ZAPF = dict(zip("345678lmnopqu", "✓✔✕✖✗✘●❍■❏❐❑◆", strict=True))
_WINGDINGS = {0xFC: "✔", 0xFB: "✘", 0xFE: "☑", 0xFD: "☒", 0xA8: "☐", 0x6F: "☐", 0x71: "☐", 0x72: "☐", 0x78: "☒"}
_WINGDINGS |= {0x6C: "●", 0x6E: "■", 0xA7: "▪", 0x9F: "•", 0x4A: "☺", 0x4C: "☹", 0xA1: "○", 0xA2: "○", 0xA4: "◉"}
_WINGDINGS2 = {0x50: "✓", 0x4F: "✗", 0x52: "☑", 0x51: "☒", 0x53: "☒", 0x54: "☒", 0xA3: "☐", 0x2A: "☐", 0x98: "●"}
"""What the signs of these fonts show, by their codes; others are left as they are."""
_ON = {"CheckBox": "☑", "RadioButton": "◉"}
_OFF = {"CheckBox": "☐", "RadioButton": "○"}


def sign(font: str, letter: str) -> str:
    """What ``letter`` shows in ``font``: itself, unless the font is one of symbols."""
    name = font.lower().replace(" ", "")
    if "dingbats" in name:
        return _ZAPF.get(letter, letter)
    if "wingdings" in name:
        table: Mapping[int, str] = _WINGDINGS2 if "wingdings2" in name or "wingdings-2" in name else _WINGDINGS
        code = ord(letter) if len(letter) == 1 else 0
        return table.get(code - 0xF000 if 0xF000 <= code < 0xF100 else code, letter)
    return letter


def with_boxes(words: Iterable[Word], page: Any) -> list[Word]:
    """``words`` with a ☑ or ☐ in place of what each box of a form shows or does not."""
    boxes = list(_boxes(page)) if page.first_widget is not None else []
    kept = [word for word in words if not any(_holds(box, word) for box in boxes)]
    return [*kept, *boxes]


def _boxes(page: Any) -> Iterator[Word]:
    for widget in page.widgets():
        kind = widget.field_type_string
        if kind in _ON:
            on = widget.field_value not in (None, "", "Off", False)
            x0, y0, x1, y1 = widget.rect
            size = min(12.0, y1 - y0)
            baseline = (y0 + y1) / 2 + (ASCENT - DESCENT) / 2 * size
            text = (_ON if on else _OFF)[kind]
            yield Word(x0, baseline - ASCENT * size, x1, baseline + DESCENT * size, text, size, baseline=baseline)


def _holds(box: Word, word: Word) -> bool:
    x, y = word.center
    return box.x0 - 2 <= x <= box.x1 + 2 and box.y0 - 4 <= y <= box.y1 + 4
