"""What the local service consists of: its processes, in the order in which they start."""

import os
import sys
from collections.abc import Mapping

import boto3

from infra import template
from infra.local import resources
from infra.local.environment import ACCOUNT_VARIABLES, REGION, inherited, local_environment
from infra.local.supervisor import Program

PREFIX = "convertpro"


def moto(port: int) -> Program:
    """AWS."""
    command = (sys.executable, "-m", "infra.local.moto_server", "--port", str(port))
    return Program("moto", command, inherited() | ACCOUNT_VARIABLES, essential=True)


def create_resources(endpoint: str, port: int) -> dict[str, str]:
    """Create what infra/template.yaml declares and return the environment of the local processes."""
    declared = template.load()

    def client(service: str) -> object:
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=endpoint,
            region_name=REGION,
            aws_access_key_id="local",
            aws_secret_access_key="local",
        )

    physical = {
        **resources.create_tables(declared, client("dynamodb"), PREFIX),
        **resources.create_buckets(declared, client("s3"), PREFIX),
        **resources.create_queues(declared, client("sqs"), PREFIX),
    }
    return local_environment(template.environment(declared, physical), endpoint, port)


def service(environment: Mapping[str, str], port: int) -> list[Program]:
    """The API, a process for each worker (documents: one for each core), the sweeper and the tally."""
    cores = max(2, min(4, os.cpu_count() or 2))
    handler = "chalicelib.workers.conversions:handler"
    return [
        _program("api", environment, "infra.local.api", "--port", str(port), essential=True),
        _poller("light", environment, "LIGHT_QUEUE_URL", "app:light", "light"),
        *(
            _poller(f"documents-{number}", environment, "DOCUMENTS_QUEUE_URL", handler, "documents")
            for number in range(1, cores + 1)
        ),
        _poller("background", environment, "BACKGROUND_QUEUE_URL", handler, "background"),
        _program("sweeper", environment, "infra.local.sweeper"),
        _program("tally", environment, "infra.local.stream_poller"),
    ]


def seeding() -> tuple[str, ...]:
    """The command that creates the accounts."""
    return (sys.executable, "-m", "infra.local.seed")


def _poller(name: str, environment: Mapping[str, str], queue: str, handler: str, worker: str) -> Program:
    arguments = ("--queue", queue, "--handler", handler, "--warm", worker)
    return _program(name, environment, "infra.local.poller", *arguments)


def _program(
    name: str, environment: Mapping[str, str], module: str, *arguments: str, essential: bool = False
) -> Program:
    return Program(name, (sys.executable, "-m", module, *arguments), environment, essential)
