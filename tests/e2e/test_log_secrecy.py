"""No worker, engine or server logs what it was given: neither passwords and tokens, nor what documents say."""

import io
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pypdf
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.e2e.conftest import Running, convert, download
from tests.support import documents
from tests.support.logs import secrets_in

MARKER = "Zq9-nobody-else-writes-this"
PASSWORD, WRONG_PASSWORD, DOCUMENT_PASSWORD = "Horse-battery-7Kx", "Not-the-password-Yt5", "Open-sesame-Xk7"


def encrypted(text: str) -> bytes:
    """A PDF that asks for its password."""
    writer, buffer = pypdf.PdfWriter(io.BytesIO(documents.pdf(text))), io.BytesIO()
    writer.encrypt(DOCUMENT_PASSWORD, algorithm="AES-256")
    writer.write(buffer)
    return buffer.getvalue()


def picture(text: str) -> bytes:
    """An image that says ``text`` beside its pixels."""
    about, buffer = PngInfo(), io.BytesIO()
    about.add_text("Comment", text)
    Image.new("RGB", (64, 64), "navy").save(buffer, "PNG", pnginfo=about)
    return buffer.getvalue()


Sent = tuple[str, str, bytes, dict[str, str], int]


def sent() -> Iterator[Sent]:
    """Documents of every kind of engine, good and bad, that all say the marker."""
    yield "remove-pages-from-pdf", "pdf", documents.pdf(MARKER, "x"), {"pages": "2"}, 200
    yield "pdf-to-word", "pdf", encrypted(MARKER), {"password": DOCUMENT_PASSWORD}, 200
    yield "docx-to-pdf", "docx", documents.word(MARKER), {}, 200
    yield "excel-to-pdf", "csv", f"{MARKER},1\n".encode(), {}, 200
    yield "remove-background", "png", picture(MARKER), {}, 200
    yield "pdf-to-word", "pdf", encrypted(MARKER), {"password": WRONG_PASSWORD}, 422
    yield "pdf-to-excel", "pdf", documents.pdf(MARKER), {}, 422
    yield "remove-pages-from-pdf", "pdf", f"%PDF-1.7\n{MARKER}\n%%EOF".encode(), {"pages": "1"}, 422
    yield "docx-to-pdf", "docx", documents.word(MARKER)[:-400], {}, 422
    yield "docx-to-pdf", "rtf", b"{\\rtf1 " + MARKER.encode() * 3, {"password": MARKER, MARKER: MARKER}, 422


def test_no_log_tells_what_was_given_when_conversions_succeed_and_fail(running: Running) -> None:
    email, secrets = f"{uuid4().hex}@example.com", [MARKER, PASSWORD, WRONG_PASSWORD, DOCUMENT_PASSWORD]
    with running.client("super@example.com") as boss:
        account = {"email": email, "password": PASSWORD}
        assert boss.post("/api/v2/users", json=account).status_code == 201
    wrong = httpx.post(f"{running.base_url}/api/v2/auth/login", json={"email": email, "password": WRONG_PASSWORD})
    assert wrong.status_code == 401
    with running.client(email, PASSWORD) as client:
        secrets.append(client.headers["Authorization"].partition(" ")[2])
        secrets.append(client.post("/api/v2/auth/api-keys", json={"name": MARKER}).json()["key"])
        client.headers["Authorization"] = f"Bearer {secrets[-1]}"
        for slug, kind, body, options, status in sent():
            answer = convert(client, slug, f"{MARKER}.{kind}", body, options=options)
            assert answer.status_code == status, answer.text
            if status == 200:
                download(client, answer.json())
    assert secrets_in(running.logs, *secrets) == []
