"""Clients that public generators make of the description log in, convert and download."""

import io
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
import httpx
import pypdf
import pytest

from infra import console
from tests.e2e.conftest import PASSWORD, ROOT, Running
from tests.support import documents

DESCRIPTION = ROOT / "docs" / "openapi.json"
PROGRAMS = Path(__file__).parent / "generated"
GENERATORS = ROOT / ".tools" / "generators" / "bin"
NODE_TYPES = ROOT / ".tools" / "description" / "node_modules" / "@types"
MODULES = console.SOURCE / "node_modules"
COMPILER: dict[str, Any] = {
    "compilerOptions": {
        "target": "ES2022",
        "module": "NodeNext",
        "moduleResolution": "NodeNext",
        "lib": ["ES2023", "DOM", "DOM.Iterable"],
        "types": ["node"],
        "typeRoots": [str(NODE_TYPES)],
        "strict": True,
        "skipLibCheck": True,
        "outDir": "built",
    },
    "include": ["*.ts", "client"],
}


def call(command: Sequence[str | Path], cwd: Path) -> str:
    """What a command prints."""
    environment = os.environ | {"PATH": f"{GENERATORS}:{os.environ['PATH']}"}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-6_000:]
    return done.stdout


def python_client(place: Path) -> list[str | Path]:
    """Generate a client with openapi-python-client; the program over it."""
    generator = GENERATORS / "openapi-python-client"
    where: list[str | Path] = ["--path", DESCRIPTION, "--output-path", place / "convert_pro_client"]
    call([generator, "generate", "--fail-on-warning", "--meta", "none", *where], place)
    shutil.copy(PROGRAMS / "program.py", place)
    return [GENERATORS / "python", "program.py"]


def typescript_client(place: Path) -> list[str | Path]:
    """Generate a client with @hey-api/openapi-ts and compile it with strict types; the program over it."""
    output = {"path": "client", "module": {"extension": ".js"}}
    settings = {"input": str(DESCRIPTION), "output": output, "plugins": ["@hey-api/client-fetch"]}
    (place / "generate.mjs").write_text(f"export default {json.dumps(settings | {'logs': {'file': False}})}")
    (place / "tsconfig.json").write_text(json.dumps(COMPILER))
    (place / "package.json").write_text('{"type": "module"}')
    call([console.node(), MODULES / "@hey-api" / "openapi-ts" / "bin" / "run.js", "-f", "generate.mjs"], place)
    shutil.copy(PROGRAMS / "program.ts", place)
    call([console.node(), MODULES / "typescript" / "bin" / "tsc"], place)
    return [console.node(), "built/program.js"]


@pytest.mark.parametrize("generate", [python_client, typescript_client], ids=["python", "typescript"])
def test_a_generated_client_converts_and_downloads(
    running: Running, user: httpx.Client, tmp_path: Path, generate: Any
) -> None:
    program = generate(tmp_path)
    (tmp_path / "document.pdf").write_bytes(documents.pdf("The first page.", "The second page."))
    email = user.get("/api/v2/auth/me").json()["email"]
    told = call([*program, running.base_url, email, PASSWORD], tmp_path)
    assert told.split() == ["422", "24"]
    (word,) = tmp_path.glob("*.docx")
    assert "The first page." in "\n".join(one.text for one in docx.Document(str(word)).paragraphs)
    (left,) = pypdf.PdfReader(io.BytesIO(word.with_suffix(".pdf").read_bytes())).pages
    assert "The second page." in left.extract_text()
