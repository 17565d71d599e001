"""Tells whether a shown text consists of blanks, from what a font says of its codes."""

import re
from typing import Any

from pypdf.generic import DictionaryObject, NameObject, StreamObject

from chalicelib.engines.pages.content import Operand
from chalicelib.engines.pages.document import Document, raw

_BLANKS = frozenset({b"0020", b"00a0", b"0009"})
_CHARS = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_RANGES = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
_CHAR = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
_RANGE = re.compile(rb"<([0-9a-fA-F]+)>\s*<[0-9a-fA-F]+>\s*<([0-9a-fA-F]+)>")
_ENCODINGS = frozenset({"/WinAnsiEncoding", "/MacRomanEncoding", "/StandardEncoding", "/PDFDocEncoding"})


def shows_only_blanks(document: Document, font: Any, operands: list[Operand]) -> bool:
    """Whether all codes in a text operator's strings are blanks; ``False`` if the font does not tell."""
    text = b"".join(operand for operand in operands if isinstance(operand, bytes))
    if not text:
        return True
    if not isinstance(font, DictionaryObject) or font.get("/Subtype") == "/Type3":
        return False
    composite = font.get("/Subtype") == "/Type0"
    if composite and document.get(raw(font, "/Encoding")) not in ("/Identity-H", "/Identity-V"):
        return False
    size = 2 if composite else 1
    codes = {text[at : at + size] for at in range(0, len(text), size)}
    return codes <= _blank_codes(document, font, size)


def _blank_codes(document: Document, font: DictionaryObject, size: int) -> set[bytes]:
    mapping = document.get(raw(font, "/ToUnicode"))
    if isinstance(mapping, StreamObject):
        return _mapped_to_blanks(mapping.get_data(), size)
    return {b" "} if size == 1 and _has_plain_space(document, font) else set()


def _mapped_to_blanks(mapping: bytes, size: int) -> set[bytes]:
    pairs = [pair for section in _CHARS.findall(mapping) for pair in _CHAR.findall(section)]
    pairs += [pair for section in _RANGES.findall(mapping) for pair in _RANGE.findall(section)]
    codes = [code for code, text in pairs if text.lower() in _BLANKS and len(code) == 2 * size]
    return {bytes.fromhex(code.decode()) for code in codes}


def _has_plain_space(document: Document, font: DictionaryObject) -> bool:
    """Whether code 32 is a space for certain: by a standard encoding that no difference touches there."""
    encoding = document.get(raw(font, "/Encoding"))
    if isinstance(encoding, NameObject):
        return encoding in _ENCODINGS
    if isinstance(encoding, DictionaryObject):
        standard = document.get(raw(encoding, "/BaseEncoding")) in _ENCODINGS
        return standard and not document.array(encoding, "/Differences")
    return encoding is None and "/FontDescriptor" not in font
