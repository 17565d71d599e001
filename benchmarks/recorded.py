"""The documents' tables, of the rehearsal in docs/rehearsal.json: `python -m benchmarks.recorded` writes them.

`make rehearse RECORD=1` records one, and writes them too.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks import cost
from infra.template import ROOT

FILE = ROOT / "docs" / "rehearsal.json"
DOCUMENTS = (ROOT / "docs" / "operator.md", ROOT / "docs" / "cost.md")
_BLOCK = re.compile(r"(<!-- recorded: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def read() -> dict[str, Any]:
    """What was recorded."""
    found: dict[str, Any] = json.loads(FILE.read_text())
    return found


def filled(text: str, measured: Mapping[str, Any]) -> str:
    """A document with its tables as they must be."""
    return _BLOCK.sub(lambda block: f"{block[1]}\n{TABLES[block[2]](measured)}\n\n{block[3]}", text)


def write() -> None:
    """Every table of the documents."""
    measured = read()
    for path in DOCUMENTS:
        path.write_text(filled(path.read_text(), measured))


def functions(measured: Mapping[str, Any]) -> str:
    """A row for each function: its size, its first call and the later ones, what it used of what it may."""
    machine = measured["machine"]
    head = ["function", "MB", "first call, s", "later calls, s", "memory, MB", "of", "`/tmp`, MB"]
    lines = [cost.row(head), cost.row(["---"] * len(head))]
    for one in measured["functions"]:
        later = "–" if one["warm_s"] is None else f"{one['warm_s']:.2f}"
        used = [str(one[name]) for name in ("memory_mb", "memory_limit_mb", "tmp_mb")]
        size, first = str(one["artefact_mb"]), f"{one['cold_s']:.2f}"
        lines.append(cost.row([f"`{one['function']}`", size, first, later, *used]))
    where = f"{machine['day']}, {machine['cores']} cores ({machine['processor']}), {machine['memory_gb']} GB"
    return "\n".join([f"Recorded {where}:", "", *lines])


def starts(measured: Mapping[str, Any]) -> str:
    """What a person waits for when nothing runs yet; medians, alone in the rehearsal."""
    found = measured["starts"]
    return "\n".join(
        [
            cost.row(["what", "s"]),
            cost.row(["---", "---"]),
            cost.row(["a log-in that finds no API running", f"{found['first_login_s']:.2f}"]),
            cost.row(["a letter to PDF that finds no LibreOffice running", f"{found['first_docx_to_pdf_s']:.2f}"]),
            cost.row(["the next letters", f"{found['next_docx_to_pdf_s']:.2f}"]),
            cost.row(["importing the API, processor time", f"{found['import_s']:.3f}"]),
            cost.row(["importing Chalice and PynamoDB alone", f"{found['bare_import_s']:.3f}"]),
        ]
    )


def twentieth(measured: Mapping[str, Any]) -> str:
    """What a page of DOCX to PDF costs beside what others ask for it, in cents."""
    (letter,) = [one for one in measured["conversions"] if one["slug"] == "docx-to-pdf"]
    cents = sum(cost.of_conversion(letter, cost.indexes()).values()) * 100
    lines = [
        f"A page of `docx-to-pdf` costs {cents:.3f} cents.",
        "",
        cost.row(["elsewhere", "cents", "times", "which price, and who says so"]),
        cost.row(["---"] * 4),
    ]
    for name, (price, which) in cost.LIST_PRICES.items():
        lines.append(cost.row([name, f"{price:.2f}", f"{price / cents:.0f}", which]))
    return "\n".join(lines)


TABLES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "functions": functions,
    "starts": starts,
    "conversions": cost.conversions,
    "months": cost.months,
    "twentieth": twentieth,
}
"""By the name that stands in a document before the table."""

if __name__ == "__main__":
    write()
