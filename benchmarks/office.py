"""Office documents to PDF, end to end over HTTP, against a cold ``soffice`` and a warm one in the same run.

    make run                                             in one terminal
    .venv/bin/python -m benchmarks.office [--runs 5]     in another

The warm one is unoserver: one LibreOffice that stays, and a client process for each document, which is how Gotenberg
drives it too. It is installed for the run, into a folder that goes afterwards (needs the network). Prints for each
document the medians and their ratios, then the throughput of four callers at either.
"""

import argparse
import contextlib
import io
import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import openpyxl
from docx.shared import Cm
from PIL import Image

from benchmarks.latency import CALLERS, Caller, cold, throughput

UNOSERVER = "unoserver==3.7"
SYSTEM_PYTHON = "/usr/bin/python3"
"""Distributions install ``uno`` for this one alone."""

SENTENCE = "The quick brown fox jumps over the lazy dog. "
SHEET_ROWS = 3_000
PICTURES = 5


def letter(paragraphs: int, pictures: int = 0) -> bytes:
    """A DOCX of so many paragraphs of about four lines, and of photo-like pictures."""
    document = docx.Document()
    for number in range(paragraphs):
        document.add_paragraph(f"{number + 1}. " + SENTENCE * 8)
    for number in range(pictures):
        picture = Image.effect_noise((1600, 1200), 40 + number).convert("RGB")
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG")
        document.add_picture(buffer, width=Cm(14))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def sheet(rows: int) -> bytes:
    """An XLSX of so many rows of words and numbers."""
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("Sheet")
    for number in range(rows):
        page.append([number, f"Item {number}", number * 1.5, number % 7, SENTENCE])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


DOCUMENTS: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    "letter": ("docx-to-pdf", "docx", lambda: letter(6)),
    "report of 20 pages": ("docx-to-pdf", "docx", lambda: letter(160)),
    "book of 80 pages": ("docx-to-pdf", "docx", lambda: letter(640)),
    "five pictures": ("docx-to-pdf", "docx", lambda: letter(2, PICTURES)),
    "sheet of 20 rows": ("excel-to-pdf", "xlsx", lambda: sheet(20)),
    "sheet of 3,000 rows": ("excel-to-pdf", "xlsx", lambda: sheet(SHEET_ROWS)),
}
"""The conversion, the file's extension and what makes it."""


class Peer:
    """A LibreOffice that stays, and a client process for each document."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._bin = folder, folder / "environment" / "bin"

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Install and start; ends with the block."""
        subprocess.run([SYSTEM_PYTHON, "-m", "venv", "--system-site-packages", self._bin.parent], check=True)
        subprocess.run([self._bin / "pip", "install", "--quiet", UNOSERVER], check=True)
        command: list[str | Path] = [self._bin / "unoserver", "--quiet"]
        command += ["--user-installation", self._folder / "profile"]
        with subprocess.Popen(command) as server:
            try:
                while subprocess.run([self._bin / "unoping"], capture_output=True, check=False).returncode != 0:
                    time.sleep(0.5)
                yield
            finally:
                server.terminate()

    def convert(self, source: Path, target: Path) -> float:
        """Seconds of one client."""
        started = time.perf_counter()
        subprocess.run([self._bin / "unoconvert", "--quiet", source, target], check=True, capture_output=True)
        return time.perf_counter() - started


def main() -> None:
    """Measure and print; the last line is JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base-url", default="http://127.0.0.1:8000")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    callers = [Caller(arguments.base_url) for _ in range(CALLERS)]
    with tempfile.TemporaryDirectory() as name:
        folder, peer = Path(name), Peer(Path(name))
        with peer.running():
            rows = [_document(each, callers[0], peer, folder, arguments.runs) for each in DOCUMENTS]
            gain = _four_callers(callers, peer, folder, arguments.runs)
    of_cold, of_warm = ([row[at] for row in rows] for at in (0, 1))
    print(f"medians: {statistics.median(of_cold):.2f} of cold, {statistics.median(of_warm):.2f} of warm")
    print(f"worst: {max(of_warm):.2f} of warm; four callers {gain:.2f} times as many as at the warm one")
    found = {"cold": statistics.median(of_cold), "warm": statistics.median(of_warm), "worst": max(of_warm)}
    print(json.dumps({name: round(one, 3) for name, one in (found | {"throughput": gain}).items()}))


def _document(name: str, caller: Caller, peer: Peer, folder: Path, runs: int) -> tuple[float, float]:
    slug, kind, make = DOCUMENTS[name]
    body, source = make(), folder / f"source.{kind}"
    source.write_bytes(body)
    measured: dict[str, list[float]] = {"ours": [], "cold": [], "warm": []}
    for run in range(runs + 1):  # in turn, so that all meet the same weather; the first one warms
        times = {
            "ours": caller.convert(body, slug, source.name)["total"] / 1000,
            "cold": cold(body, source.name) / 1000,
            "warm": peer.convert(source, folder / "warm.pdf"),
        }
        for which, seconds in times.items() if run else ():
            measured[which].append(seconds)
    ours, soffice, warm = (statistics.median(one) for one in measured.values())
    print(
        f"{name:22s} {ours:.2f} s; cold {soffice:.2f} s ({ours / soffice:.2f}); warm {warm:.2f} s ({ours / warm:.2f})"
    )
    return ours / soffice, ours / warm


def _four_callers(callers: list[Caller], peer: Peer, folder: Path, runs: int) -> float:
    """How many times the letters of the warm one four callers get, in rounds in turn, as the median of their ratios."""
    slug, kind, make = DOCUMENTS["letter"]
    body, source = make(), folder / f"source.{kind}"
    source.write_bytes(body)
    rounds = []
    for _ in range(runs):
        ours = throughput(lambda at: callers[at % CALLERS].convert(body, slug, source.name), CALLERS, 4 * CALLERS)
        warm = throughput(lambda at: peer.convert(source, folder / f"{at}.pdf"), CALLERS, 4 * CALLERS)
        rounds.append(ours / warm)
    return statistics.median(rounds)


if __name__ == "__main__":
    main()
