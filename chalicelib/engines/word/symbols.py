"""The signs of the font ZapfDingbats, by which forms tick their boxes: MuPDF names them by their codes' letters."""

_ODD = {
    0x25: 0x260E, 0x2A: 0x261B, 0x2B: 0x261E, 0x48: 0x2605, 0x6C: 0x25CF, 0x6E: 0x25A0, 0x73: 0x25B2, 0x74: 0x25BC,
    0x75: 0x25C6, 0x77: 0x25D7, 0xA8: 0x2663, 0xA9: 0x2666, 0xAA: 0x2665, 0xAB: 0x2660, 0xD5: 0x2192, 0xD6: 0x2194,
    0xD7: 0x2195,
}  # fmt: skip
"""Codes whose sign is older in Unicode than the block Dingbats (Unicode's mapping table ``zdingbat.txt``)."""


def dingbat(letter: str) -> str:
    """The sign that ZapfDingbats has where a text font has ``letter``; what is no such letter stays."""
    code = ord(letter) if len(letter) == 1 else 0
    if code in _ODD:
        return chr(_ODD[code])
    if 0x21 <= code <= 0x7E:
        return chr(0x2700 + code - 0x20)
    if 0xAC <= code <= 0xB5:
        return chr(0x2460 + code - 0xAC)
    return chr(0x2700 + code - 0x40) if 0xA1 <= code <= 0xFE else letter
