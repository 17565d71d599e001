"""Binds the tables to one DynamoDB client, and makes the clients of S3, SQS and Secrets Manager."""

import os
import threading
from functools import cache
from typing import Any

import botocore.config
import botocore.session
from pynamodb.connection import Connection
from pynamodb.models import Model

from chalicelib.settings import Settings
from chalicelib.store import tables, tables_errands, tables_files, tables_lines, tables_reporting

CONNECT_TIMEOUT_S = 3
READ_TIMEOUT_S = 10
MAX_POOL_CONNECTIONS = 50
SERVICES = ("dynamodb", "s3", "sqs", "sts", "secretsmanager")
"""All that is ever called; `make package` leaves botocore's descriptions of the others out."""

_turn = threading.Lock()


def client(settings: Settings, service: str) -> Any:
    """A botocore client of ``service``: standard retries, bounded time-outs."""
    config = botocore.config.Config(
        connect_timeout=CONNECT_TIMEOUT_S,
        read_timeout=READ_TIMEOUT_S if service == "dynamodb" else 60,
        max_pool_connections=MAX_POOL_CONNECTIONS,
        retries={"total_max_attempts": 4, "mode": "standard"},
        signature_version="s3v4" if service == "s3" else None,
        # "auto", the default, signs URLs for the global host, which redirects or refuses in most regions.
        s3={"addressing_style": "path" if settings.is_local else "virtual"},
    )
    # A session may make one client at a time.
    with _turn:
        return _session(os.environ.get("AWS_ACCESS_KEY_ID")).create_client(
            service, region_name=settings.region, endpoint_url=settings.endpoint_url, config=config
        )


@cache
def _session(_access_key_id: str | None) -> botocore.session.Session:
    """One for all clients of the same credentials, which it keeps.

    Each reads botocore's lists of services and endpoints anew, a large part of a cold start.
    """
    return botocore.session.get_session()


def bind_tables(settings: Settings, dynamodb: Any) -> Connection:
    """Point every model at its physical table and return the connection of transactions.

    PynamoDB would make one client a table, each loading botocore's model of the service anew (a cold start's
    largest share); they share ``dynamodb`` instead.
    """
    names = settings.tables
    models: dict[type[Model], str] = {
        tables.UserItem: names.users,
        tables.LedgerItem: names.ledger,
        tables.ConversionItem: names.conversions,
        tables.IdempotencyItem: names.idempotency,
        tables.SessionItem: names.sessions,
        tables.ThrottleItem: names.throttle,
        tables.RuleItem: names.rules,
        tables.ApiKeyItem: names.api_keys,
        tables_reporting.StatItem: names.stats,
        tables_reporting.ActivityItem: names.activity,
        tables_reporting.AuditItem: names.audit,
        tables_files.UploadItem: names.uploads,
        tables_lines.LineItem: names.lines,
        tables_files.BatchItem: names.batches,
        tables_files.BatchFileItem: names.batches,
        tables_files.ArrivalItem: names.batches,
        tables_errands.ErrandItem: names.errands,
        tables_errands.WebhookItem: names.errands,
    }
    for model, name in models.items():
        meta: Any = model.Meta
        meta.table_name, meta.region, meta.host = name, settings.region, settings.endpoint_url
        model._connection = None
        _share(model._get_connection().connection, dynamodb)
    connection = Connection(region=settings.region, host=settings.endpoint_url)
    _share(connection, dynamodb)
    return connection


def _share(connection: Connection, dynamodb: Any) -> None:
    connection._client = dynamodb
