"""Dots and lines that lead from a text to what a tab sets apart."""

import re

from chalicelib.engines.word.document.format import Leader
from chalicelib.engines.word.draft.line import Piece

_DOTS = re.compile(r"(?:[.\u2026\u00b7](?:\s?)){4,}$")
_LINES = re.compile(r"_{4,}$")
_HYPHENS = re.compile(r"(?:[-\u2013\u2014]\s?){5,}$")


def leader_of(piece: Piece) -> Leader:
    """The leader at the end of a piece's text."""
    for pattern, leader in ((_DOTS, Leader.DOT), (_LINES, Leader.LINE), (_HYPHENS, Leader.HYPHEN)):
        if pattern.search(piece.text.rstrip()):
            return leader
    return Leader.NONE


def without_leader(text: str) -> str:
    """``text`` without the leader at its end."""
    for pattern in (_DOTS, _LINES, _HYPHENS):
        text = pattern.sub("", text.rstrip())
    return text.rstrip()
