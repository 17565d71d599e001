"""`chalice local` as a child of the supervisor."""

import argparse
import http.client
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler

from chalice.cli import main as chalice
from chalice.local import ChaliceRequestHandler, ThreadedHTTPServer
from ulid import ULID

from chalicelib.api import problems
from chalicelib.domain.errors import LengthRequired
from infra.local.lifeline import become_child, report_ready

HOST = "127.0.0.1"


def _report_when_healthy(port: int) -> None:
    while not _is_healthy(port):
        time.sleep(0.05)
    report_ready()


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def parse_request(handler: ChaliceRequestHandler) -> bool:
    """Whether there is a request to handle. A length that is no number is refused: Chalice would answer nothing."""
    if not BaseHTTPRequestHandler.parse_request(handler):
        return False
    length = handler.headers.get("content-length", "0")
    if length.isascii() and length.isdigit():
        return True
    error = LengthRequired("Content-Length must be the number of the body's bytes.")
    base_url = os.environ.get("PUBLIC_BASE_URL", "")
    status, body, headers = problems.render(error, base_url, f"{base_url}{handler.path.partition('?')[0]}")
    handler.close_connection = True
    answer = {**headers, "Content-Type": problems.MEDIA_TYPE, "X-Request-Id": str(ULID()), "Connection": "close"}
    handler._send_http_response(status, answer, json.dumps(body).encode())
    return False


def main() -> None:
    """Serve the API until the process is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    become_child()
    # An answer's head and body are two writes: Nagle's algorithm would hold the second back for 40 ms.
    ChaliceRequestHandler.disable_nagle_algorithm = True
    ChaliceRequestHandler.parse_request = parse_request
    ThreadedHTTPServer.request_queue_size = 128
    threading.Thread(target=_report_when_healthy, args=(port,), daemon=True).start()
    sys.argv = ["chalice", "local", "--host", HOST, "--port", str(port), "--stage", "prod", "--no-autoreload"]
    chalice()


if __name__ == "__main__":
    main()
