"""Documents that point outside themselves reach nothing, with no jail around the engine."""

import json
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from chalicelib.engines.job import InputFile, Job, Outcome
from chalicelib.engines.office.links import without_file_fields
from tests.integration.engines.libreoffice import samples
from tests.integration.engines.libreoffice.linking_documents import linking_documents
from tests.integration.engines.libreoffice.office_bench import ROOT, Converted, server_command, soffice

KINDS = ("docx", "odt", "rtf", "xlsx", "ods", "svg")


@dataclass
class Web:
    """A server on loopback that keeps what it was asked for."""

    url: str
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a picture and a text that no document may show."""
    folder = tmp_path_factory.mktemp("outside")
    samples.png(folder / "picture.png")
    (folder / "secret.txt").write_text("SECRET")
    return folder


@pytest.fixture(scope="module")
def web(folder: Path) -> Iterator[Web]:
    """Serves the picture for every name."""
    seen = Web("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write((folder / "picture.png").read_bytes())

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    seen.url = f"http://127.0.0.1:{server.server_port}"
    yield seen
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def documents(folder: Path, web: Web) -> dict[str, list[Path]]:
    """By kind: one that points to the server, one that points to local files."""
    return linking_documents(folder, web.url, folder / "picture.png", folder / "secret.txt")


@pytest.fixture(scope="module")
def unjailed(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Unjailed"]:
    """The engine's server, started directly: loopback and the file system are as open to it as to the tests."""
    server = Unjailed(tmp_path_factory.mktemp("home"))
    yield server
    server.close()


class Unjailed:
    """Speaks the engine's protocol."""

    def __init__(self, home: Path) -> None:
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(home), "TMPDIR": str(home), "PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            server_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=ROOT
        )
        assert self._read()["ready"] is True

    def convert(self, source: Path, folder: Path) -> Converted:
        """The result."""
        kind = "odt" if source.suffix == ".svg" else source.suffix[1:]
        action = "excel_to_pdf" if kind in ("xlsx", "ods") else "docx_to_pdf"
        job = Job(action, (InputFile(source, source.name, kind),), folder / "result.pdf", folder)
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"job": job.to_json()}).encode() + b"\n")
        self._process.stdin.flush()
        return Converted(Outcome.from_json(self._read()["outcome"]), job.output)

    def close(self) -> None:
        """End it by its input's end."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        assert self._process.wait(20) == 0
        self._process.stdout.close()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_fetched_or_embedded_when_a_document_links_it(
    unjailed: Unjailed, web: Web, documents: dict[str, list[Path]], tmp_path: Path, kind: str
) -> None:
    for path in documents[kind]:
        web.asked.clear()

        result = unjailed.convert(path, tmp_path)

        assert web.asked == []
        assert result.images == 0
        assert "SECRET" not in result.text


@pytest.mark.parametrize("kind", ["docx", "odt", "rtf", "xlsx", "ods"])
def test_missing_parts_are_named_when_a_document_links_them(
    unjailed: Unjailed, documents: dict[str, list[Path]], tmp_path: Path, kind: str
) -> None:
    warnings = unjailed.convert(documents[kind][0], tmp_path).warnings

    assert any("only linked from the document" in text for text in warnings)


def test_the_same_documents_do_fetch_and_embed_when_soffice_runs_with_its_defaults(
    web: Web, documents: dict[str, list[Path]], tmp_path: Path
) -> None:
    """Else the tests above would prove nothing."""
    paths = [path for kind in KINDS for path in documents[kind]]
    odt = [_renamed(path, tmp_path) for path in paths]
    web.asked.clear()
    command = [soffice(), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    subprocess.run(
        [*command, "--convert-to", "pdf", "--outdir", str(tmp_path / "out"), *map(str, odt)],
        env=environment, check=True, capture_output=True, timeout=120,
    )  # fmt: skip

    assert {path.rpartition("-")[2] for path in web.asked} >= {"docx.png", "odt.png", "xlsx.png", "ods.png"}
    for kind in KINDS:
        pdf = tmp_path / "out" / f"{kind}-link1.pdf"
        assert sum(len(page.images) for page in PdfReader(pdf).pages) > 0, kind


def _renamed(path: Path, folder: Path) -> Path:
    """No two with one stem: the results are called by it."""
    kind = path.suffix[1:]
    copy = folder / f"{kind}-{path.stem}.{'odt' if kind == 'svg' else kind}"
    copy.write_bytes(path.read_bytes())
    return copy


@pytest.mark.parametrize(
    "field",
    [
        rb'{\field{\*\fldinst INCLUDEPICTURE "x" \\d}{\fldrslt r}}',
        rb'{\field{\fldinst INCLUDEPICTURE "x"}{\fldrslt r}}',
        rb'{\field{\*\fldinst1 INCLUDEPICTURE "x"}}',
        rb'{\field{\*\fldinst {\rtlch\b INCLUDEPICTURE "x"}}}',
        rb'{\field{\*\fldinst {\bin3 }}}INCLUDEPICTURE "x"}}',
        b'{\\field{\\*\\fldinst \x00INCLUDEPICTURE "x"}}',
        rb'{\field{\*\fldinst {\field{\*\fldinst PAGE}} INCLUDETEXT "x"}}',
    ],
)
def test_field_is_made_unknown_when_it_would_read_a_file(field: bytes) -> None:
    rewritten, count = without_file_fields(b"{\\rtf1 a" + field + b"b}")

    assert count >= 1
    assert rewritten.replace(rb"\*\nofldinst", rb"\fldinst") == b"{\\rtf1 a" + field + b"b}"


@pytest.mark.parametrize(
    "text",
    [
        rb"{\rtf1 {\field{\*\fldinst PAGE}{\fldrslt 1}} INCLUDEPICTURE as a word}",
        rb'{\rtf1 {\field{\*\fldinst HYPERLINK "http://x/"}{\fldrslt x}}}',
        rb"{\rtf1 \fldinstitute INCLUDEPICTURE}",
    ],
)
def test_text_stays_untouched_when_no_field_reads_a_file(text: bytes) -> None:
    assert without_file_fields(text) == (text, 0)
