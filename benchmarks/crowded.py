"""One-page PDFs to Word and to Excel while other programs take the machine's processors: all are to succeed.

    make run                                            in one terminal
    .venv/bin/python -m benchmarks.crowded [--files 100] [--busy 8]   in another

Prints how the conversions ended, beside ``--busy`` processes that do nothing but compute.
"""

import argparse
import io
import json
import multiprocessing
import time
from collections import Counter

from reportlab.lib.pagesizes import A4
from reportlab.platypus import SimpleDocTemplate, Table

from benchmarks.batch import orderer
from benchmarks.fairness import ends

SLUGS = ("pdf-to-word", "pdf-to-excel")


def page(number: int) -> bytes:
    """A PDF of one page with one ruled table, unlike the others."""
    buffer = io.BytesIO()
    rows = [["Item", "Pieces", "Price"], *([f"Part {row} of {number}", str(row * number), "4.20"] for row in range(20))]
    SimpleDocTemplate(buffer, pagesize=A4).build([Table(rows, style=[("GRID", (0, 0), (-1, -1), 0.5, "black")])])
    return buffer.getvalue()


def compute() -> None:
    """Take a processor, for ever."""
    number = 1
    while True:
        number = number * 31 % 1_000_003


def convert(base_url: str, files: int, longest_s: float) -> Counter[str]:
    """How ``files`` conversions ended, half of them of each kind; see :func:`benchmarks.fairness.ends`."""
    http = orderer(base_url, 10 * files)
    http.timeout = longest_s
    made = []
    for number in range(files):
        slug = SLUGS[number % len(SLUGS)]
        answer = http.post(
            f"/api/v3/conversions/{slug}",
            files={"file": ("page.pdf", page(number))},
            headers={"Prefer": "respond-async"},
        )
        made.append(answer.raise_for_status().json()["conversion_id"])
    return ends(http, made, longest_s)


def main() -> None:
    """Measure and print; the last line is JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base-url", default="http://127.0.0.1:8000")
    parser.add_argument("--files", type=int, default=100)
    parser.add_argument("--busy", type=int, default=8, help="processes that compute beside it")
    parser.add_argument("--longest-s", type=float, default=1_800)
    arguments = parser.parse_args()
    crowd = [multiprocessing.Process(target=compute, daemon=True) for _ in range(arguments.busy)]
    started = time.monotonic()
    for one in crowd:
        one.start()
    try:
        told = convert(arguments.base_url, arguments.files, arguments.longest_s)
    finally:
        for one in crowd:
            one.kill()
    for how, number in told.most_common():
        print(f"{number:4d}  {how}")
    print(
        f"{time.monotonic() - started:.0f} s for {arguments.files} conversions beside {arguments.busy} busy processes"
    )
    print(json.dumps({"successes": told["success"], "of": arguments.files}))


if __name__ == "__main__":
    main()
