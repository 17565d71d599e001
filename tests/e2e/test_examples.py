"""The documentation page's examples do what they say, as they are pasted; and its conveniences work."""

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import docx
import httpx
import pytest

from infra import console
from tests.e2e.conftest import PASSWORD, Running
from tests.support import documents


@pytest.mark.parametrize(("tab", "name"), [("Python", "example.py"), ("TypeScript", "example.mts")])
def test_an_example_saves_the_document_when_it_is_pasted(
    running: Running, tmp_path: Path, tab: str, name: str, user: httpx.Client
) -> None:
    page = httpx.get(running.base_url).text
    found = re.search(rf'data-tab="{tab}">\s*<pre><code>(.*?)</code></pre>', page, re.DOTALL)
    assert found
    email = user.get("/api/v2/auth/me").json()["email"]
    code = unescape(found[1]).replace('"…"', f'"{PASSWORD}"').replace("user@example.com", email)
    (tmp_path / name).write_text(code)
    (tmp_path / "report.pdf").write_bytes(documents.pdf("Pasted."))
    program = sys.executable if tab == "Python" else console.node()
    done = subprocess.run([program, name], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Pasted." in "\n".join(one.text for one in docx.Document(str(tmp_path / "report.docx")).paragraphs)
