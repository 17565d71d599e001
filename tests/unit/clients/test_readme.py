"""The README's table of conversions says the same three times: to curl, to the Python client and to the command."""

import json
import re
import shlex
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from convertpro import ConvertPro, credentials
from convertpro.command_app import app
from convertpro.credentials import Credentials

ROOT = Path(__file__).parents[3]
ROWS = re.findall(r"^\| .+ \| `curl (.+?)` \| `(.+?)` \| `(.+?)` \|$", (ROOT / "README.md").read_text(), re.MULTILINE)
URL = "https://convert.example.com"
DONE = {"conversion_id": "c", "status": "failed", "error": {"status": 422, "type": "/conversion-failed", "detail": "x"}}
REST = {"action": "a", "input_filename": "a", "created_at": "", "updated_at": "", "warnings": [], "report": {}}


class Asked:
    """A service that keeps the path and the fields of the conversion that it is asked for."""

    def __init__(self) -> None:
        self.path = ""
        self.fields: dict[str, str] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Keep what was asked, and let it fail: that it was asked is enough."""
        self.path = request.url.path
        head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
        for part in BytesParser().parsebytes(head + request.read()).walk():
            self._keep(part)
        return httpx.Response(200, json=DONE | REST)

    def _keep(self, part: Message) -> None:
        name = part.get_param("name", header="content-disposition")
        if name:
            body = part.get_payload(decode=True)
            assert isinstance(body, bytes)
            self.fields[str(name)] = part.get_filename() or body.decode()


def by_curl(line: str) -> tuple[str, dict[str, str]]:
    """Path and fields that curl's line names."""
    words = shlex.split(line)
    fields = dict(word.split("=", 1) for word in words[1:] if word != "-F")
    return words[0].removeprefix("$API"), fields | {"file": fields["file"].removeprefix("@")}


@pytest.mark.parametrize(("curl", "python", "command"), ROWS, ids=[row[0].split()[0] for row in ROWS])
def test_a_conversion_is_the_same_when_it_is_called_in_each_of_three_ways(
    curl: str, python: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    path, fields = by_curl(curl)
    (tmp_path / fields["file"]).write_bytes(b"a file")
    for way in ("python", "command"):
        asked = Asked()
        http = httpx.Client(transport=httpx.MockTransport(asked))
        monkeypatch.setattr("convertpro.command_app.http_client", lambda http=http: http)
        if way == "command":
            credentials.save(Credentials(URL, "k"))
            CliRunner().invoke(app, shlex.split(command)[1:])
        else:
            call = compile(f"try: {python}\nexcept Exception as refusal: pass", "README.md", "exec")
            exec(call, {"client": ConvertPro(URL, api_key="k", http=http)})
        assert (asked.path, asked.fields) == (path, fields), way


def test_the_table_has_every_conversion_but_the_one_shown_before() -> None:
    described = json.loads((ROOT / "docs" / "openapi.json").read_text())
    slugs = {
        item["post"]["x-conversion"]["slug"]
        for item in described["paths"].values()
        if "x-conversion" in item.get("post", {})
    }
    assert {by_curl(row[0])[0].rpartition("/")[2] for row in ROWS} == slugs - {"pdf-to-word"}
    for path, fields in (by_curl(row[0]) for row in ROWS):
        form = described["paths"][path]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]["$ref"]
        assert set(fields) <= set(described["components"]["schemas"][form.rpartition("/")[2]]["properties"])
