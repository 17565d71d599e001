"""The server for agents (Model Context Protocol): over standard input and output, or HTTP on this machine alone."""

import functools
import hmac
import inspect
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

import uvicorn
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from convertpro.agent_roots import Roots
from convertpro.agent_tools import Tools
from convertpro.client_async import AsyncConvertPro
from convertpro.errors import ConvertProError

HOST = "127.0.0.1"
PATH = "/mcp"
Message = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]


def build(client: AsyncConvertPro, roots: Roots) -> MCPServer[Any]:
    """A server whose tools are those of ``Tools``; what goes wrong is a sentence for the agent."""
    tools = Tools(client, roots)
    server: MCPServer[Any] = MCPServer(
        "convertpro",
        instructions=f"Files are named root/folder/name.ext; the roots are {', '.join(roots.names)}. "
        "A conversion costs points; the same one again costs nothing for a day.",
        log_level="WARNING",
    )
    for tool in (
        tools.convert_file,
        tools.extract_tables,
        tools.remove_pages,
        tools.remove_background,
        tools.get_balance,
        tools.list_conversions,
    ):
        server.add_tool(_told(tool), description=inspect.getdoc(tool))
    return server


def _told(tool: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    @functools.wraps(tool)
    async def told(*words: Any, **named: Any) -> Any:
        try:
            return await tool(*words, **named)
        except (ConvertProError, OSError) as failure:
            raise ToolError(str(failure)) from failure

    return told


def serve_http(server: MCPServer[Any], port: int, token: str) -> None:
    """Serve at ``http://127.0.0.1:port/mcp``, to who sends the token."""
    app = guarded(server.streamable_http_app(streamable_http_path=PATH, host=HOST), token)
    uvicorn.run(app, host=HOST, port=port, log_level="warning")


def guarded(app: App, token: str) -> App:
    """``app`` for requests with the bearer token: other users of this machine reach the port, too."""
    wanted = f"Bearer {token}".encode()

    async def answer(scope: Message, receive: Receive, send: Send) -> None:
        sent = dict(scope.get("headers") or []).get(b"authorization", b"")
        if scope["type"] == "http" and not hmac.compare_digest(sent, wanted):
            headers = [(b"www-authenticate", b"Bearer"), (b"content-length", b"0")]
            await send({"type": "http.response.start", "status": 401, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        await app(scope, receive, send)

    return answer
