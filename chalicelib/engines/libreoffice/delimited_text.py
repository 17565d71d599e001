"""Reads a delimited text file as it stands and rewrites it so that an import can't misread it.

Every field stays text: LibreOffice would turn 007 into 7, 1.50 into 1.5 and 3-4 into a date.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chalicelib.domain.errors import CorruptDocument, EmptyDocument, LimitExceeded
from chalicelib.domain.filekinds import wide_encoding
from chalicelib.engines.job import InputFile
from chalicelib.engines.office.encodings import code_page

MOST_COLUMNS = 16_384
MOST_ROWS = 1_048_576
LONGEST_FIELD = 65_535
"""What a sheet of Calc holds, and where its text import cuts a field without a word."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES = 1 << 16
_SAMPLE_ROWS = 50
_CHUNK = 1 << 20
_SEPARATORS = "\t;|,"
"""The rarer in text first: a comma may be in numbers, and wins only where it splits more evenly."""

_LONG_FIELD = 30
"""Characters; as many W of 10 points are 10 cm."""

_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_DECIMAL = re.compile(r"\d,\d")
_MOSTLY = 0.8
_NUMBER = re.compile(r"[-+(]?\s?[$€£¥]?\s?\d[\d\s.,'’]*\s?(?:%|[$€£¥])?\)?")


@dataclass(frozen=True)
class Table:
    """The rewritten file, comma-separated UTF-8 with every field quoted; ``numeric`` and ``long`` are columns, counted
    from 0: with numbers only, and with texts that a column can't be wide enough for.
    """

    path: Path
    rows: int
    columns: int
    numeric: tuple[int, ...]
    long: tuple[int, ...]
    encoding: str
    separator: str


def read_table(source: InputFile, workdir: Path, encoding: str | None = None) -> Table:
    """Rewrite ``source``, in ``encoding`` or the one that it seems to have, into ``workdir``.

    Raises ``EmptyDocument``, ``LimitExceeded``, and ``CorruptDocument`` for what is no text.
    """
    encoding = encoding or _encoding(source.path)
    try:
        return _read(source, workdir, encoding)
    except UnicodeError as error:
        raise CorruptDocument(f"'{source.name}' can't be read as {encoding}: another 'encoding' is needed.") from error


def _read(source: InputFile, workdir: Path, encoding: str) -> Table:
    with source.path.open(encoding=encoding, newline="") as lines:
        sample = lines.read(_SAMPLE_BYTES)
        if "\0" in sample:
            raise CorruptDocument(f"'{source.name}' can't be read: it is no text file.")
        hint = _SEPARATOR_LINE.match(sample)
        separator = hint[1] if hint else _separator(sample)
        lines.seek(0)
        if hint:
            lines.readline()
        path = workdir / "Sheet1.csv"
        counts = _Counts(source.name)
        _rewrite(counts.watch(csv.reader(lines, delimiter=separator)), path)
    if not counts.filled:
        raise EmptyDocument(f"'{source.name}' is empty: it holds no text.")
    return Table(path, counts.rows, counts.columns, counts.numeric(), counts.long(), encoding, separator)


def import_options(table: Table) -> str:
    """The tokens of LibreOffice's text import for a rewritten file: comma, quote, UTF-8, all columns text."""
    columns = "/".join(f"{number}/2" for number in range(1, table.columns + 1))
    return f"44,34,76,1,{columns},0,true,false"


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(_SAMPLE_BYTES)
        for bom, name in _BOMS:
            if head.startswith(bom):
                return name
        wide = wide_encoding(head)
        if wide:
            return wide
        file.seek(0)
        return _narrow_encoding(file, head)


def _narrow_encoding(file: io.BufferedReader, head: bytes) -> str:
    """UTF-8 if all of it is, else the code page that its letters speak for, else Latin-1, which takes every byte."""
    found = next((name for name in ("utf-8", code_page(head)) if _decodes(file, name)), None)
    return found or ("cp1252" if _decodes(file, "cp1252") else "latin-1")


def _decodes(file: io.BufferedReader, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    file.seek(0)
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _separator(sample: str) -> str:
    """The one that splits most rows of the table into the same number of columns; what stands above it has no say.

    A comma between digits is a decimal one as a rule.
    """
    best, best_score = ",", 0.0
    for separator in _SEPARATORS:
        score = _evenness([len(row) for row in _sample_rows(sample, separator)])
        if separator == "," and len(_DECIMAL.findall(sample)) > _MOSTLY * sample.count(","):
            score /= 2
        if score > best_score:
            best, best_score = separator, score
    return best


def _evenness(widths: list[int]) -> float:
    """The share of the most common width above one, from where it is met first; a lone row of it is no table."""
    split = [width for width in widths if width > 1]
    if not split:
        return 0.0
    common, times = Counter(split).most_common(1)[0]
    share = times / (len(widths) - widths.index(common))
    return share if times > 1 or len(widths) == 1 else share / 2


def _sample_rows(sample: str, separator: str) -> list[list[str]]:
    """Without the last, which the sample's end may have cut."""
    rows = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
            if row:
                rows.append(row)
            if len(rows) > _SAMPLE_ROWS:
                break
    except csv.Error:
        return []
    return rows[:-1] or rows


def _rewrite(rows: Iterator[Sequence[str]], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)


class _Counts:
    """Counts rows, columns and numbers while the rows pass, and stops at the limits of a sheet."""

    def __init__(self, name: str) -> None:
        self.rows = 0
        self.columns = 0
        self.filled = False
        self._name = name
        self._numbers: set[int] = set()
        self._texts: set[int] = set()
        self._long: set[int] = set()

    def watch(self, rows: Iterator[list[str]]) -> Iterator[list[str]]:
        csv.field_size_limit(LONGEST_FIELD)
        try:
            for row in rows:
                self._count(row)
                yield row
        except csv.Error as error:
            raise LimitExceeded(
                f"'{self._name}' has a field of more than {LONGEST_FIELD:,} characters in row {self.rows + 1:,};"
                " is a quotation mark missing?"
            ) from error

    def numeric(self) -> tuple[int, ...]:
        """The columns with numbers only, below their first row, which may be a heading."""
        return tuple(sorted(self._numbers - self._texts))

    def long(self) -> tuple[int, ...]:
        """The columns with a longer field than most."""
        return tuple(sorted(self._long))

    def _count(self, row: list[str]) -> None:
        self.rows += 1
        self.columns = max(self.columns, len(row))
        if self.rows > MOST_ROWS:
            raise LimitExceeded(f"'{self._name}' has more than the {MOST_ROWS:,} rows of a sheet.")
        if self.columns > MOST_COLUMNS:
            raise LimitExceeded(f"'{self._name}' has more than the {MOST_COLUMNS:,} columns of a sheet.")
        for column, field in enumerate(row):
            if field and not field.isspace():
                self._note(column, field)

    def _note(self, column: int, field: str) -> None:
        self.filled = True
        if len(field) > _LONG_FIELD:
            self._long.add(column)
        if self.rows > 1:
            (self._numbers if _NUMBER.fullmatch(field.strip()) else self._texts).add(column)
