"""Letters of the fonts Symbol and Wingdings, which PDFs give as private-use codes, as the characters that are seen."""

from chalicelib.engines.word.draft.draft import Draft
from chalicelib.engines.word.draft.line import Piece

_PRIVATE = range(0xF000, 0xF100)

_SYMBOL = dict(
    zip(
        range(0x61, 0x7B),
        "αβχδεφγηιϕκλμνοπθρστυϖωξψζ",
        strict=True,
    )
)
_SYMBOL.update(zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True))
_SYMBOL.update(
    {
        0x22: "∀", 0x24: "∃", 0x27: "∋", 0x2A: "∗", 0x2D: "−", 0x40: "≅", 0x5C: "∴", 0x5E: "⊥", 0x7E: "∼", 0xA0: "€",
        0xA2: "′", 0xA3: "≤", 0xA4: "⁄", 0xA5: "∞", 0xA7: "♣", 0xA8: "♦", 0xA9: "♥", 0xAA: "♠", 0xAB: "↔", 0xAC: "←",
        0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB5: "∝", 0xB6: "∂",
        0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xBF: "↵", 0xC4: "⊗", 0xC5: "⊕", 0xC6: "∅",
        0xC7: "∩", 0xC8: "∪", 0xC9: "⊃", 0xCA: "⊇", 0xCB: "⊄", 0xCC: "⊂", 0xCD: "⊆", 0xCE: "∈", 0xCF: "∉", 0xD0: "∠",
        0xD1: "∇", 0xD2: "®", 0xD3: "©", 0xD4: "™", 0xD5: "∏", 0xD6: "√", 0xD7: "⋅", 0xD8: "¬", 0xD9: "∧", 0xDA: "∨",
        0xDB: "⇔", 0xDC: "⇐", 0xDD: "⇑", 0xDE: "⇒", 0xDF: "⇓", 0xE0: "◊", 0xE5: "∑", 0xF2: "∫",
    }
)  # fmt: skip
"""Adobe's encoding of Symbol, from the PDF standard (ISO 32000-2, annex D.5)."""

_WINGDINGS = {
    0x22: "✂", 0x28: "☎", 0x29: "✆", 0x2A: "✉", 0x36: "⌛", 0x38: "🖰", 0x3A: "🖳", 0x3F: "✍", 0x41: "✌", 0x43: "👍",
    0x44: "👎", 0x45: "☜", 0x46: "☞", 0x47: "☝", 0x48: "☟", 0x4A: "☺", 0x4B: "😐", 0x4C: "☹", 0x4E: "☠", 0x4F: "⚐",
    0x51: "✈", 0x52: "☼", 0x54: "❄", 0x58: "✠", 0x59: "✡", 0x5A: "☪", 0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□",
    0x70: "🞐", 0x71: "❑", 0x72: "❒", 0x73: "⬧", 0x74: "⧫", 0x75: "◆", 0x76: "❖", 0x77: "⬥", 0x78: "⌧", 0x7B: "❀",
    0x7C: "✿", 0x80: "⓪", 0x81: "①", 0x82: "②", 0x83: "③", 0x84: "④", 0x85: "⑤", 0x86: "⑥", 0x87: "⑦", 0x88: "⑧",
    0x89: "⑨", 0x8A: "⑩", 0x9E: "·", 0x9F: "•", 0xA0: "▪", 0xA1: "○", 0xA4: "◉", 0xA5: "◎", 0xA7: "▪", 0xA8: "◻",
    0xAA: "✦", 0xAB: "★", 0xAC: "✶", 0xAD: "✴", 0xB7: "🕐", 0xD5: "⌫", 0xD8: "➢", 0xDC: "➲", 0xDF: "←", 0xE0: "→",
    0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xEF: "⇦", 0xF0: "⇨", 0xF1: "⇧", 0xF2: "⇩", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒",
    0xFE: "☑",
}  # fmt: skip
"""Unicode's mapping of Wingdings (L2/11-196), as far as documents use it."""

_LOWEST = 0x21
_BULLET_OF_SYMBOL = (0xF0B7,)
"""In a font of another name (a stand-in that the program took, as LibreOffice takes OpenSymbol) a code is of Wingdings as a rule, but for this bullet."""


def find_symbols(draft: Draft) -> None:
    """Put the character that is seen where a piece has a private-use code or a letter of a font of signs."""
    for page in draft.pages:
        for line in [*page.lines, *page.turned]:
            for piece in line.pieces:
                piece.text = "".join(seen_as(char, piece.face.font) for char in piece.text)


def seen_as(char: str, font: str) -> str:
    """The character that ``char`` of ``font`` looks like; itself where it is no sign or not known."""
    code = ord(char)
    private = code in _PRIVATE
    name = font.lower()
    if not private and not _is_coded(char, name):
        return char
    if "wingding" in name:
        table = _WINGDINGS if "2" not in name and "3" not in name else {}
    else:
        own = "symbol" in name and "opensymbol" not in name
        table = _SYMBOL if own or code in _BULLET_OF_SYMBOL else {**_SYMBOL, **_WINGDINGS}
    return table.get(code & 0xFF, char) if (code & 0xFF) >= _LOWEST else char


def _is_coded(char: str, name: str) -> bool:
    """Whether a letter of a font of signs stands for its code: Wingdings has no letters; Symbol's PDFs say theirs."""
    return "wingding" in name and ord(char) < 0x100


def is_sign(piece: Piece) -> bool:
    """Whether the piece is printed in a font of signs."""
    return piece.face.symbolic or any(ord(char) in _PRIVATE for char in piece.text)
