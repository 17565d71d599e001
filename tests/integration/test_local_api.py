"""The local server answers whatever it is sent."""

import socket
import threading
from http.server import ThreadingHTTPServer

import pytest
from chalice.app import Chalice
from chalice.config import Config
from chalice.local import ChaliceRequestHandler

from infra.local.api import parse_request


@pytest.mark.parametrize("length", ["abc", "-5", "1e3", "٣"])
def test_it_answers_when_the_content_length_is_no_number(monkeypatch: pytest.MonkeyPatch, length: str) -> None:
    monkeypatch.setattr(ChaliceRequestHandler, "parse_request", parse_request)

    def handler(*given: object) -> ChaliceRequestHandler:
        return ChaliceRequestHandler(*given, app_object=Chalice("x"), config=Config())  # type: ignore[arg-type,misc]

    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.handle_request, daemon=True).start()
    with socket.create_connection(("127.0.0.1", server.server_port)) as client:
        client.sendall(f"POST /api/v2/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n{{}}".encode())
        answer = b""
        while chunk := client.recv(4096):
            answer += chunk
    server.server_close()
    assert answer.startswith(b"HTTP/1.1 411 ")
    assert b"length-required" in answer
