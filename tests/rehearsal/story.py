"""What a client does in a rehearsal, by HTTP alone, and what must come of it."""

import io
import tempfile
import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import boto3
import httpx
from PIL import Image

from infra.local.seed import PASSWORD
from tests.integration.engines.libreoffice.presentations import talks
from tests.support.documents import pdf, word
from tests.support.samples import sample

SUPER, EMAIL = "super@example.com", "user@example.com"
_LONGEST_S = 150


def picture(size: int = 320) -> bytes:
    """A photograph of a kind: a disc before a gradient."""
    image = Image.radial_gradient("L").resize((size, size)).convert("RGB")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


@cache
def talk() -> bytes:
    """A presentation, stored by this machine's LibreOffice."""
    with tempfile.TemporaryDirectory() as folder:
        return talks(Path(folder))["pptx"].read_bytes()


TABLE = "\n".join(f"Article {row}          {row * 3}          {row * 7}.50" for row in range(1, 12))
CONVERSIONS: dict[str, tuple[str, Callable[[], bytes], dict[str, str], bytes]] = {
    "docx-to-pdf": ("letter.docx", lambda: word("Dear reader", "All of it."), {}, b"%PDF"),
    "excel-to-pdf": ("table.csv", lambda: sample("csv"), {}, b"%PDF"),
    "pptx-to-pdf": ("talk.pptx", talk, {}, b"%PDF"),
    "pdf-to-word": ("letter.pdf", lambda: pdf("Dear reader"), {}, b"PK"),
    "pdf-to-excel": ("table.pdf", lambda: pdf(TABLE), {"sheets": "page"}, b"PK"),
    "image-to-pdf": ("photo.png", picture, {"page_size": "A4"}, b"%PDF"),
    "remove-pages-from-pdf": ("two.pdf", lambda: pdf("one", "two"), {"pages": "2"}, b"%PDF"),
    "remove-background": ("photo.png", picture, {}, b"\x89PNG"),
}
"""By slug: a file's name, its content, options, and how the result begins."""


