"""What the local service consists of: its processes, in the order in which they start."""

import sys
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.conversions.spec import Worker
from infra import template
from infra.local import resources
from infra.local.environment import ACCOUNT_VARIABLES, REGION, documents_workers, inherited, local_environment
from infra.local.supervisor import Program

HOST = "127.0.0.1"
PREFIX = "convertpro"
STEPPING_BACK = ("--nice", "19")
"""What batches need: somebody waits for all else."""


class NotRunning(Exception):
    """There is no service on this machine, or not at that port."""


def moto(port: int) -> Program:
    """AWS."""
    command = (sys.executable, "-m", "infra.local.moto_server", "--port", str(port), "--prefix", PREFIX)
    return Program("moto", command, inherited() | ACCOUNT_VARIABLES, essential=True)


def running(endpoint: str, port: int) -> dict[str, str]:
    """The environment of an operator of the service that runs on this machine. Raises ``NotRunning``."""
    declared = template.load()
    sqs = client(endpoint, "sqs")
    names = [
        name
        for kind in ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue")
        for name in template.resources(declared, kind)
    ]
    physical = {name: resources.physical_name(PREFIX, name) for name in names} | resources.role_arns(declared)
    try:
        for queue in template.resources(declared, "AWS::SQS::Queue"):
            physical[queue] = sqs.get_queue_url(QueueName=physical[queue])["QueueUrl"]
    except (BotoCoreError, ClientError) as error:
        message = f"No service runs at {endpoint}: start it by make run, or name its port by AWS_PORT=…"
        raise NotRunning(message) from error
    return local_environment(template.environment(declared, physical), endpoint, port)


def create_resources(endpoint: str, port: int) -> dict[str, str]:
    """Create what infra/template.yaml declares and return the environment of the local processes."""
    declared = template.load()
    s3, sqs = client(endpoint, "s3"), client(endpoint, "sqs")
    physical = {
        **resources.create_tables(declared, client(endpoint, "dynamodb"), PREFIX),
        **resources.create_buckets(declared, s3, PREFIX),
        **resources.create_queues(declared, sqs, PREFIX),
        **resources.role_arns(declared),
    }
    resources.notify_queues(declared, s3, sqs, physical)
    return local_environment(template.environment(declared, physical), endpoint, port)


def client(endpoint: str, service: str) -> Any:
    return boto3.client(
        service,  # type: ignore[call-overload]
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )


def service(environment: Mapping[str, str], port: int) -> list[Program]:
    """The API, a process for each worker (documents: one more than cores) and for its batches, sweeper and tally."""
    documents = [f"documents-{number}" for number in range(1, documents_workers() + 1)]
    return [
        _program("api", "ApiRole", environment, ("infra.local.api", "--port", str(port)), essential=True),
        *(_engine_poller(name, environment) for name in ("light", *documents, "background")),
        *(_batch_poller(worker, environment) for worker in Worker),
        _poller(
            "intake", "IntakeRole", environment, ("INTAKE_QUEUE_URL", "app:intake"), ("--batch", "10", *STEPPING_BACK)
        ),
        _poller("archiver", "ArchiverRole", environment, ("ARCHIVES_QUEUE_URL", "app:archiver"), STEPPING_BACK),
        _poller("courier", "CourierRole", _without_signing(environment), ("COURIER_QUEUE_URL", "app:courier")),
        _program("sweeper", "SweeperRole", environment, ("infra.local.sweeper",)),
        _program("tally", "TallyRole", environment, ("infra.local.stream_poller",)),
    ]


def _without_signing(environment: Mapping[str, str]) -> dict[str, str]:
    """For who talks to strangers: the secret that signs tokens is not its business."""
    return {name: value for name, value in environment.items() if name != "JWT_SECRET"}


def seeding() -> tuple[str, ...]:
    """The command that creates the accounts."""
    return (sys.executable, "-m", "infra.local.seed")


def _engine_poller(name: str, environment: Mapping[str, str]) -> Program:
    """A process, called by its worker and a number, that does what somebody waits for."""
    worker = Worker(name.partition("-")[0])
    work = (f"{worker.upper()}_QUEUE_URL", _handler(worker))
    return _poller(name, _role(worker), environment, work, ("--warm", worker))


def _batch_poller(worker: Worker, environment: Mapping[str, str]) -> Program:
    """A process for batches, which steps back for all others; its engines start before it takes a message."""
    work = (f"{worker.upper()}_BATCH_QUEUE_URL", _handler(worker))
    return _poller(f"{worker}-batch", _role(worker), environment, work, ("--warm", worker, *STEPPING_BACK))


def _handler(worker: Worker) -> str:
    return "app:light" if worker is Worker.LIGHT else "chalicelib.workers.conversions:handler"


def _role(worker: Worker) -> str:
    return f"{worker.capitalize()}Role"


def _poller(
    name: str, role: str, environment: Mapping[str, str], work: tuple[str, str], options: tuple[str, ...] = ()
) -> Program:
    """``work``: the variable with the queue's URL, and the handler. ``options``: more of the poller's arguments."""
    queue, handler = work
    arguments = ("--queue", queue, "--handler", handler, *options)
    return _program(name, role, environment, ("infra.local.poller", *arguments))


def _program(
    name: str, role: str, environment: Mapping[str, str], module: tuple[str, ...], *, essential: bool = False
) -> Program:
    """A process that may do what ``role`` of the template may; see permissions.py."""
    own = {**environment, "AWS_ACCESS_KEY_ID": role}
    return Program(name, (sys.executable, "-m", *module), own, essential)
