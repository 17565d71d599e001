"""The Python client knows what the service knows, and repeats what can be repeated."""

import importlib.util
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from chalicelib.conversions import CATALOGUE
from chalicelib.domain import errors as service_errors
from convertpro import ConvertPro, Policy
from convertpro import errors as client_errors
from convertpro.formats import ACCEPTS, LISTS, NUMBERS, SWITCHES, slug_of
from convertpro.journal import Journal

ROOT = Path(__file__).parents[3]
DONE = {
    "conversion_id": "c1",
    "action": "image_to_pdf",
    "status": "success",
    "input_filename": "a.png",
    "created_at": "2026-06-01T09:30:00Z",
    "updated_at": "2026-06-01T09:30:00Z",
    "warnings": [],
    "report": {},
}
Handler = Callable[[httpx.Request], httpx.Response]


def client_of(handler: Handler, **credentials: str) -> ConvertPro:
    """A client whose service is ``handler``."""
    http = httpx.Client(transport=httpx.MockTransport(handler))
    return ConvertPro("https://convert.example.com", policy=Policy(jitter=lambda: 0.0), http=http, **credentials)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made, without waiting for them."""
    pauses: list[float] = []
    monkeypatch.setattr("convertpro.drivers.time.sleep", pauses.append)
    return pauses


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A file to send."""
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG")
    return path


def _codes(root: type[Any]) -> Iterator[tuple[str, str]]:
    for below in root.__subclasses__():
        yield below.code, root.code
        yield from _codes(below)


def test_every_problem_of_the_service_has_an_error_of_its_name() -> None:
    known = {code for code, _ in _codes(client_errors.Problem)}
    assert {code for code, _ in _codes(service_errors.ConvertProError)} - known == set()


def test_the_conversions_are_those_of_the_catalogue() -> None:
    assert set(ACCEPTS) == {spec.slug for spec in CATALOGUE}
    missing = [(spec.slug, kind) for spec in CATALOGUE for kind in spec.accepts if kind not in ACCEPTS[spec.slug]]
    assert missing == []


def test_options_are_typed_as_the_description_has_them() -> None:
    schemas = json.loads((ROOT / "docs" / "openapi.json").read_text())["components"]["schemas"]
    forms = [schema["properties"] for name, schema in schemas.items() if name.endswith("Uploads")]
    kinds = {(name, field.get("type")) for form in forms for name, field in form.items()}
    assert {name for name, kind in kinds if kind == "boolean"} == SWITCHES
    assert {name for name, kind in kinds if kind in {"number", "integer"}} == NUMBERS
    assert all("anyOf" in form[name] for form in forms for name in LISTS & set(form))


@pytest.mark.parametrize(
    ("name", "options", "slug"),
    [
        ("a.docx", {}, "docx-to-pdf"),
        ("a.CSV", {}, "excel-to-pdf"),
        ("a.jpeg", {}, "image-to-pdf"),
        ("a.pdf", {"pages": "1"}, "remove-pages-from-pdf"),
    ],
)
def test_the_conversion_follows_from_the_file_when_the_target_is_pdf(
    name: str, options: dict[str, str], slug: str
) -> None:
    assert slug_of(Path(name), "pdf", options) == slug


def test_a_pdf_is_refused_when_it_should_become_a_pdf_for_no_reason() -> None:
    with pytest.raises(client_errors.Unsupported):
        slug_of(Path("a.pdf"), "pdf", {})


def test_the_blocking_client_is_written_from_the_other() -> None:
    spec = importlib.util.spec_from_file_location("faces", ROOT / "clients" / "python" / "faces.py")
    assert spec is not None
    assert spec.loader is not None
    faces: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(faces)
    assert faces.TARGET.read_text() == faces.blocking(faces.SOURCE.read_text())


def test_a_call_is_repeated_under_one_key_when_answers_are_lost_or_put_off(slept: list[float], picture: Path) -> None:
    keys = []

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        if len(keys) == 1:
            raise httpx.ReadTimeout("late", request=request)
        if len(keys) == 2:
            return httpx.Response(429, headers={"Retry-After": "7"}, json={"status": 429, "type": "/too-many-requests"})
        return httpx.Response(200, json=DONE)

    with client_of(answer, api_key="cp_x") as client:
        assert client.convert(picture, to="pdf").conversion_id == "c1"
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert slept[1] == 7


def test_a_refusal_is_not_repeated(slept: list[float], picture: Path) -> None:
    body = {"status": 402, "type": "https://x/problems/insufficient-points", "balance": 1, "required": 3}
    with (
        client_of(lambda _: httpx.Response(402, json=body), api_key="cp_x") as client,
        pytest.raises(client_errors.InsufficientPoints) as refused,
    ):
        client.convert(picture, to="pdf")
    assert (refused.value.balance, refused.value.required) == (1, 3)
    assert slept == []


def test_the_token_is_renewed_when_the_service_no_longer_takes_it() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path.rpartition("/")[2])
        if request.url.path.endswith(("login", "refresh")):
            token = "old" if request.url.path.endswith("login") else "new"
            return httpx.Response(200, json={"access_token": token, "refresh_token": "r", "expires_in": 1800})
        if request.headers["Authorization"] == "Bearer old":
            return httpx.Response(401, json={"status": 401, "type": "/unauthenticated"})
        return httpx.Response(200, json={"balance": 5})

    with client_of(answer, email="a@example.com", password="long enough") as client:
        assert client.balance() == 5
    assert asked == ["login", "balance", "refresh", "balance"]


def test_the_bucket_sees_no_token_when_a_result_is_saved(tmp_path: Path, picture: Path) -> None:
    seen = {}

    def answer(request: httpx.Request) -> httpx.Response:
        seen[request.url.host] = request.headers.get("Authorization")
        if request.url.host == "bucket.example.com":
            return httpx.Response(200, content=b"%PDF")
        if request.url.path.endswith("/download"):
            return httpx.Response(307, headers={"Location": "https://bucket.example.com/f"})
        return httpx.Response(200, json=DONE | {"output_filename": "../../evil.pdf"})

    with client_of(answer, api_key="cp_x") as client:
        saved = client.convert(picture, to="pdf").save(tmp_path)
    assert saved == tmp_path / "evil.pdf"
    assert saved.read_bytes() == b"%PDF"
    assert seen == {"convert.example.com": "Bearer cp_x", "bucket.example.com": None}


def test_a_journal_is_read_when_a_kill_left_half_a_line(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    written = Journal(path)
    written.write(written.entry("k1", tmp_path / "a"))
    with path.open("a") as file:
        file.write('{"key": "k2", "dest')
    again = Journal(path)
    again.write(again.entry("k3", tmp_path / "b"))
    assert len(path.read_text().split()) > 2
    assert [one for one in ("k1", "k3") if Journal(path).entry(one, tmp_path / "a").key != one] == []