class Client:
    """Somebody who is logged in."""

    def __init__(self, base_url: str, email: str) -> None:
        self.http = httpx.Client(base_url=base_url, timeout=60)
        answer = self.http.post("/api/v2/auth/login", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        self.http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        self.me: dict[str, Any] = self.http.get("/api/v2/auth/me").json()

    def convert(self, slug: str, **headers: str) -> dict[str, Any]:
        """Convert the story's file; the conversion once it has ended."""
        name, content, options, _ = CONVERSIONS[slug]
        answer = self.http.post(
            f"/api/v3/conversions/{slug}", files={"file": (name, content())}, data=options, headers=headers
        )
        assert answer.status_code in (200, 202), answer.text
        return self.ended(answer.json()["conversion_id"])

    def ended(self, conversion_id: str) -> dict[str, Any]:
        """The conversion when it is over."""
        deadline = time.monotonic() + _LONGEST_S
        while time.monotonic() < deadline:
            found: dict[str, Any] = self.http.get(
                f"/api/v3/conversions/{conversion_id}", headers={"Prefer": "wait=20"}
            ).json()
            if found["status"] != "processing":
                return found
        raise AssertionError(f"{conversion_id} does not end")

    def result(self, conversion: dict[str, Any]) -> bytes:
        """By the presigned address, as any client gets it."""
        answer = self.http.get(conversion["download_url"])
        assert answer.status_code == 307, answer.text
        return httpx.get(answer.headers["Location"]).content


def every_conversion(client: Client, measured: Callable[[str, Callable[[], None]], None]) -> None:
    """All eight, each with its result; once cold, then again under ``measured``."""
    for slug in CONVERSIONS:
        _converted(client, slug)
        measured(slug, partial(_converted, client, slug))


def _converted(client: Client, slug: str) -> None:
    done = client.convert(slug)
    assert done["status"] == "success", (slug, done["error"])
    assert client.result(done).startswith(CONVERSIONS[slug][-1]), slug


def gateways_own_answers(client: Client) -> None:
    """Problems, as the template says, for what the function is not asked."""
    absent = client.http.get("/nowhere/at/all")
    assert (absent.status_code, absent.json()["title"]) == (404, "Not found"), absent.text
    large = client.http.post("/api/v3/conversions/docx-to-pdf", content=bytes(11 * 1024**2))
    assert (large.status_code, large.json()["title"]) == (413, "Payload too large"), large.text
    anonymous = httpx.get(f"{client.http.base_url}api/v3/points/balance")
    assert anonymous.status_code == 401
    assert anonymous.headers["x-amzn-remapped-www-authenticate"] == "Bearer"
    assert client.http.get("/health").json()["build"] == "rehearsal"


def upload(client: Client) -> None:
    """Past the gateway, straight to the bucket."""
    content = pdf("a large one")
    made = client.http.post("/api/v3/uploads", json={"filename": "large.pdf", "size": len(content)}).json()
    posted = httpx.post(made["url"], data=made["fields"], files={"file": ("large.pdf", content)})
    assert posted.status_code in (201, 204), posted.text
    started = client.http.post("/api/v3/conversions/pdf-to-word", json={"upload_id": made["upload_id"]})
    assert client.ended(started.json()["conversion_id"])["status"] == "success"


def batch(client: Client) -> None:
    """Two files by forms; each starts by its arrival, and both end in one zip."""
    files = {"one.pdf": pdf("one", "gone"), "two.pdf": pdf("two", "gone")}
    declared = [{"filename": name, "size": len(content)} for name, content in files.items()]
    order = {"slug": "remove-pages-from-pdf", "options": {"pages": "2"}, "files": declared}
    made = client.http.post("/api/v3/batches", json=order).json()
    for one in made["files"]:
        httpx.post(one["url"], data=one["fields"], files={"file": (one["filename"], files[one["filename"]])})
    path = f"/api/v3/batches/{made['batch_id']}"
    until(lambda: bool(client.http.get(path).json().get("download_url")), "the batch's zip")


def folder(client: Client, s3_endpoint: str) -> None:
    """Dropped into the inbox by temporary keys; the result appears beside it."""
    keys = client.http.post("/api/v3/batches/credentials").json()
    s3 = boto3.client(
        "s3",
        endpoint_url=s3_endpoint,
        region_name=keys["region"],
        aws_access_key_id=keys["access_key_id"],
        aws_secret_access_key=keys["secret_access_key"],
        aws_session_token=keys["session_token"],
    )
    s3.put_object(Bucket=keys["bucket"], Key=f"{keys['inbox_prefix']}docx-to-pdf/a/letter.docx", Body=word("Dear"))
    prefix = f"{keys['results_prefix']}docx-to-pdf/a/"

    def is_there() -> bool:
        found = s3.list_objects_v2(Bucket=keys["bucket"], Prefix=prefix).get("Contents", [])
        return [one["Key"] for one in found] == [f"{prefix}letter.docx.pdf"]

    until(is_there, "the folder's result")


def counted(client: Client, conversions: int) -> None:
    """The dashboard knows of them, and the ledger adds up."""

    def successes() -> int:
        totals = client.http.get("/api/v3/dashboard/overview").json()["summary"]["totals"]
        return int(totals["success"])

    until(lambda: successes() >= conversions, "the dashboard's count")
    point = client.http.get("/api/v3/points/my-point").json()
    assert point["available_points"] == 30 + point["total_topup"] - point["total_spent"] + point["total_refunded"]


def survives_a_kill(client: Client, kill: Callable[[], None], is_busy: Callable[[], bool]) -> str:
    """A worker's sandbox dies with a conversion: it is run again, or refunded; which."""
    name, _, options, _ = CONVERSIONS["docx-to-pdf"]
    before = client.http.get("/api/v3/points/balance").json()["balance"]
    many = word(*(f"Paragraph {number} of a long letter. " * 40 for number in range(2_000)))
    answer = client.http.post(
        "/api/v3/conversions/docx-to-pdf",
        files={"file": (name, many)},
        data=options,
        headers={"Prefer": "respond-async"},
    )
    assert answer.status_code == 202, answer.text
    until(is_busy, "the worker's start")
    time.sleep(0.5)
    kill()
    done = client.ended(answer.json()["conversion_id"])
    after = client.http.get("/api/v3/points/balance").json()["balance"]
    assert before - after == (3 if done["status"] == "success" else 0), done
    assert done["points_charged"] == before - after
    return "run again" if done["status"] == "success" else "refunded"


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for it, for as long as anything in a rehearsal may take."""
    deadline = time.monotonic() + _LONGEST_S
    while not condition():
        assert time.monotonic() < deadline, f"not in time: {what}"
        time.sleep(0.5)
