"""`make run`: the whole service on this machine, until Ctrl-C."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from infra.local import stack
from infra.local.environment import STATE
from infra.local.lifeline import PARENT, end_with_parent
from infra.local.seed import ACCOUNTS, PASSWORD
from infra.local.supervisor import Ended, Supervisor
from infra.template import ROOT

HOST = stack.HOST
START_TIMEOUT_S = 240
"""The very first start compiles and caches; later ones take seconds."""


def say(text: str) -> None:
    """Print for a person who may have closed the terminal already."""
    with suppress(OSError):
        print(text, flush=True)


def _port(variable: str, default: int) -> int:
    text = os.environ.get(variable) or str(default)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Ended(f"{variable}={text} is not a port; it must be a number from 1 to 65535.", 1)
    return int(text)


def _require_free(ports: Mapping[str, int]) -> None:
    taken = [f"Port {port} is taken: choose another with {name}=…" for name, port in ports.items() if _taken(port)]
    if len(set(ports.values())) < len(ports):
        taken.append(f"{' and '.join(ports)} must differ.")
    if taken:
        raise Ended("\n".join(taken), 1)


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def _seed(environment: Mapping[str, str], logs: Path) -> None:
    log = logs / "seed.log"
    with log.open("wb") as output:
        own = {**environment, PARENT: str(os.getpid())}
        process = subprocess.run(
            stack.seeding(), env=own, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
        )
    if process.returncode != 0:
        raise Ended(f"The accounts could not be created; see {log}", 1)


def _banner(environment: Mapping[str, str], seconds: float, logs: Path) -> str:
    base, endpoint = environment["PUBLIC_BASE_URL"], environment["AWS_ENDPOINT_URL"]
    accounts = "\n".join(f"    {email:20} {role}" for email, role in ACCOUNTS.items())
    return f"""
ConvertPro is ready after {seconds:.1f} s.

  Console    {base}/app
  API        {base}
  Docs       {base}/docs
  S3         {endpoint}, bucket {environment["FILES_BUCKET"]}; access key and secret: local
  Accounts   password of each: {PASSWORD}
{accounts}
  Logs       {logs.relative_to(ROOT) if logs.is_relative_to(ROOT) else logs}/*.log

Try it:
  TOKEN=$(curl -s {base}/api/v2/auth/login -H 'Content-Type: application/json' \\
    -d '{{"email":"user@example.com","password":"{PASSWORD}"}}' | grep -o '"access_token": *"[^"]*' | cut -d'"' -f4)
  curl -s {base}/api/v3/conversions/docx-to-pdf -H "Authorization: Bearer $TOKEN" -F file=@document.docx

Everything lives in memory: what is stored here ends with it. Ctrl-C stops it.
"""


def _serve(supervisor: Supervisor, logs: Path) -> None:
    started = time.monotonic()
    port, aws_port = _port("PORT", 8000), _port("AWS_PORT", 5001)
    _require_free({"PORT": port, "AWS_PORT": aws_port})
    for old in logs.glob("*.log"):  # not before: another service may be writing to them
        old.unlink()
    say("Starting …")
    supervisor.start(stack.moto(aws_port))
    supervisor.wait_until_ready(["moto"], START_TIMEOUT_S)
    environment = stack.create_resources(f"http://{HOST}:{aws_port}", port)
    programs = stack.service(environment, port)
    for program in programs:
        supervisor.start(program)
    _seed(environment, logs)
    supervisor.wait_until_ready([program.name for program in programs], START_TIMEOUT_S)
    say(_banner(environment, time.monotonic() - started, logs))
    supervisor.watch()


def main() -> int:
    """Run until something ends it; exit status 0 when that was a person."""
    logs = Path(os.environ.get("LOGS") or STATE / "logs").resolve()
    logs.mkdir(parents=True, exist_ok=True)
    supervisor = Supervisor(logs, say)
    end_with_parent()
    try:
        _serve(supervisor, logs)
    except Ended as ended:
        say(str(ended))
        return ended.code
    finally:
        supervisor.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
