"""Which columns of a table hold numbers or dates, and what their cells mean; whatever is in doubt stays text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from chalicelib.engines.tables.cell_dates import days_of, looks_like_a_date
from chalicelib.engines.tables.cell_numbers import (
    Number,
    Reading,
    Style,
    Written,
    agreed_style,
    completed,
    is_about_a_number,
    is_money,
    value_of,
    written,
)

_BLANKS = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_APOSTROPHES = str.maketrans({"’": "'", "`": "'", "´": "'"})
_PLACEHOLDERS = frozenset(
    [
        *("", "-", "–", "—", "−", "--", "---", ".", "..", "...", "…", "*", "**", ":", "/", "?", "x", "(x)", "c", "(d)"),
        *("n/a", "na", "n.a.", "(na)", "n/d", "nd", "n.d.", "n.m.", "nm", "nil", "none", "null", "tbd", "tba", "(s)"),
    ]
)
"""What stands, in any case, where a number is missing."""
_NOTED = re.compile(
    r"\(?[-+−–]?[^\W\d]{0,3} ?\d[\d.,' ]*\)? ?%?(?:[*†‡§#⁰¹²³⁴-⁹⁺⁻⁽⁾ᵃ-ᶻ]+|[a-h]|\([a-h1-9]\)|\[\d{1,2}\])"
)
_MARKED = re.compile(r"(?P<number>.*\d[)%]?) ?(?P<mark>[*†‡§]{1,3}|[ᵃᵇᶜᵈᵉᶠᵍʰ]|[⁰¹²³⁴-⁹])")
"""A number with the mark of a note; a raised figure is one only where the number can be no power's base."""
_NO_BASE = re.compile(r"\d[.,' ]\d")
_OUTLINE = re.compile(r"(\d{1,2})\.(\d{1,2})")
_IDENTIFIER = re.compile(
    r"\b(?:account|acct|a/c|iban|bic|swift|sort code|routing|phone|telephone|tel|fax|zip|postcode|postal|post code|plz|"
    r"code|id|ident|identifier|serial|sku|isbn|issn|ean|upc|gtin|barcode|ssn|passport|reference|ref|"
    r"(?:vat|tax|mobile|customer|client|order|invoice|article|item|policy|card) (?:no|nr|number|id)|"
    r"mobile|whatsapp|handy|"
    r"konto|kontonummer|telefon|(?:kunden|artikel|rechnungs|auftrags)-?(?:nr|nummer)|siret|siren|cif|nif)\b",
    re.IGNORECASE,
)
_PARTS = re.compile(
    r"\b(?:section|chapter|clause|paragraph|version|release|revision|rev|build|firmware|kapitel|abschnitt|fassung|"
    r"chapitre|sección|versión|capítulo|capitolo|versione|wersja|versie)\b",
    re.IGNORECASE,
)
"""Heads of what is numbered in parts: 1.10 comes after 1.9."""
_PER_UNIT = re.compile(
    r"/|\b(?:per|pro|par|por|unit|price|prices|rate|preis|kurs|prix|cours|precio|prezzo|cena|preço)\b", re.I
)
_AMOUNT = re.compile(
    r"\b(?:balance|amount|total|sum|value|count|rate|price|cost|saldo|betrag|summe|wert)\b", re.IGNORECASE
)
_WORDS_AT_MOST = 0.2
_CODES_AT_MOST = 0.1
_MOST_HEADS = 2
"""So many rows of words above a column's first number may be heads that nothing told from its cells."""
_NEARLY_ALL = 0.9
_SHORT = 3
"""Up to this many digits, bare ones count, or number what can be counted; they name nothing that is dialled or sent."""
_LONG = 7
"""From this many digits on, bare numbers of one length in a whole column are identifiers."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a cell holds besides its text: an Excel value and the format that shows the same text."""

    value: int | float | date
    format: str


@dataclass(slots=True)
class Column:
    """The cells below a head, and the head's text."""

    head: str
    cells: Sequence[str]


def document_style(texts: Iterable[str]) -> Style:
    """The one convention that all numbers among ``texts`` follow, as far as it is certain; else an empty one."""
    numbers = [number for text in texts if (number := written(normal(text)))]
    return agreed_style(numbers) or Style()


def type_column(column: Column, wider: Style = Style()) -> list[Typed | None]:  # noqa: B008 - frozen
    """For each cell its value, or ``None`` where it stays text; ``wider`` settles what the column leaves open."""
    texts = [normal(text) for text in column.cells]
    content = [at for at, text in enumerate(texts) if not _is_placeholder(text)]
    typed: list[Typed | None] = [None] * len(texts)
    days = days_of([texts[at] for at in content]) if content else None
    if days is not None:
        for at, day in zip(content, days, strict=True):
            typed[at] = Typed(day.value, day.format)
        return typed
    for at, number in _numbers(column.head, {at: texts[at] for at in content}, wider).items():
        typed[at] = Typed(number.value, number.format)
    return typed


def _is_placeholder(text: str) -> bool:
    return text.strip("$€£¥% ").casefold() in _PLACEHOLDERS or not text.strip("*")


def normal(text: str) -> str:
    """``text`` with every blank a plain one and the apostrophes of Swiss thousands alike."""
    return _BLANKS.sub(" ", text).strip().translate(_APOSTROPHES)


