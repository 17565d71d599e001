"""Random objects dropped into folders while intake and workers are killed; then every key is compared with its newest.

    .venv/bin/python -m benchmarks.folder_storm [--objects 1000] [--seed 1]

Starts a service of its own (ports 8140 and 5140) and drops objects by ``aws s3 cp --recursive``, in waves: new names,
repeats, overwrites, files of a kilobyte to a megabyte, damaged and empty ones, litter; in folders with several options,
with wrong ones and without any, and in one whose options are mended half-way, whose files are put again unchanged then.
Meanwhile processes of the intake and of the workers are killed at random. In the end each key must show its newest
object's result, by its folder's options, or its error, and nothing else, and the ledger what succeeded; exit status 1
when something differs.
"""

import argparse
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import boto3
import httpx
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from benchmarks.batch import orderer
from benchmarks.latency import PASSWORD
from chalicelib.engines.budget import family

PORT, AWS_PORT = 8140, 5140
SLUG = "remove-pages-from-pdf"
FOLDERS = {
    "good": b'{"pages": "1"}',
    "last": b'{"pages": "last"}',
    "mended": b'{"pages": "1"',
    "wrong": b'{"pages": "one"}',
    "poison": b"[" * 60_000,
    "bare": b"",
}
LEFT = {"good": ("marker", "last"), "last": ("first", "marker"), "mended": ("marker", "last")}
"""How the pages that each folder's options leave begin, where they leave any."""
KILLED = ("INTAKE_QUEUE_URL", "LIGHT_BATCH_QUEUE_URL", "infra.local.stream_poller")
WAVE = 50
START_S, SETTLE_S, CALM_S = 300, 1_800, 20


@dataclass
class Storm:
    """What was dropped: the body that lies newest under each key, below the user's inbox."""

    dice: Random
    newest: dict[str, bytes] = field(default_factory=dict)
    dropped: int = 0

    def wave(self, size: int) -> dict[str, bytes]:
        """The objects of one wave."""
        made = {}
        for _ in range(size):
            folder = self.dice.choices(list(FOLDERS), [6, 2, 3, 1, 1, 1])[0]
            key = f"{SLUG}/{folder}/{self._name()}"
            made[key] = self._body(key)
        self.dropped += len(made)
        self.newest |= made
        return made

    def _name(self) -> str:
        number = self.dice.randrange(150)
        odd = [f"übung {number}.pdf", f"a+b & c {number}.pdf", f"50%25 #{number}?.pdf", f"e\u0301 {number} .PDF"]
        return self.dice.choice([f"{number}.pdf", f"sub/{number}.pdf", *odd])

    def _body(self, key: str) -> bytes:
        known = self.newest.get(key)
        if known is not None and self.dice.random() < 0.4:
            return known
        return self.dice.choices([self._document(), b"no document at all", b""], [10, 1, 1])[0]

    def _document(self) -> bytes:
        buffer = io.BytesIO()
        canvas = Canvas(buffer)
        canvas.setSubject(self.dice.randbytes(int(2 ** self.dice.uniform(1, 19))).hex())
        for text in ("first", f"marker {self.dice.getrandbits(60)}", "last"):
            canvas.drawString(72, 700, text)
            canvas.showPage()
        canvas.save()
        return buffer.getvalue()


class Service:
    """A service of one's own, and what kills parts of it."""

    def __init__(self, logs: Path) -> None:
        own = os.environ | {"PORT": str(PORT), "AWS_PORT": str(AWS_PORT), "LOGS": str(logs)}
        self.url = f"http://127.0.0.1:{PORT}"
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
        self._process = subprocess.Popen([sys.executable, "-m", "infra.local"], env=own, stdout=self._said)
        self.kills: Counter[str] = Counter()

    def wait(self) -> None:
        """Return when it says that all of it is ready."""
        deadline = time.monotonic() + START_S
        while PASSWORD not in self._output():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"the service does not start:\n{self._output()}")
            time.sleep(1)

    def _output(self) -> str:
        self._said.seek(0)
        return self._said.read().decode(errors="replace")

    def kill_some(self, dice: Random, calm: threading.Event) -> None:
        """Kill a part now and then, until it is to be calm."""
        while not calm.wait(dice.uniform(1, 6)):
            part = dice.choice(KILLED)
            for pid in family(self._process.pid)[1:]:
                if part in _command(pid):
                    os.kill(pid, signal.SIGKILL)
                    self.kills[part] += 1

    def end(self) -> None:
        """End it."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(60)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


class Dropbox:
    """A user's inbox and results."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http
        self._keys = http.post("/api/v3/batches/credentials").json()
        names = ("access_key_id", "secret_access_key", "session_token")
        self._own = {f"aws_{name}": self._keys[name] for name in names}
        endpoint = f"http://127.0.0.1:{AWS_PORT}"
        self._s3 = boto3.client("s3", endpoint_url=endpoint, region_name=self._keys["region"], **self._own)
        variables = {name.upper(): value for name, value in self._own.items()}
        self._environment = os.environ | variables | {"AWS_DEFAULT_REGION": self._keys["region"]}
        self._command = ["aws", "--endpoint-url", endpoint, "s3", "cp", "--recursive", "--only-show-errors"]

    def drop(self, objects: dict[str, bytes]) -> None:
        """Put objects as ``aws s3 cp --recursive`` does."""
        with tempfile.TemporaryDirectory() as folder:
            for key, body in objects.items():
                path = Path(folder, key)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(body)
            target = f"s3://{self._keys['bucket']}/{self._keys['inbox_prefix']}"
            subprocess.run([*self._command, folder, target], env=self._environment, check=True)

    def results(self) -> dict[str, bytes]:
        """What lies under ``results/``, by its key below the user's prefix."""
        prefix, found = self._keys["results_prefix"], {}
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._keys["bucket"], Prefix=prefix)
        for one in (one for page in pages for one in page.get("Contents", [])):
            body = self._s3.get_object(Bucket=self._keys["bucket"], Key=one["Key"])["Body"].read()
            found[one["Key"].removeprefix(prefix)] = body
        return found

    def counts(self) -> Counter[str]:
        """What the files of the user's batches have come to."""
        found: Counter[str] = Counter()
        for batch in self.http.get("/api/v3/batches").json()["items"]:
            found.update(batch["counts"])
        return found


