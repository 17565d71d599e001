"""`chalice local` as a child of the supervisor."""

import argparse
import http.client
import sys
import threading
import time

from chalice.cli import main as chalice
from chalice.local import ChaliceRequestHandler, ThreadedHTTPServer

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


def main() -> None:
    """Serve the API until the process is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    become_child()
    # An answer's head and body are two writes: Nagle's algorithm would hold the second back for 40 ms.
    ChaliceRequestHandler.disable_nagle_algorithm = True
    ThreadedHTTPServer.request_queue_size = 128
    threading.Thread(target=_report_when_healthy, args=(port,), daemon=True).start()
    sys.argv = ["chalice", "local", "--host", HOST, "--port", str(port), "--stage", "prod", "--no-autoreload"]
    chalice()


if __name__ == "__main__":
    main()
