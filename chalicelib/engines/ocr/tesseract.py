"""Tesseract: the scripts that PP-OCR does not read, and which script a page is in."""

import csv
import io
import os
import re
import shutil
import subprocess
from collections import defaultdict

import cv2  # type: ignore[import-not-found]
import numpy  # type: ignore[import-not-found]

from chalicelib.engines.ocr.model import Line

LANGUAGES = {
    "ar": "ara", "fa": "fas", "el": "ell", "he": "heb", "hi": "hin", "ko": "kor", "ru": "rus", "th": "tha", "uk": "ukr",
    "vi": "vie",
}  # fmt: skip
"""ISO 639-1 to the packs of the scripts that PP-OCR lacks."""
_SCRIPTS = {
    "Arabic": "ar", "Cyrillic": "ru", "Devanagari": "hi", "Greek": "el", "Hangul": "ko", "Hebrew": "he", "Korean": "ko",
    "Thai": "th",
}  # fmt: skip
_SURE = 1.0
"""Of the script's own measure: below it Tesseract guesses on pages of hardly any text."""
_DPI, _WORD_LEVEL, _ENGLISH = 200, "5", "eng"
_TIMEOUT_S = 60


def installed() -> bool:
    """Whether the program is there; its packs may be missing one by one."""
    return shutil.which("tesseract") is not None


def packs() -> frozenset[str]:
    """The names of the packs that are installed."""
    return frozenset(_run(None, "--list-langs").split()[-100:]) if installed() else frozenset()


def language_of(picture: numpy.ndarray) -> str | None:
    """A language of the page's script, if it is one of those that PP-OCR does not read."""
    if not installed():
        return None
    said = _run(picture, "-", "-", "--psm", "0")
    script = re.search(r"^Script: (\w+)$", said, re.MULTILINE)
    sure = re.search(r"^Script confidence: ([\d.]+)$", said, re.MULTILINE)
    if script is None or sure is None or float(sure[1]) < _SURE:
        return None
    return _SCRIPTS.get(script[1])


def read(picture: numpy.ndarray, languages: tuple[str, ...]) -> list[Line]:
    """The lines of words on a grey ``picture`` in ``languages`` (ISO 639-1), those without a pack left out."""
    there = packs()
    known = [LANGUAGES[language] for language in languages if LANGUAGES.get(language) in there]
    known += [_ENGLISH] if known and _ENGLISH in there and "en" in languages else []
    table = _run(picture, "-", "-", "-l", "+".join(known), "--psm", "3", "tsv") if known else ""
    lines: dict[tuple[str, ...], list[dict[str, str]]] = defaultdict(list)
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] == _WORD_LEVEL and row["text"].strip():
            lines[row["block_num"], row["par_num"], row["line_num"]].append(row)
    return [_line(rows) for rows in lines.values()]


def _line(rows: list[dict[str, str]]) -> Line:
    words = []
    for row in rows:
        x, y, across, down = (float(row[name]) for name in ("left", "top", "width", "height"))
        words.append((row["text"].strip(), (x, y, x + across, y + down)))
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