def differences(newest: dict[str, bytes], results: dict[str, bytes]) -> list[str]:
    """Keys that do not show what their newest object came to, and results that are nobody's."""
    told, wanted = [], set()
    for key, body in newest.items():
        left = LEFT.get(key.split("/")[1])
        succeeds = body.startswith(b"%PDF") and left is not None
        shown, other = f"{key}.pdf", f"{key}.error.json"
        shown, other = (shown, other) if succeeds else (other, shown)
        wanted.add(shown)
        if shown not in results or other in results:
            told.append(f"{key}: {sorted(one for one in (shown, other) if one in results)} instead of {shown}")
        elif left and succeeds and _pages(results[shown]) != [one for one in _pages(body) if one.startswith(left)]:
            told.append(f"{key}: the result is another object's, or of other options")
    return told + [f"{key} is nobody's" for key in sorted(results.keys() - wanted) if not told]


def _pages(body: bytes) -> list[str]:
    return [page.extract_text().strip() for page in PdfReader(io.BytesIO(body)).pages]


def charged(http: httpx.Client) -> tuple[int, int]:
    """Conversions that succeeded, and those that the ledger was charged for and not refunded."""
    succeeded, paid = 0, 0
    for path, count in (("conversions/history", "status"), ("points/ledger", "amount")):
        cursor: str | None = None
        while True:
            body: dict[str, Any] = http.get(
                f"/api/v3/{path}", params={"limit": 200} | ({"cursor": cursor} if cursor else {})
            ).json()
            if count == "status":
                succeeded += sum(one["status"] == "success" for one in body["items"])
            else:
                paid -= sum(one["amount"] for one in body["items"] if one["status"] in ("spent", "refunded"))
            cursor = body["next_cursor"]
            if cursor is None:
                break
    return succeeded, paid // 3


def main() -> int:
    """Drop, kill, wait, compare; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--objects", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    storm = Storm(Random(arguments.seed))
    with tempfile.TemporaryDirectory(prefix="storm-") as logs:
        service = Service(Path(logs))
        try:
            service.wait()
            return _run(service, storm, arguments.objects)
        finally:
            service.end()


def _run(service: Service, storm: Storm, objects: int) -> int:
    box = Dropbox(orderer(service.url, 3 * objects))
    for folder, text in FOLDERS.items():
        if text:
            box.drop({f"{SLUG}/{folder}/{sub}_options.json": text for sub in ("", "sub/")})
    calm = threading.Event()
    killer = threading.Thread(target=service.kill_some, args=(Random(storm.dice.random()), calm))
    killer.start()
    while storm.dropped < objects:
        box.drop(storm.wave(min(WAVE, objects - storm.dropped)))
        box.drop({f"{SLUG}/good/{name}": b"litter" for name in (".DS_Store", "~$a.docx", "Thumbs.db")})
        time.sleep(storm.dice.uniform(0, 3))
        if storm.dropped >= objects / 2:
            box.drop({f"{SLUG}/mended/{sub}_options.json": FOLDERS["good"] for sub in ("", "sub/")})
    box.drop({key: body for key, body in storm.newest.items() if "/mended/" in key})
    calm.set()
    killer.join()
    found = _settled(box, storm)
    succeeded, paid = charged(box.http)
    print(f"{storm.dropped} objects under {len(storm.newest)} keys; killed: {dict(service.kills)}")
    print(f"files: {dict(box.counts())}; {succeeded} conversions succeeded, {paid} were paid for")
    print(*found[:20], sep="\n")
    print(json.dumps({"differences": len(found), "exact": succeeded == paid}))
    return int(bool(found) or succeeded != paid)


def _settled(box: Dropbox, storm: Storm) -> list[str]:
    """The differences once nothing is under way any more, or after all patience."""
    deadline = time.monotonic() + SETTLE_S
    while True:
        time.sleep(CALM_S)
        found = differences(storm.newest, box.results())
        if time.monotonic() > deadline or not (found or box.counts()["processing"]):
            return found


if __name__ == "__main__":
    sys.exit(main())
