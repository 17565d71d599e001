"""Numbers as people write them: what a text means under a convention, and the Excel format that shows it again."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Literal

MOST_DIGITS = 15
"""Excel keeps 15 significant digits; more are an identifier, or would be changed."""

_ISO = (
    "USD|EUR|GBP|JPY|CHF|CAD|AUD|NZD|CNY|HKD|SGD|INR|KRW|BRL|MXN|ZAR|SEK|NOK|DKK|ISK|PLN|CZK|HUF|RON|BGN|RUB|UAH|"
    "TRY|ILS|AED|SAR|EGP|THB|IDR|MYR|PHP|VND|TWD|ARS|CLP|COP|PEN|NGN|KES"
)
_CURRENCY = rf"(?:(?:US|AU|CA|NZ|HK|[ACRS])?\$|[€£¥₹₩₽₺₪฿₫₴₦]|{_ISO})"
_BODY = r"\d(?:[\d.,' ]*\d)?"
_NUMBER = re.compile(
    rf"(?P<open>\()?(?P<sign1>[-+−–])?(?P<before>{_CURRENCY} ?)?(?P<sign2>[-+−–])?(?P<body>{_BODY})"
    rf"(?P<percent> ?%)?(?P<after> ?{_CURRENCY})?(?P<close>\))?(?P<percent2>%)?(?P<sign3> ?[-−–])?"
    r"(?P<side> ?(?:DR|CR|Dr|Cr)\.?)?"
)
_GROUPED = {
    separator: re.compile(rf"[1-9]\d{{0,2}}(?:{re.escape(separator)}\d{{3}})+") for separator in (",", ".", " ", "'")
}
_LAKHS = re.compile(r"[1-9]\d?(?:,\d{2})*,\d{2},\d{3}")
"""Indian grouping: 12,34,567."""
_PLAIN = re.compile(r"0|[1-9]\d*")
_PLAIN_NUMBER = r"[-+−–]?[$€£¥]?\d(?:[\d.,' ]*\d)?(?: ?%)?"
_ABOUT = re.compile(
    rf"(?:[~≈<>≤≥±]|[*†‡§]{{1,3}}|c\.|ca\.?)? ?{_PLAIN_NUMBER}"
    r"(?: ?\([^()]*\)| (?:thousand|million|billion|mio|mrd|millionen|millions|milliards|miles|millones)\.?)?",
    re.IGNORECASE,
)
_SHORTENED = re.compile(rf"[-+−–]?(?:{_CURRENCY} ?\d[\d.,]* ?(?:[kKMB]|bn|mn|tn)|\d+[.,]\d+ ?(?:[kKMB]|bn|mn|tn))")
"""``$1.20M``, ``3.5bn``."""
_MONEY = re.compile(rf"(?<![A-Za-z]){_CURRENCY}(?![A-Za-z])")
_RANGE = re.compile(r"(\d*[.,]?\d+) ?[-–—] ?(\d*[.,]?\d+)")
_LOCALES = {(".", ","): "[$-407]", (" ", ","): "[$-40C]", ("'", "."): "[$-807]", ("'", ","): "[$-807]"}
"""LibreOffice takes the separators from these (German, French, Swiss); Excel shows those of its own region.

