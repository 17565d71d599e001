"""What a row may occupy as it is stored: the one place that measures, cuts, and says that it cut.

A DynamoDB item holds 400 KB in UTF-8. A conversion's row has at most 100 inputs with names of 200 bytes (35 KB), its
options, a problem and a result within the bounds below: together less than 300 KB.
"""

import json
from collections.abc import Iterable
from typing import Any

OPTIONS_BYTES = 32_000
PROBLEM_BYTES = 8_000
WARNINGS_BYTES, WARNING_BYTES, MOST_WARNINGS = 75_000, 1_500, 150
REPORT_BYTES, ENTRY_BYTES = 120_000, 40_000

_CUT = " … (cut)"


def as_json(value: Any) -> str:
    """``value`` as it is stored: text stands as itself, and what is no Unicode as a question mark."""
    return json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace").decode()


def size_bytes(value: Any) -> int:
    """What ``value`` occupies."""
    return len(as_json(value).encode())


def cut_text(text: str, most_bytes: int) -> str:
    """At most so many bytes of ``text``, which tells that it was cut."""
    data = text.encode("utf-8", "replace")
    if len(data) <= most_bytes:
        return data.decode()
    return data[: most_bytes - len(_CUT.encode())].decode("utf-8", "ignore") + _CUT


def fitting(warnings: Iterable[str], report: dict[str, Any]) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The warnings and the report of a result, as much of them as a row holds; what was left out is counted."""
    kept, cut = _report(report)
    told = list(warnings)
    if cut:
        told.insert(0, f"The report is not complete, for want of space: {', '.join(cut)}.")
    return _warnings(told), kept


def _warnings(warnings: list[str]) -> tuple[str, ...]:
    kept: list[str] = []
    room = WARNINGS_BYTES
    for text in warnings[:MOST_WARNINGS]:
        one = cut_text(text, WARNING_BYTES)
        room -= size_bytes(one) + 2
        if room < 0:
            break
        kept.append(one)
    left_out = len(warnings) - len(kept)
    return (*kept, f"{left_out} more warnings were left out here for want of space.") if left_out else tuple(kept)


def _report(report: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Every entry gets its share, the small ones first: an engine's name and version are never what goes."""
    kept: dict[str, Any] = {}
    cut = []
    room = REPORT_BYTES
    for name, value in sorted(report.items(), key=lambda entry: size_bytes(entry[1])):
        label = cut_text(name, 200)
        found = _entry(value, min(ENTRY_BYTES, room - size_bytes(label)))
        if found != value:
            cut.append(label)
        room -= size_bytes(label) + size_bytes(found) + 4
        if room < 0:
            break
        kept[label] = found
    order = [cut_text(name, 200) for name in report]
    return {name: kept[name] for name in order if name in kept}, cut[:20]


def _entry(value: Any, most_bytes: int) -> Any:
    """``value``, or as much of its beginning as fits."""
    if size_bytes(value) <= most_bytes:
        return json.loads(as_json(value))
    if isinstance(value, str):
        return cut_text(value, max(0, most_bytes - 2))
    if isinstance(value, list):
        return _beginning(value, most_bytes)
    if isinstance(value, dict):
        return dict(_beginning([list(one) for one in value.items()], most_bytes))
    return None


def _beginning(values: list[Any], most_bytes: int) -> list[Any]:
    kept, room = [], most_bytes - 2
    for one in values:
        room -= size_bytes(one) + 2
        if room < 0:
            break
        kept.append(one)
    return json.loads(as_json(kept))  # type: ignore[no-any-return]
