"""Finds the code page of a text by what its letters look like in each: words of one script, small after capital."""

import unicodedata
from collections.abc import Iterator
from itertools import pairwise

WESTERN = "cp1252"
CANDIDATES = (
    WESTERN, "cp1250", "cp1251", "koi8-r", "cp866", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp874",
    "cp932", "euc-jp", "gb18030", "cp949", "big5",
)  # fmt: skip
"""In the order in which they are taken where the text does not tell: the more common first."""

_SAMPLE = 1 << 15
_UNLIKELY, _ODD, _RARE = 20, 5, 2

_COMMON_LEADS = {
    "gb18030": range(0xB0, 0xD8),
    "big5": range(0xA4, 0xC7),
    "cp949": range(0xB0, 0xC9),
    "cp932": (0x81, 0x82, 0x83, *range(0x88, 0x98)),
    "euc-jp": (0xA1, 0xA4, 0xA5, *range(0xB0, 0xD0)),
}
"""First bytes of the signs that are in daily use: these standards put the rare ones behind them."""

_PUNCTUATION = range(0x3000, 0x3020)
_FULL_WIDTH = range(0xFF00, 0xFF61)

_HANGUL = frozenset(
    "이다의는에을가고하지한기사로도자리정시인대어나해라보들부수주상전원스일아서제성과여구제장으만은그거동안공유국관계"
    "소신진경니무미생연조조비회년분방세영있것를김박최강울산품명금액번호월날합"
)
_ICELANDIC = frozenset("ðýþÐÝÞ")
"""Where Windows-1254 has Turkish letters, which are met more often."""

_LATIN_EXTENDED = {
    "cp1250": frozenset("ąćęłńśźżĄĆĘŁŃŚŹŻřšžěčůďťňŘŠŽĚČŮĎŤŇőűŐŰáéíóúýâăîșşţä"),
    "cp1254": frozenset("ğışİĞŞöüçÖÜÇ"),
}


def code_page(text: bytes) -> str:
    """The most plausible of the candidates for a text that is not Unicode; the Western one where none stands out."""
    sample = text[:_SAMPLE].rpartition(b"\n")[0] or text[:_SAMPLE]
    costs = {name: cost for name in CANDIDATES if (cost := _cost(sample, name)) is not None}
    return min(costs, key=lambda name: (costs[name], CANDIDATES.index(name)), default=WESTERN)


def _cost(sample: bytes, name: str) -> float | None:
    """How unlikely the sample is in this code page; ``None`` when it can't be."""
    try:
        decoded = sample.decode(name)
    except UnicodeDecodeError:
        return None
    foreign = sum(one > "\x7f" for one in decoded)
    cost = float(sum(map(_pair_cost, pairwise(decoded)))) + sum(_UNLIKELY * (_is_nothing(one)) for one in decoded)
    if name in _COMMON_LEADS:
        cost += sum(_RARE * len(part) for part in _rare(sample, name))
    if name == "cp949":
        cost += _ODD * foreign * (_korean_share(decoded) < 0.2)
    if name == "gb18030":
        cost += foreign * (_korean_share(sample.decode("cp949", "ignore")) > 0.3)
    if name in ("cp1251", "koi8-r") and not _has_both_cases(decoded):
        cost += foreign / 2  # Hebrew looks like it, and has no capitals
    if name == "euc-jp" and not any("\u3040" <= one <= "\u30ff" for one in decoded):
        cost += foreign
    if name == WESTERN:
        cost += sum(one in _ICELANDIC for one in decoded) / 2
    if name in _LATIN_EXTENDED:
        cost += sum(one > "\x7f" and one.isalpha() and one not in _LATIN_EXTENDED[name] for one in decoded)
    return cost / max(1, foreign)


def _has_both_cases(decoded: str) -> bool:
    foreign = [one for one in decoded if one > "\x7f"]
    return any(map(str.isupper, foreign)) and any(map(str.islower, foreign))


def _korean_share(decoded: str) -> float:
    """How many of the foreign letters are syllables that Korean is made of mostly."""
    foreign = [one for one in decoded if one > "\x7f"]
    return sum(one in _HANGUL for one in foreign) / max(1, len(foreign))


def _rare(sample: bytes, name: str) -> Iterator[bytes]:
    common = _COMMON_LEADS[name]
    at = 0
    while at < len(sample):
        if sample[at] < 0x80:
            at += 1
            continue
        if sample[at] not in common and sample[at] not in (0xA1, 0xA3):
            yield sample[at : at + 1]
        at += 2


def _is_nothing(one: str) -> bool:
    return one > "\x7f" and unicodedata.category(one) in ("Cc", "Cn", "Co")


def _pair_cost(pair: tuple[str, str]) -> int:
    """Of two neighbours, one of them beyond ASCII."""
    first, second = pair
    if first <= "\x7f" and second <= "\x7f":
        return 0
    if first.isalpha() and second.isalpha():
        if _script(first) != _script(second):
            return _ODD
        if first.islower() and second.isupper():
            return _ODD
        return int(first > "\x7f" < second and _script(first) == "LATIN")
    inside = first.isalpha() or second.isalpha()
    sign = second if first.isalpha() else first
    plain = (
        sign <= "\x7f" or ord(sign) in _PUNCTUATION or ord(sign) in _FULL_WIDTH or unicodedata.category(sign)[0] == "M"
    )
    return 0 if plain or not inside else _ODD


def _script(letter: str) -> str:
    """The first word of its name; those of Japanese go together, and with Chinese."""
    word = unicodedata.name(letter, "?").split()[0].partition("-")[0]
    return "CJK" if word in ("HIRAGANA", "KATAKANA", "CJK", "FULLWIDTH", "IDEOGRAPHIC") else word
