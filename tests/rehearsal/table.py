"""What a rehearsal measured, as a table."""

from collections.abc import Mapping
from statistics import median
from typing import Any

from infra.rehearsal.functions import Function

_MB = 1024 * 1024
STARTS = (
    ("first_login_s", "first call of the API, a log-in, in seconds", 1.0),
    ("import_ratio", "importing the API, of a bare application of Chalice and PynamoDB", 1.5),
    ("first_docx_to_pdf_s", "first letter to PDF, in seconds", 3.0),
    ("next_docx_to_pdf_s", "the next ones, in seconds", 0.3),
)
"""Figures of cold.py, what they are, and the most that they are to be."""

_HEAD = ("function", "artefact MB", "first call s", "its CPU s", "later s", "memory MB", "of MB", "/tmp MB", "calls")


def rows(functions: Mapping[str, Function]) -> list[dict[str, Any]]:
    """A row for each function that was called."""
    found = []
    for name, one in functions.items():
        one.kill()
        figures = one.figures
        if figures.cold:
            found.append(
                {
                    "function": name,
                    "artefact_mb": round(one.artefact.size / _MB),
                    "cold_s": round(min(figures.cold), 2),
                    "cold_processor_s": round(min(figures.cold_processor), 2),
                    "warm_s": round(median(figures.warm), 3) if figures.warm else None,
                    "memory_mb": round(figures.peak.memory / _MB),
                    "memory_limit_mb": one.memory_mb,
                    "tmp_mb": round(figures.peak.tmp / _MB),
                    "calls": figures.invocations,
                }
            )
    return found


def text(rows_: list[dict[str, Any]]) -> str:
    """For a person."""
    lines = [_HEAD, *(tuple("–" if cell is None else str(cell) for cell in row.values()) for row in rows_)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def starts(found: Mapping[str, Any]) -> str:
    """What a person waits for when nothing runs yet, beside what it is to be."""
    return "\n".join(
        f"{what}: {found[name]} ({'holds' if found[name] <= most else 'does not hold'}: at most {most})"
        for name, what, most in STARTS
    )
