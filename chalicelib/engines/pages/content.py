"""The tokens of a content stream (PDF 32000-1, 7.8.2), as far as removal needs to understand them."""

import re
from collections.abc import Iterator

_NAME = re.compile(rb"/([^\x00\t\n\f\r ()<>\[\]{}/%]*)")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_TOKEN = re.compile(
    rb"[\x00\t\n\f\r ]+|%[^\r\n]*"
    rb"|(?P<name>/[^\x00\t\n\f\r ()<>\[\]{}/%]*)"
    rb"|(?P<hex><[0-9A-Fa-f\x00\t\n\f\r ]*>)"
    rb"|(?P<mark><<|>>|[\[\]{}])"
    rb"|(?P<open>\()"
    rb"|(?P<word>[^\x00\t\n\f\r ()<>\[\]{}/%]+)"
)
_PARENTHESES = re.compile(rb"\\.|[()]", re.DOTALL)
_STRING_ESCAPE = re.compile(rb"\\(\r\n|[0-7]{1,3}|.)", re.DOTALL)
_CONTROLS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

Operand = bytes | float | str
"""A string's bytes, a number, or a name or mark as text."""


class Unreadable(ValueError):
    """The content does not follow the syntax."""


def names_in(content: bytes) -> set[str]:
    """Every name, with its slash, whatever it is used for: also what only looks like one inside a string."""
    return {"/" + _unescaped(match[1]).decode("latin1") for match in _NAME.finditer(content)}


def operations(content: bytes) -> Iterator[tuple[str, list[Operand]]]:
    """Each operator with its operands. The data of inline images are not understood: stop at ``BI``."""
    operands: list[Operand] = []
    at = 0
    while at < len(content):
        match = _TOKEN.match(content, at)
        if match is None:
            raise Unreadable
        at = match.end()
        kind = match.lastgroup
        if kind == "open":
            end = _string_end(content, at)
            operands.append(_string(content[at : end - 1]))
            at = end
        elif kind == "word":
            word = match["word"].decode("latin1")
            number = _number(word)
            if number is None:
                yield word, operands
                operands = []
            else:
                operands.append(number)
        elif kind is not None:
            operands.append(_simple(kind, match[kind]))


def _simple(kind: str, token: bytes) -> Operand:
    if kind == "hex":
        digits = re.sub(rb"[^0-9A-Fa-f]", b"", token)
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    return _unescaped(token).decode("latin1") if kind == "name" else token.decode("latin1")


def _number(word: str) -> float | None:
    if word[0] not in "0123456789+-.":
        return None
    try:
        return float(word)
    except ValueError:
        return None


def _string_end(content: bytes, at: int) -> int:
    depth = 1
    for match in _PARENTHESES.finditer(content, at):
        depth += {b"(": 1, b")": -1}.get(match[0], 0)
        if depth == 0:
            return match.end()
    raise Unreadable


def _string(raw: bytes) -> bytes:
    return _STRING_ESCAPE.sub(lambda match: _character(match[1]), raw) if b"\\" in raw else raw


def _character(escaped: bytes) -> bytes:
    if escaped in (b"\n", b"\r", b"\r\n"):
        return b""
    if escaped[0] in b"01234567":
        return bytes([int(escaped, 8) & 255])
    return _CONTROLS.get(escaped, escaped)


def _unescaped(name: bytes) -> bytes:
    return _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), name)
