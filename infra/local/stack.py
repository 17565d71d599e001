"""What the local service consists of: its processes, in the order in which they start."""

import os
import sys
from collections.abc import Mapping

import boto3

from chalicelib.conversions.spec import Worker
from infra import template
from infra.local import resources
from infra.local.environment import ACCOUNT_VARIABLES, REGION, inherited, local_environment
from infra.local.supervisor import Program

PREFIX = "convertpro"
BATCH_NICENESS = 10


def moto(port: int) -> Program:
    """AWS."""
    command = (sys.executable, "-m", "infra.local.moto_server", "--port", str(port), "--prefix", PREFIX)
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
    """The API, a process for each worker (documents: one for each core) and for its batches, sweeper and tally."""
    cores = max(2, min(4, os.cpu_count() or 2))
    documents = [f"documents-{number}" for number in range(1, cores + 1)]
    return [
        _program("api", "ApiRole", environment, ("infra.local.api", "--port", str(port)), essential=True),
        *(_poller(name, environment) for name in ("light", *documents, "background")),
        *(_batch_poller(worker, environment) for worker in Worker),
        _program("sweeper", "SweeperRole", environment, ("infra.local.sweeper",)),
        _program("tally", "TallyRole", environment, ("infra.local.stream_poller",)),
    ]


def seeding() -> tuple[str, ...]:
    """The command that creates the accounts."""
    return (sys.executable, "-m", "infra.local.seed")


def _poller(name: str, environment: Mapping[str, str]) -> Program:
    """A process, called by its worker and a number, that does what somebody waits for."""
    worker = Worker(name.partition("-")[0])
    arguments = _polling(worker, f"{worker.upper()}_QUEUE_URL")
    return _program(name, _role(worker), environment, (*arguments, "--warm", worker))


def _batch_poller(worker: Worker, environment: Mapping[str, str]) -> Program:
    """A process for batches: it starts its engines with the first of them, and steps back for all others."""
    arguments = _polling(worker, f"{worker.upper()}_BATCH_QUEUE_URL")
    return _program(f"{worker}-batch", _role(worker), environment, (*arguments, "--nice", str(BATCH_NICENESS)))


def _polling(worker: Worker, queue: str) -> tuple[str, ...]:
    """``queue`` is the variable with the queue's URL."""
    handler = "app:light" if worker is Worker.LIGHT else "chalicelib.workers.conversions:handler"
    return ("infra.local.poller", "--queue", queue, "--handler", handler)


def _role(worker: Worker) -> str:
    return f"{worker.capitalize()}Role"


def _program(
    name: str, role: str, environment: Mapping[str, str], module: tuple[str, ...], *, essential: bool = False
) -> Program:
    """A process that may do what ``role`` of the template may; see permissions.py."""
    own = {**environment, "AWS_ACCESS_KEY_ID": role}
    return Program(name, (sys.executable, "-m", *module), own, essential)
