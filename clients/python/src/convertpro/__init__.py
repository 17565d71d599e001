"""Convert files by a ConvertPro service: ``ConvertPro(url, api_key=…).convert("a.pdf", to="word").save()``."""

from convertpro.client import ConvertPro, Result
from convertpro.client_async import AsyncConvertPro, AsyncResult
from convertpro.conversions import key_of
from convertpro.errors import ConvertProError, Problem
from convertpro.models import (
    Batch,
    Conversion,
    Delivery,
    FolderOutcome,
    LedgerEntry,
    Outcome,
    Page,
    Progress,
    Webhook,
)
from convertpro.requests import Policy

__all__ = [
    "AsyncConvertPro",
    "AsyncResult",
    "Batch",
    "Conversion",
    "ConvertPro",
    "ConvertProError",
    "Delivery",
    "FolderOutcome",
    "LedgerEntry",
    "Outcome",
    "Page",
    "Policy",
    "Problem",
    "Progress",
    "Result",
    "Webhook",
    "key_of",
]
