"""Agents convert files of the folders that they were given, by the SDK's own client, and reach nothing else."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pypdf
import pytest

from tests.e2e.conftest import ROOT, Running, free_port
from tests.support import documents

if "CI" not in os.environ:
    pytest.importorskip("mcp")
import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

TOKEN = "a token of our own"
PROGRAM = """
import os, sys
from convertpro.command import main
os.environ |= {"CONVERTPRO_URL": sys.argv[1], "CONVERTPRO_API_KEY": sys.argv[2]}
del sys.argv[1:3]
main()
"""
TOOLS = {
    "convert_file",
    "extract_tables",
    "remove_pages",
    "remove_background",
    "get_balance",
    "list_conversions",
}
Story = Callable[[Client], Awaitable[None]]


@pytest.fixture
def words(running: Running, user: httpx.Client, tmp_path: Path) -> list[str]:
    """The command for a folder ``docs`` with a file, beside one that agents may not see."""
    key = user.post("/api/v2/auth/api-keys", json={"name": "agent"}).json()["key"]
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.pdf").write_bytes(documents.pdf("one", "two"))
    (tmp_path / "secret.pdf").write_bytes(documents.pdf("secret"))
    (docs / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    (docs / "way-out").symlink_to(tmp_path)
    return [sys.executable, "-c", PROGRAM, running.base_url, key, "mcp", "--root", f"docs={docs}"]


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT / "clients" / "python" / "src"), "CONVERTPRO_MCP_TOKEN": TOKEN}


async def asked(client: Client, tool: str, **arguments: Any) -> tuple[bool, Any, str]:
    """Whether it went wrong, what came back, and what was said."""
    told = await client.call_tool(tool, arguments)
    return told.is_error, told.structured_content, " ".join(getattr(one, "text", "") for one in told.content)


async def over_stdio(words: list[str], story: Story) -> None:
    program = StdioServerParameters(command=words[0], args=words[1:], env=environment())
    async with Client(program) as client:
        await story(client)


@contextmanager
def served(words: list[str]) -> Iterator[str]:
    """The address of a server over HTTP."""
    port = free_port()
    with subprocess.Popen([*words, "--http", "--port", str(port)], env=environment()) as server:
        url = f"http://127.0.0.1:{port}/mcp"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                assert httpx.post(url, json={}).status_code == 401
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield url
        server.terminate()


async def over_http(words: list[str], story: Story) -> None:
    with served(words) as url:
        assert httpx.post(url, json={}, headers={"Authorization": "Bearer another"}).status_code == 401
        async with (
            httpx2.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}, timeout=120) as http,
            Client(streamable_http_client(url, http_client=http)) as client,
        ):
            await story(client)


@pytest.mark.parametrize("transport", [over_stdio, over_http], ids=["stdio", "http"])
def test_an_agent_converts_and_stays_in_its_folder(
    words: list[str], tmp_path: Path, transport: Callable[[list[str], Story], Awaitable[None]]
) -> None:
    docs = tmp_path / "docs"

    async def story(client: Client) -> None:
        assert {tool.name for tool in (await client.list_tools()).tools} == TOOLS
        removed = await asked(client, "remove_pages", path="docs/a.pdf", pages="1", output="docs/rest.pdf")
        assert removed[1]["output"] == "docs/rest.pdf", removed
        (page,) = pypdf.PdfReader(docs / "rest.pdf").pages
        assert "two" in page.extract_text()
        failed, _, said = await asked(client, "remove_pages", path="docs/a.pdf", pages="1", output="docs/rest.pdf")
        assert (failed, "there already" in said) == (True, True)
        again = await asked(
            client, "remove_pages", path="docs/a.pdf", pages="1", output="docs/rest.pdf", overwrite=True
        )
        assert again[1]["conversion_id"] == removed[1]["conversion_id"]
        assert (await asked(client, "get_balance"))[1] == {"balance": 27}
        for path in ("docs/link.pdf", "docs/way-out/secret.pdf", "docs/../secret.pdf", str(tmp_path / "secret.pdf")):
            failed, _, said = await asked(client, "convert_file", path=path, to="word")
            assert (failed, str(tmp_path) in said.replace(path, "")) == (True, False), said
        out = await asked(client, "remove_pages", path="docs/a.pdf", pages="1", output="docs/way-out/new.pdf")
        assert out[0]
        refused = await asked(client, "extract_tables", path="docs/a.pdf")
        assert (refused[0], "table" in refused[2]) == (True, True)
        assert (await asked(client, "convert_file", path="docs/a.pdf", to="nobg"))[0]
        items = (await asked(client, "list_conversions", status="success"))[1]["items"]
        assert [one["conversion_id"] for one in items] == [removed[1]["conversion_id"]]
        assert (await asked(client, "get_balance"))[1] == {"balance": 27}

    asyncio.run(asyncio.wait_for(transport(words, story), 240))
    assert sorted(one.name for one in tmp_path.iterdir()) == ["docs", "secret.pdf"]
    assert [one.name for one in docs.iterdir() if one.name.endswith(".part")] == []
