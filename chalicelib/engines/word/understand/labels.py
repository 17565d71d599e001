"""Whether a line begins with the label of a list's item, as paragraphs need to know it."""

import re

from chalicelib.engines.word.draft.line import Line

_BULLET = re.compile(
    "^[\u2022\u2023\u25e6\u25aa\u25ab\u25cf\u25cb\u25a0\u25a1\u00b7\uf0a7-\uf0fe\u27a2\u2713\u2714\u27a4\u2043\u2219\u2756\u25ba\u25b6\u2192]$"
)
_NUMBER = re.compile(r"^(?:\(?(?:\d{1,3}|[a-zA-Z]|[ivxlcIVXLC]{2,6})[.)]|\d{1,2}(?:\.\d{1,2}){1,5}\.?)$")
_DASH = re.compile("^[-\u2013\u2014*o]$")


def begins_item(line: Line) -> bool:
    """Whether its first word is a bullet or a number that stands apart from what follows."""
    first = line.pieces[0]
    word, _, rest = first.text.partition(" ")
    follows = bool(rest) or len(line.pieces) > 1
    if not follows:
        return False
    if _BULLET.match(word) or _NUMBER.match(word):
        return True
    wide = not rest and len(line.pieces) > 1 and line.pieces[1].left - first.right > 0.4 * line.size
    return bool(_DASH.match(word)) and (wide or bool(rest))
