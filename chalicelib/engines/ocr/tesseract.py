"""Tesseract: the scripts that PP-OCR does not read, and which script a page is in."""

import csv
import io
import os
import re
import shutil
import subprocess
from collections import defaultdict
from dataclasses import dataclass

import cv2  # type: ignore[import-not-found]
import numpy  # type: ignore[import-not-found]

from chalicelib.engines.ocr.model import Box, Line

LANGUAGES = {
    "ar": "ara", "fa": "fas", "el": "ell", "he": "heb", "hi": "hin", "ko": "kor", "ru": "rus", "th": "tha", "uk": "ukr",
    "vi": "vie",
}  # fmt: skip
"""ISO 639-1 to the packs of the scripts that PP-OCR lacks."""
_SCRIPTS = {
    "Arabic": "ar", "Cyrillic": "ru", "Devanagari": "hi", "Greek": "el", "Hangul": "ko", "Hebrew": "he", "Korean": "ko",
    "Thai": "th",
}  # fmt: skip
_SURE, _SURE_TURN = 1.0, 2.0
"""Of the measures for script and turn: below them Tesseract guesses, on pages of hardly any text."""
_JOINED = {"th": 0.25, "ko": 0.1}
"""Gaps, in heights of a line, that are none between words: Tesseract parts letters of these languages."""
_CUT_UP, _MORE = frozenset({"ko"}), 1.1
"""Languages whose pages Tesseract may cut into columns that they do not have, losing text."""
_DPI, _WORD_LEVEL, _ENGLISH = 200, "5", "eng"
_TIMEOUT_S = 60


def installed() -> bool:
    """Whether the program is there; its packs may be missing one by one."""
    return shutil.which("tesseract") is not None


def packs() -> frozenset[str]:
    """The names of the packs that are installed."""
    return frozenset(_run(None, "--list-langs").split()[-100:]) if installed() else frozenset()


@dataclass(frozen=True, slots=True)
class Look:
    """A page's ``language``, if it is in a script that PP-OCR does not read; by how much to turn it clockwise."""

    language: str | None = None
    turn: int = 0


def look(picture: numpy.ndarray) -> Look:
    """What script a grey ``picture`` is in, and how it lies, as far as Tesseract is sure."""
    if not installed():
        return Look()
    said = dict(re.findall(r"^([A-Z][a-z ]+): +(\S+)$", _run(picture, "-", "-", "--psm", "0"), re.MULTILINE))
    script = _SCRIPTS.get(said.get("Script", "")) if float(said.get("Script confidence", 0)) >= _SURE else None
    turn = int(said.get("Rotate", 0)) if float(said.get("Orientation confidence", 0)) >= _SURE_TURN else 0
    return Look(script, turn)


def candidates() -> list[str]:
    """A language of each script that PP-OCR lacks and a pack is there for."""
    there = packs()
    return sorted({language for language in _SCRIPTS.values() if LANGUAGES[language] in there})


def read(picture: numpy.ndarray, languages: tuple[str, ...]) -> list[Line]:
    """The lines of words on a grey ``picture`` in ``languages`` (ISO 639-1), those without a pack left out."""
    there = packs()
    known = [LANGUAGES[language] for language in languages if LANGUAGES.get(language) in there]
    known += [_ENGLISH] if known and _ENGLISH in there and "en" in languages else []
    if not known:
        return []
    joined = max((_JOINED.get(language, 0.0) for language in languages), default=0.0)
    lines = _lines(_run(picture, "-", "-", "-l", "+".join(known), "--psm", "3", "tsv"), joined)
    if not _CUT_UP.intersection(languages):
        return lines
    as_one = _lines(_run(picture, "-", "-", "-l", "+".join(known), "--psm", "6", "tsv"), joined)
    return as_one if _read_well(as_one) > _MORE * _read_well(lines) else lines


def _read_well(lines: list[Line]) -> float:
    return sum(line.confidence * len(line.text) for line in lines)


def _lines(table: str, joined: float) -> list[Line]:
    rows: dict[tuple[str, ...], list[dict[str, str]]] = defaultdict(list)
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] == _WORD_LEVEL and row["text"].strip():
            rows[row["block_num"], row["par_num"], row["line_num"]].append(row)
    return [_line(some, joined) for some in rows.values()]


def _line(rows: list[dict[str, str]], joined: float) -> Line:
    words: list[tuple[str, Box]] = []
    least = joined * max(float(row["height"]) for row in rows)
    for row in rows:
        x, y, across, down = (float(row[name]) for name in ("left", "top", "width", "height"))
        text, box = row["text"].strip(), (x, y, x + across, y + down)
        if words and least > 0 and x - words[-1][1][2] < least:
            before, (x0, y0, x1, y1) = words.pop()
            text, box = before + text, (x0, min(y0, y), max(x1, x + across), max(y1, y + down))
        words.append((text, box))
    boxes = [box for _, box in words]
    whole = min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
    letters = sum(len(row["text"]) for row in rows)
    confidence = sum(float(row["conf"]) * len(row["text"]) for row in rows) / letters / 100
    return Line(" ".join(text for text, _ in words), whole, confidence, tuple(words))


def _run(picture: numpy.ndarray | None, *arguments: str) -> str:
    """What Tesseract prints; nothing where it fails. More threads than one slow it down."""
    given = b"" if picture is None else cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()
    command = ["tesseract", *arguments, *(["--dpi", str(_DPI)] if picture is not None else [])]
    try:
        done = subprocess.run(
            command,
            input=given,
            capture_output=True,
            timeout=_TIMEOUT_S,
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    text: str = done.stdout.decode(errors="replace")
    return text
