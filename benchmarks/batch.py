"""A batch of one-page PDFs, and what somebody who converts meanwhile feels of it.

    make run                                                             in one terminal
    .venv/bin/python -m benchmarks.batch [--files 1000] [--slug pdf-to-word]   in another

Prints how long the batch took, whether ledger and results are right, and the median wait of single conversions of
another user, in an idle service and while the batch runs, with their ratio.
"""

import argparse
import io
import json
import statistics
import threading
import time
import zipfile
from collections.abc import Callable
from typing import Any

import httpx
from reportlab.pdfgen.canvas import Canvas

from benchmarks.latency import PASSWORD, one_page

SINGLE = "docx-to-pdf"
PAUSE_S = 1.0
MOST_POINTS = 1_000_000


def page(number: int) -> bytes:
    """A PDF of one page, unlike the others."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for line in range(30):
        canvas.drawString(72, 760 - 18 * line, f"Invoice {number}, line {line}: forty-two pounds of apples and a pear.")
    canvas.save()
    return buffer.getvalue()


def client(base_url: str, email: str) -> httpx.Client:
    """A client that is logged in."""
    http = httpx.Client(base_url=base_url, timeout=120)
    answer = http.post("/api/v2/auth/login", json={"email": email, "password": PASSWORD})
    http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return http


def orderer(base_url: str, points: int) -> httpx.Client:
    """A new user with points."""
    admin = client(base_url, "super@example.com")
    email = f"batch-{time.time_ns()}@example.com"
    user = admin.post("/api/v2/users", json={"email": email, "password": PASSWORD}).json()
    admin.post("/api/v3/points/topup", json={"user_id": user["id"], "amount": min(points, MOST_POINTS)})
    return client(base_url, email)


class Sampler:
    """Somebody who converts one document after the other, until told to stop."""

    def __init__(self, base_url: str, body: bytes) -> None:
        self._http = client(base_url, "super@example.com")
        self._body = body
        self._stopped = threading.Event()
        self.waits: list[float] = []

    def sample(self) -> None:
        """Convert once and note the seconds that it took."""
        started = time.perf_counter()
        answer = self._http.post(f"/api/v3/conversions/{SINGLE}", files={"file": ("page.docx", self._body)})
        if answer.status_code != 200:
            raise SystemExit(f"{answer.status_code}: {answer.text}")
        self.waits.append(time.perf_counter() - started)

    def during(self, work: Callable[[], None]) -> None:
        """Sample while ``work`` lasts."""
        thread = threading.Thread(target=self._until_stopped)
        thread.start()
        try:
            work()
        finally:
            self._stopped.set()
            thread.join()

    def _until_stopped(self) -> None:
        while not self._stopped.wait(PAUSE_S):
            self.sample()


class BatchRun:
    """One batch: ordered, filled, waited for, collected."""

    def __init__(self, http: httpx.Client, slug: str, files: int) -> None:
        self._http, self._slug = http, slug
        self._bodies = [page(number) for number in range(files)]
        self.seconds = 0.0
        self.state: dict[str, Any] = {}

    def __call__(self) -> None:
        """Run it."""
        started = time.perf_counter()
        files = [{"filename": f"{number}.pdf", "size": len(body)} for number, body in enumerate(self._bodies)]
        batch = self._http.post("/api/v3/batches", json={"slug": self._slug, "files": files}).json()
        with httpx.Client(timeout=60) as storage:
            for form, body in zip(batch["files"], self._bodies, strict=True):
                storage.post(form["url"], data=form["fields"], files={"file": body}).raise_for_status()
        path = f"/api/v3/batches/{batch['batch_id']}"
        while not self.state.get("has_ended") or self.state["download_url"] is None:
            time.sleep(1)
            self.state = self._http.get(path, params={"limit": 1}).json()
        self.seconds = time.perf_counter() - started

    def zipped(self) -> int:
        """How many results the zip holds."""
        location = self._http.get(self.state["download_url"]).headers["Location"]
        with zipfile.ZipFile(io.BytesIO(httpx.get(location, timeout=60).content)) as packed:
            if packed.testzip() is not None:
                raise SystemExit("the zip is damaged")
            return sum(not name.endswith(".error.json") for name in packed.namelist())

    def spent(self) -> int:
        """Points that the ledger says were spent, by its own entries."""
        spent: int = 0
        cursor: str | None = None
        while True:
            query = {"limit": 200} | ({"cursor": cursor} if cursor else {})
            body = self._http.get("/api/v3/points/ledger", params=query).json()
            spent -= sum(one["amount"] for one in body["items"] if one["status"] in ("spent", "refunded"))
            cursor = body["next_cursor"]
            if cursor is None:
                return spent


def main() -> None:
    """Measure and print; the last line is JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base-url", default="http://127.0.0.1:8000")
    parser.add_argument("--files", type=int, default=1_000)
    parser.add_argument("--slug", default="pdf-to-word")
    arguments = parser.parse_args()
    body = one_page()
    idle, busy = Sampler(arguments.base_url, body), Sampler(arguments.base_url, body)
    for _ in range(21):
        idle.sample()
        time.sleep(PAUSE_S / 2)
    run = BatchRun(orderer(arguments.base_url, 3 * arguments.files), arguments.slug, arguments.files)
    busy.during(run)
    _print(run, arguments.files, statistics.median(idle.waits[1:]), busy.waits)


def _print(run: BatchRun, files: int, idle_s: float, busy: list[float]) -> None:
    busy_s = statistics.median(busy)
    right = run.spent() == 3 * run.state["counts"]["success"]
    print(f"{files} files in {run.seconds:.1f} s: {run.state['counts']}, {run.zipped()} results in the zip")
    print(f"ledger: {run.spent()} points spent, {'right' if right else 'WRONG'}")
    print(f"idle: {idle_s * 1000:.0f} ms; beside the batch: {busy_s * 1000:.0f} ms over {len(busy)} conversions")
    print(
        json.dumps({"ratio": round(busy_s / idle_s, 2), "files_per_s": round(files / run.seconds, 2), "right": right})
    )


if __name__ == "__main__":
    main()
