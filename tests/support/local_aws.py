"""AWS as `make run` starts it, in a thread: every call over HTTP, held to the template's roles."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3

from infra import template
from infra.local import moto_server, resources


class Aws:
    """A running moto with the template's resources, and a way to make clients of it."""

    def __init__(self, port: int, prefix: str) -> None:
        self.endpoint = f"http://127.0.0.1:{port}"
        declared, s3, sqs = template.load(), self.client("s3"), self.client("sqs")
        self.physical = {
            **resources.create_tables(declared, self.client("dynamodb"), prefix),
            **resources.create_buckets(declared, s3, prefix),
            **resources.create_queues(declared, sqs, prefix),
            **resources.role_arns(declared),
        }
        resources.notify_queues(declared, s3, sqs, self.physical)
        self.environment = template.environment(declared, self.physical)

    def client(self, service: str, role: str = "local", **credentials: str) -> Any:
        """A client with the rights of ``role``, or with ``credentials`` as boto3 names them."""
        keys = {"aws_access_key_id": role, "aws_secret_access_key": "local"} | credentials
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            **keys,
        )


@contextmanager
def running_aws(prefix: str) -> Iterator[Aws]:
    """AWS for as long as the context lasts. moto's state is its process's: each user takes a ``prefix`` of its own."""
    server = moto_server.server(0, prefix)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Aws(server.port, prefix)
    server.shutdown()
    server.server_close()
    thread.join()