No region writes ``1 234.5``: there the blanks are part of the format.
"""


Role = Literal["group", "decimal"]


@dataclass(frozen=True, slots=True)
class Style:
    """A convention: the sign that groups thousands and the decimal mark; ``None`` is not known."""

    group: str | None = None
    decimal: str | None = None


class Reading(Enum):
    """What the separators of one text say by themselves."""

    NEUTRAL = "no separator, or one that any convention reads alike"
    DEFINITE = "only one convention reads it"
    AMBIGUOUS = "thousands in one convention, a decimal mark in another"


@dataclass(frozen=True, slots=True)
class Written:
    """A text that has the form of a number, its parts, and what its separators say."""

    text: str
    parts: re.Match[str]
    body: str
    reading: Reading
    style: Style

    @property
    def negative(self) -> bool:
        """Whether a minus, before or after, or parentheses stand at the number."""
        signs = (self.parts["sign1"], self.parts["sign2"], self.parts["sign3"])
        return self.debit or bool(self.parts["open"]) or any(sign.strip() in "-−–" for sign in signs if sign)

    @property
    def debit(self) -> bool:
        """Whether "DR" stands at the number: what is owed is below zero."""
        return (self.parts["side"] or "").strip(" .").upper() == "DR"

    @property
    def is_amount(self) -> bool:
        """Whether currency, per cent, or groups and decimals say that this is a number, whatever stands around it."""
        money = self.parts["before"] or self.parts["after"]
        percent = self.parts["percent"] or self.parts["percent2"]
        return self.reading is not Reading.AMBIGUOUS and bool(money or percent or self.style.group)

    @property
    def decimals(self) -> int:
        """How many digits stand behind the decimal mark, where it is one for certain."""
        mark = self.style.decimal
        return len(self.body.rpartition(mark)[2]) if mark and mark in self.body else 0

    @property
    def bare(self) -> bool:
        """Whether these are digits and nothing else, as identifiers are."""
        return self.text.lstrip("+").isdigit()


@dataclass(frozen=True, slots=True)
class Number:
    """A value for a cell, and the format that shows the text it was written as."""

    value: int | float
    format: str


def is_about_a_number(text: str) -> bool:
    """Whether a text tells more of a number than a cell's value can: ``<5``, ``*2``, ``63 (18.5%)``, ``0.5-0.7``.

    A range goes up and has decimals: else it may be a code.
    """
    if span := _RANGE.fullmatch(text):
        low, high = (float(part.replace(",", ".")) for part in span.groups())
        return low < high and not (span[1] + span[2]).isdigit()
    if _SHORTENED.fullmatch(text):
        return True
    return _ABOUT.fullmatch(text) is not None and written(text) is None and not text.isdigit()


def is_money(head: str) -> bool:
    """Whether the head of a column names a currency by its sign or code."""
    return _MONEY.search(head) is not None


def written(text: str) -> Written | None:
    """``text`` as a number in some convention; ``None`` if it is none, or more than Excel keeps."""
    parts = _NUMBER.fullmatch(text)
    if parts is None or not _is_consistent(parts):
        return None
    body = parts["body"]
    if len(re.sub(r"\D", "", body).lstrip("0")) > MOST_DIGITS:
        return None
    read = _read_body(body, money=bool(parts["before"] or parts["after"]))
    return None if read is None else Written(text, parts, body, *read)


def _is_consistent(parts: re.Match[str]) -> bool:
    """One sign at most, one currency at most, parentheses in pairs."""
    signs = [parts[name] for name in ("sign1", "sign2", "sign3", "side") if parts[name]]
    if bool(parts["open"]) != bool(parts["close"]) or len(signs) + bool(parts["open"]) > 1:
        return False
    if parts["percent2"] and (not parts["close"] or parts["percent"]):
        return False
    percent = parts["percent"] or parts["percent2"]
    return not (parts["before"] and parts["after"]) and not (percent and (parts["before"] or parts["after"]))


def _read_body(body: str, *, money: bool) -> tuple[Reading, Style] | None:
    marks = [char for char in body if not char.isdigit()]
    kinds = list(dict.fromkeys(marks))
    if not kinds:
        return (Reading.NEUTRAL, Style()) if _PLAIN.fullmatch(body) else None
    if len(kinds) == 2:
        return _read_grouped_decimal(body, kinds[0], kinds[1])
    return _read_one_kind(body, kinds[0], money=money) if len(kinds) == 1 else None


def _read_grouped_decimal(body: str, group: str, decimal: str) -> tuple[Reading, Style] | None:
    whole, _, fraction = body.rpartition(decimal)
    if decimal not in ".," or decimal in whole or not fraction.isdigit():
        return None
    grouped = _GROUPED[group].fullmatch(whole) or (group == "," and _LAKHS.fullmatch(whole))
    return (Reading.DEFINITE, Style(group, decimal)) if grouped else None


def _read_one_kind(body: str, mark: str, *, money: bool) -> tuple[Reading, Style] | None:
    """``$1,234`` is clear: no currency with a sign has thousandths."""
    grouped = _GROUPED[mark].fullmatch(body) is not None
    if mark == "," and _LAKHS.fullmatch(body):
        return Reading.DEFINITE, Style(",", ".")
    if mark in " '":
        return (Reading.DEFINITE, Style(mark, None)) if grouped else None
    if body.count(mark) > 1 or (money and grouped):
        return (Reading.DEFINITE, Style(mark, _other(mark))) if grouped else None
    whole = body.partition(mark)[0]
    if not _PLAIN.fullmatch(whole):
        return None
    return (Reading.AMBIGUOUS, Style()) if grouped else (Reading.DEFINITE, Style(None, mark))


def agreed_style(numbers: Iterable[Written]) -> Style | None:
    """The convention of all ``numbers``, as far as they tell; ``None`` if they contradict one another."""
    groups, decimals = set(), set()
    for number in numbers:
        if number.reading is Reading.DEFINITE:
            groups.add(number.style.group)
            decimals.add(number.style.decimal)
    groups.discard(None)
    decimals.discard(None)
    if len(groups) > 1 or len(decimals) > 1 or groups & decimals:
        return None
    return Style(next(iter(groups), None), next(iter(decimals), None))


def completed(style: Style, numbers: Sequence[Written], wider: Style) -> Style | None:
    """``style`` with what it leaves open taken from the ambiguous ``numbers`` themselves, else from ``wider``.

    ``None`` while it stays open what the ambiguous ones mean. Small whole numbers beside ``1,234`` tell that it
    is grouped: a column of decimals writes all its decimals out.
    """
    marks = {char for one in numbers if one.reading is Reading.AMBIGUOUS for char in one.body if char in ".,"}
    if not marks:
        return style
    mark = marks.pop()
    role = _role(style, mark) or _role_by_small_numbers(numbers) or _role(wider, mark)
    if marks or role is None:
        return None
    if role == "group":
        return Style(mark, _other(mark)) if style.group in (None, mark) else None
    return Style(style.group or wider.group, mark) if style.decimal in (None, mark) else None


def _role(style: Style, mark: str) -> Role | None:
    """What ``mark`` does where numbers are written in ``style``."""
    if style.group == mark or style.decimal == _other(mark):
        return "group"
    return "decimal" if style.decimal == mark or style.group is not None else None


def _role_by_small_numbers(numbers: Iterable[Written]) -> Role | None:
    whole = [one.body for one in numbers if one.reading is Reading.NEUTRAL and one.body != "0"]
    return "group" if whole and all(len(body) <= 3 for body in whole) else None


def _other(mark: str) -> str:
    return "." if mark == "," else ","


def value_of(number: Written, style: Style) -> Number | None:
    """The value of ``number`` under ``style``; ``None`` where it can't be shown as written, or is not sure.

    Excel would drop the sign of a minus zero, and a dash behind a currency (``$-5``) need not be a minus.
    """
    body = number.body
    if number.parts["sign2"]:
        return None
    if style.group:
        body = body.replace(style.group, "")
    whole, _, fraction = body.partition(style.decimal or "\0")
    if not (whole + fraction).isdigit():
        return None
    value = Decimal(f"{whole}.{fraction or '0'}")
    if number.negative and not value:
        return None
    if number.parts["percent"] or number.parts["percent2"]:
        value /= 100
    value = -value if number.negative else value
    plain = float(value) if fraction or value != value.to_integral_value() else int(value)
    return Number(plain, _format(number, style, len(fraction)))


def _format(number: Written, style: Style, decimals: int) -> str:
    grouped = style.group is not None and style.group in number.body
    digits = "0" + '" "000' * number.body.count(" ") if style == Style(" ", ".") else "#,##0" if grouped else "0"
    digits += "." + "0" * decimals if decimals else ""
    parts = number.parts
    core = _literal(parts["before"]) + digits + _literal(parts["percent"]) + _literal(parts["after"])
    if grouped and not number.negative and not parts["side"] and _LAKHS.match(number.body):
        return _lakhs(core)
    foreign = (decimals and style.decimal == ",") or (grouped and style.group != ",")
    locale = _LOCALES.get((style.group or ".", style.decimal or ","), "") if foreign else ""
    positive, negative = _signed(number, core)
    return locale + (positive if negative is None else f"{positive};{negative}")


def _lakhs(core: str) -> str:
    """``core`` with Indian grouping, which formats know by the size of the number only."""
    crores, lakhs = (core.replace("#,##0", digits) for digits in (r"##\,##\,##\,##0", r"##\,##\,##0"))
    return f"[>=10000000]{crores};[>=100000]{lakhs};{core}"


def _signed(number: Written, core: str) -> tuple[str, str | None]:
    """The sections for numbers from zero up and below it, with the sign as it was written."""
    parts = number.parts
    if parts["open"]:
        return core, f"({core}){parts['percent2'] or ''}"
    if parts["sign3"]:
        return core, core + _literal(parts["sign3"])
    if parts["side"]:
        credit = parts["side"].replace("DR", "CR").replace("Dr", "Cr")
        debit = parts["side"].replace("CR", "DR").replace("Cr", "Dr")
        return core + _literal(credit), core + _literal(debit)
    sign = parts["sign1"]
    if sign is None or (sign == "-" and not parts["before"]):
        return core, None
    signed = _literal(sign) + core
    return (signed, "-" + core) if sign == "+" else (core, signed)


def _literal(text: str | None) -> str:
    if not text:
        return ""
    return "".join(char if char in " %-" else f'"{char}"' for char in text).replace('""', "")