def _numbers(head: str, texts: dict[int, str], wider: Style) -> dict[int, Number]:
    marks = {at: mark for at, text in texts.items() if (mark := _mark(text))}
    texts = {at: text[: len(text) - len(marks.get(at, ""))].rstrip() for at, text in texts.items()}
    found = {at: number for at, text in texts.items() if (number := written(text))}
    others = [text for at, text in texts.items() if at not in found and not _NOTED.fullmatch(text)]
    if not found or _are_identifiers(head, list(found.values()), others):
        return {}
    data = _data(texts, found)
    if _is_mixed(len(found), data):
        found = _clear_by_themselves(found, data)
    found, style = _agreeing(found, wider)
    if is_money(head) and not _PER_UNIT.search(head):
        wider = _grouped(found.values()) or wider
    whole = completed(style, list(found.values()), wider)
    readable = found if whole else {at: one for at, one in found.items() if one.reading is not Reading.AMBIGUOUS}
    values = {at: value_of(one, whole or style) for at, one in readable.items()}
    return {at: _with_mark(value, marks.get(at)) for at, value in values.items() if value is not None}


def _grouped(found: Iterable[Written]) -> Style | None:
    """The convention in which amounts of money that are all like ``1,234`` mean thousands: money has no thousandths."""
    marks = {mark for one in found if one.reading is Reading.AMBIGUOUS for mark in one.body if not mark.isdigit()}
    return Style(group=marks.pop()) if len(marks) == 1 else None


def _data(texts: dict[int, str], found: dict[int, Written]) -> list[str]:
    """What a column holds besides numbers: without the words that head it, and what only says more of a number."""
    others = []
    for rank, (at, text) in enumerate(texts.items()):
        heads = rank < _MOST_HEADS and at < min(found) and not any(char.isdigit() for char in text)
        if at not in found and not heads and not _NOTED.fullmatch(text) and not is_about_a_number(text):
            others.append(text)
    return others


def _agreeing(found: dict[int, Written], wider: Style) -> tuple[dict[int, Written], Style]:
    """The numbers that follow one convention, and it: one that contradicts all others of its table stays text."""
    style = agreed_style(found.values())
    if style is not None or wider == Style():
        return (found, style) if style is not None else ({}, Style())
    agreeing = {at: one for at, one in found.items() if _fits(one, wider)}
    style = agreed_style(agreeing.values())
    if style is None or len(agreeing) < _NEARLY_ALL * len(found):
        return {}, Style()
    return agreeing, style


def _fits(number: Written, style: Style) -> bool:
    """Whether what the separators of ``number`` say goes with ``style``."""
    group, decimal = number.style.group, number.style.decimal
    return not ((group and group == style.decimal) or (decimal and decimal == style.group))


def _clear_by_themselves(found: dict[int, Written], others: Sequence[str]) -> dict[int, Written]:
    """The numbers that are ones even among words: amounts, per cent, counts where nothing else has digits.

    What has as many decimals as the amounts beside it is one of them.
    """
    counts = not any(char.isdigit() for text in others for char in text)
    cents = {one.decimals for one in found.values() if one.is_amount} - {0}
    return {
        at: one
        for at, one in found.items()
        if one.is_amount or one.decimals in cents or (counts and one.bare and len(one.text) <= _SHORT)
    }


def _mark(text: str) -> str | None:
    """The mark of a note behind a number."""
    match = _MARKED.fullmatch(text)
    if match is None or written(match["number"]) is None:
        return None
    raised_figure = match["mark"] in "⁰¹²³⁴⁵⁶⁷⁸⁹"
    return None if raised_figure and not _NO_BASE.search(match["number"]) else match["mark"]


def _with_mark(number: Number, mark: str | None) -> Number:
    """``number`` shown with the mark behind it."""
    if mark is None:
        return number
    return Number(number.value, ";".join(f'{section}"{mark}"' for section in number.format.split(";")))


def _is_mixed(numbers: int, others: Sequence[str]) -> bool:
    """Whether a column holds too much else, words or codes, for its numbers to be data."""
    codes = sum(any(char.isdigit() for char in text) for text in others)
    total = numbers + len(others)
    return len(others) - codes > _WORDS_AT_MOST * total or codes > _CODES_AT_MOST * total


def _are_identifiers(head: str, numbers: Sequence[Written], others: Sequence[str]) -> bool:
    """Whether digits name things here: leading zeros, telling heads, or long bare ones of one length."""
    if any(re.fullmatch(r"\+?0\d+", text) for text in others) or any(looks_like_a_date(text) for text in others):
        return True
    if _are_outline(numbers):
        return True
    bare = [number for number in numbers if number.bare]
    in_parts = _PARTS.search(head) is not None
    named = (in_parts or _IDENTIFIER.search(head) is not None) and _AMOUNT.search(head) is None
    if named and in_parts and len(bare) < len(numbers):
        return not any(number.is_amount for number in numbers)
    if named and all(len(number.text) <= _SHORT for number in bare) and len(bare) == len(numbers) and not others:
        return False
    if bare and (named or any(number.text.startswith("+") and len(number.text) > _LONG for number in bare)):
        return True
    lengths = {len(number.text) for number in bare}
    return len(bare) == len(numbers) and len(lengths) == 1 and min(lengths) >= _LONG


def _are_outline(numbers: Sequence[Written]) -> bool:
    """Whether these number sections or versions, 1.1, 1.2, … 1.10: each the next one of its kind."""
    parts = [(int(match[1]), int(match[2])) for one in numbers if (match := _OUTLINE.fullmatch(one.text))]
    if len(parts) < 3 or len(parts) < len(numbers):
        return False
    follow = sum(
        (after[0] == before[0] and after[1] == before[1] + 1) or (after[0] == before[0] + 1 and after[1] <= 1)
        for before, after in pairwise(parts)
    )
    return follow == len(parts) - 1


def in_doubt(texts: Sequence[str], typed: Sequence[Typed | None]) -> bool:
    """Whether a number stayed text because it can be read in two ways, as ``1,234``."""
    left = [written(normal(text)) for text, value in zip(texts, typed, strict=True) if value is None]
    return any(number is not None and number.reading is Reading.AMBIGUOUS for number in left)
