"""A one-page DOCX to PDF, end to end over HTTP, against cold ``soffice --convert-to pdf`` in the same run.

    make run                                              in one terminal
    .venv/bin/python -m benchmarks.latency [--runs 20]    in another

Prints medians, their ratio, the share of each step, and the throughput of four callers against one.
"""

import argparse
import io
import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import docx
import httpx

EMAIL, PASSWORD = "super@example.com", "password123"
CALLERS = 4
ROUNDS = 7
PARAGRAPHS = 12


def one_page() -> bytes:
    """A DOCX of one page of text."""
    document = docx.Document()
    for number in range(PARAGRAPHS):
        document.add_paragraph(f"{number + 1}. " + "The quick brown fox jumps over the lazy dog. " * 4)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


class Caller:
    """A client that is logged in."""

    def __init__(self, base_url: str) -> None:
        self._http = httpx.Client(base_url=base_url, timeout=60)
        answer = self._http.post("/api/v2/auth/login", json={"email": EMAIL, "password": PASSWORD})
        self._http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        self._storage = httpx.Client(timeout=60)

    def convert(self, body: bytes, slug: str = "docx-to-pdf", name: str = "page.docx") -> dict[str, float]:
        """Convert and download once; milliseconds of each step."""
        started = time.perf_counter()
        answer = self._http.post(f"/api/v3/conversions/{slug}", files={"file": (name, body)})
        answered = time.perf_counter()
        if answer.status_code != 200:
            raise SystemExit(f"{answer.status_code}: {answer.text}")
        conversion = answer.json()
        location = self._http.get(conversion["download_url"]).headers["Location"]
        if not self._storage.get(location).content.startswith(b"%PDF"):
            raise SystemExit("the download is no PDF")
        ended = time.perf_counter()
        return _steps(answer, conversion, answered - started, ended - answered)


def _steps(answer: httpx.Response, conversion: dict[str, Any], call_s: float, download_s: float) -> dict[str, float]:
    """The steps of one conversion; what the server did not name is HTTP and the lag of watching the row."""
    server = {
        part.split(";dur=")[0].strip(): float(part.split(";dur=")[1])
        for part in answer.headers["Server-Timing"].split(",")
    }
    worker = conversion["report"]["steps_milliseconds"]
    call, download = call_s * 1000, download_s * 1000
    steps = {"token": server["auth"], "read body": server["read"], "store, charge, queue": server["accept"]}
    steps |= {"fetch input": worker["fetch"], "LibreOffice": worker["engine"], "store result": worker["store"]}
    steps["queue, settle, watch"] = max(
        0.0, server["wait"] - sum(worker[name] for name in ("fetch", "engine", "store"))
    )
    steps["HTTP and Chalice"] = max(0.0, call - sum(server.values()))
    return steps | {"download": download, "total": call + download}


def cold(body: bytes, name: str = "page.docx") -> float:
    """Milliseconds of a cold ``soffice --convert-to pdf`` with a profile that exists already."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / name
        source.write_bytes(body)
        command = ["soffice", f"-env:UserInstallation=file://{PROFILE.name}", "--headless", "--convert-to", "pdf"]
        started = time.perf_counter()
        subprocess.run([*command, "--outdir", folder, str(source)], check=True, capture_output=True)
        return (time.perf_counter() - started) * 1000


PROFILE = tempfile.TemporaryDirectory(prefix="cold-profile-")


def throughput(call: Callable[[int], object], callers: int, runs: int) -> float:
    """Conversions a second with ``callers`` at once."""
    started = time.perf_counter()
    with ThreadPoolExecutor(callers) as pool:
        list(pool.map(call, range(runs)))
    return runs / (time.perf_counter() - started)


def _rounds(callers: list[Caller], body: bytes) -> list[tuple[float, float]]:
    """Throughput of one caller and of four, in turn: what else the machine does meets both."""
    return [
        (
            throughput(lambda _: callers[0].convert(body), 1, 2 * CALLERS),
            throughput(lambda number: callers[number % CALLERS].convert(body), CALLERS, 4 * CALLERS),
        )
        for _ in range(ROUNDS)
    ]


def main() -> None:
    """Measure and print; the last line is JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base-url", default="http://127.0.0.1:8000")
    parser.add_argument("--runs", type=int, default=20)
    arguments = parser.parse_args()
    body, callers = one_page(), [Caller(arguments.base_url) for _ in range(CALLERS)]
    cold(body)  # the first start makes the profile
    for caller in callers:
        caller.convert(body)
    ours, theirs = [], []
    for _ in range(arguments.runs):  # in turn, so that both meet the same weather
        ours.append(callers[0].convert(body))
        theirs.append(cold(body))
    medians = {name: statistics.median(run[name] for run in ours) for name in ours[0]}
    _print(medians, statistics.median(theirs), _rounds(callers, body))


def _print(medians: dict[str, float], cold_ms: float, rounds: list[tuple[float, float]]) -> None:
    alone, four = (statistics.median(one) for one in zip(*rounds, strict=True))
    gain = statistics.median(four / alone for alone, four in rounds)
    total = medians.pop("total")
    for name, milliseconds in medians.items():
        print(f"{name:24s} {milliseconds:7.1f} ms  {milliseconds / total:5.1%}")
    print(f"{'end to end, median':24s} {total:7.1f} ms")
    print(f"{'cold soffice, median':24s} {cold_ms:7.1f} ms")
    print(
        f"ratio {total / cold_ms:.3f}; four callers {four:.2f}/s against one {alone:.2f}/s, medians; gain {gain:.2f} x"
    )
    print(json.dumps({"ratio": round(total / cold_ms, 3), "throughput": round(gain, 2)}))


if __name__ == "__main__":
    main()
