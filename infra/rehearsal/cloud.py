"""The whole service as AWS would run it: the local AWS, every function in sandboxes, the gateway, the sources."""

import atexit
import json
import logging
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from infra import template
from infra.local import resources, stack
from infra.local.environment import ACCOUNT_VARIABLES, inherited
from infra.local.moto_server import CALLS
from infra.rehearsal import artefacts, sources, static
from infra.rehearsal.functions import Function
from infra.rehearsal.gateway import Gateway
from infra.rehearsal.images import HOME
from infra.rehearsal.sandbox import free_port
from infra.template import ROOT, Resolver

FUNCTION = "AWS::Lambda::Function"
LOGS = HOME / "logs"
SECRET = "a secret that signs the tokens of a rehearsal, as long as the one that is generated"
_API_SANDBOXES = 2
_STARTS_S = 60


@dataclass
class Cloud:
    """What runs: functions by logical id, the gateway's address, and an operator's clients."""

    functions: dict[str, Function]
    base_url: str
    environment: dict[str, str]
    endpoint: str

    def calls(self) -> Counter[str]:
        """Calls of AWS so far, by role, action and resource."""
        with urllib.request.urlopen(f"{self.endpoint}{CALLS}") as answer:
            return Counter(json.load(answer))

    def calls_by(self, function: str) -> dict[str, float]:
        """Calls of AWS, named as by :meth:`calls`, for each call of a function itself."""
        invocations = self.functions[function].figures.invocations
        own = {name: count for name, count in self.calls().items() if name.startswith(f"{function}Role ")}
        return {name: round(count / invocations, 3) for name, count in sorted(own.items())}

    def seconds(self) -> dict[str, tuple[int, float]]:
        """Calls and seconds of each function so far."""
        return {name: (one.figures.invocations, one.figures.seconds) for name, one in self.functions.items()}

    def client(self, service: str) -> Any:
        """A client with all rights."""
        return stack.client(self.endpoint, service)


@contextmanager
def running(outbound: Mapping[str, str], account: str = "normal") -> Iterator[Cloud]:
    """Everything, for as long as the context lasts. ``outbound``: more settings of those who know strangers."""
    shutil.rmtree(LOGS, ignore_errors=True)
    LOGS.mkdir(parents=True)
    packaged = yaml.safe_load(static.PACKAGED.read_text())
    one = static.deployment(packaged, {**static.account(account), "Stage": "rehearsal", "Build": "rehearsal"})
    port = free_port()
    moto, endpoint = _moto()
    try:
        known = {**one.parameters, **_create(endpoint)}
        resolver = Resolver(one.expansion.get("Conditions", {}), known)
        functions = {name: _function(name, of, resolver, endpoint) for name, of in one.of_type(FUNCTION).items()}
        functions["APIHandler"].most = _API_SANDBOXES
        for name in ("APIHandler", "Courier"):
            functions[name].environment |= outbound
        atexit.register(_end, functions)
        (api,) = one.of_type("AWS::ApiGateway::RestApi").values()
        gateway = Gateway(api["Body"], resolver, functions["APIHandler"], port)
        mappings = one.of_type("AWS::Lambda::EventSourceMapping")
        cloud = Cloud(functions, gateway.base_url, _variables(functions), endpoint)
        ending = sources.start(mappings, functions, resolver, cloud.client)
        try:
            yield cloud
        finally:
            ending.set()
            gateway.close()
            _end(functions)
    finally:
        moto.kill()
        moto.wait()


def _moto() -> tuple["subprocess.Popen[bytes]", str]:
    """The local AWS, in a process of its own."""
    port = free_port()
    program = stack.moto(port)
    with (LOGS / "aws.log").open("wb") as log:
        environment = {**inherited(), **ACCOUNT_VARIABLES}
        process = subprocess.Popen(program.command, stdout=log, stderr=log, cwd=ROOT, env=environment)
    endpoint = f"http://{stack.HOST}:{port}"
    deadline = time.monotonic() + _STARTS_S
    while time.monotonic() < deadline:
        with suppress(Exception):
            stack.client(endpoint, "sqs").list_queues()
            return process, endpoint
        time.sleep(0.2)
    raise TimeoutError("the local AWS does not start")


def _create(endpoint: str) -> dict[str, str]:
    """Tables, bucket, queues and the secret; their physical names by logical id."""
    declared = template.load()
    s3, sqs = stack.client(endpoint, "s3"), stack.client(endpoint, "sqs")
    physical = {
        **resources.create_tables(declared, stack.client(endpoint, "dynamodb"), stack.PREFIX),
        **resources.create_buckets(declared, s3, stack.PREFIX),
        **resources.create_queues(declared, sqs, stack.PREFIX),
        **resources.role_arns(declared),
    }
    resources.notify_queues(declared, s3, sqs, physical)
    secrets = stack.client(endpoint, "secretsmanager")
    name = resources.physical_name(stack.PREFIX, "JwtSecret")
    physical["JwtSecret"] = secrets.create_secret(Name=name, SecretString=SECRET)["ARN"]
    return physical


def _function(name: str, properties: dict[str, Any], resolver: Resolver, endpoint: str) -> Function:
    declared = properties["Environment"]["Variables"]
    variables = {variable: resolver.value(value) or "" for variable, value in declared.items()}
    variables["AWS_ENDPOINT_URL"] = endpoint
    return Function(name, properties, artefacts.of_function(name, properties), variables, LOGS / f"{name}.log")


def _variables(functions: dict[str, Function]) -> dict[str, str]:
    """As an operator's commands see the service."""
    return {**functions["APIHandler"].environment, **ACCOUNT_VARIABLES}


def _end(functions: dict[str, Function]) -> None:
    for one in functions.values():
        one.kill()


def alone() -> None:
    """Run this program again in a mount namespace of its own: what it mounts ends with it."""
    if os.environ.get("REHEARSAL_ALONE") != "1":
        os.environ["REHEARSAL_ALONE"] = "1"
        command = ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.orig_argv[1:]]
        os.execvp("unshare", command)


def clean() -> None:
    """Remove what an earlier rehearsal, killed, left behind."""
    for folder in Path(HOME, "sandboxes").glob("*"):
        if not Path("/proc", folder.name.partition("-")[0]).exists():
            shutil.rmtree(folder, ignore_errors=True)


logging.basicConfig(level=logging.WARNING)
