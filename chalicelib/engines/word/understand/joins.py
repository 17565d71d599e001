"""How a line goes on in the next one: with a blank, without, or with a hyphen that is the typesetter's."""

import re
from collections import Counter

from chalicelib.engines.word.draft.block import Join
from chalicelib.engines.word.draft.draft import Draft
from chalicelib.engines.word.draft.line import Line

_HYPHENS = "-\u2010\u00ad"
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_LAST = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]$")
_FIRST = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile("[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef\u3000-\u303f\u0e00-\u0e7f]")
"""Scripts that set no blank where a line ends; Hangul does between words, and is left out below."""

_HANGUL = re.compile("[\uac00-\ud7a3]")


class Words:
    """The words of the document, and those that it writes with a hyphen in the middle of a line."""

    def __init__(self, draft: Draft) -> None:
        self._plain: Counter[str] = Counter()
        for paragraph in draft.every_paragraph():
            for line in paragraph.lines:
                self._plain.update(word.lower() for word in _WORD.findall(line.text))

    def knows(self, word: str) -> bool:
        """Whether the document writes the word somewhere in one piece."""
        return self._plain[word.lower()] > 0


def join_of(before: Line, line: Line, words: Words) -> Join:
    """How ``before`` goes on in ``line``."""
    one, other = before.text.rstrip(), line.text.lstrip()
    if not one or not other:
        return Join.BLANK
    if one[-1] == "\u00ad":
        return Join.HYPHEN
    if one[-1] in _HYPHENS and len(one) > 1 and one[-2].isalpha():
        return _hyphen(one, other, words)
    if (
        _UNSPACED.match(one[-1])
        and _UNSPACED.match(other[0])
        and not (_HANGUL.match(one[-1]) or _HANGUL.match(other[0]))
    ):
        return Join.NONE
    return Join.NONE if one[-1] in "/\u2014" and other[0].isalnum() and one[-2:-1].isalnum() else Join.BLANK


def _hyphen(one: str, other: str, words: Words) -> Join:
    last, first = _LAST.search(one), _FIRST.match(other)
    if last is None or first is None:
        return Join.NONE
    if words.knows(f"{last[1]}-{first[0]}"):
        return Join.NONE
    if words.knows(last[1] + first[0]):
        return Join.HYPHEN
    return Join.SOFT if first[0][0].islower() and last[1][-1].islower() else Join.NONE
