"""A conversion as its row in DynamoDB, and back."""

import zlib
from dataclasses import asdict
from typing import Any

from chalicelib.domain.batches import BatchPlace
from chalicelib.domain.conversion import Conversion, Lease, Result, Status, StoredFile
from chalicelib.domain.errors import Problem
from chalicelib.domain.users import Role
from chalicelib.store.tables import ConversionItem

OPEN, KEPT = "open", "kept"
"""What the sweeper looks at: conversions that have not ended, and results that are kept until they expire."""

DUE_SHARDS = 8
"""Partitions of either: one alone would cap acceptance at 1,000 writes a second."""


def shard_of(what: str, conversion_id: str) -> str:
    """The partition in which ``what`` of a conversion is looked for."""
    return f"{what}#{zlib.crc32(conversion_id.encode()) % DUE_SHARDS}"


def to_conversion_item(conversion: Conversion) -> ConversionItem:
    """The row of a new conversion."""
    place = conversion.place
    return ConversionItem(
        conversion_id=conversion.conversion_id,
        owner_id=conversion.owner_id,
        action=conversion.action,
        status=conversion.status.value,
        inputs=[asdict(one) for one in conversion.inputs],
        options=conversion.options,
        created_at=conversion.created_at,
        updated_at=conversion.updated_at,
        points_charged=conversion.points_charged,
        balance_after=conversion.balance_after,
        version=conversion.version,
        owner_role=conversion.owner_role.value,
        has_secret=conversion.has_secret,
        waiting=str(conversion.line) if conversion.is_waiting else None,
        batch_id=place.batch_id if place else None,
        file_id=place.file_id if place else None,
        delivers=conversion.delivers or None,
        awaits_files=True if conversion.awaited else None,
        due_shard=shard_of(OPEN, conversion.conversion_id),
        due_at=conversion.due_at,
    )


def conversion_of_item(item: ConversionItem) -> Conversion:
    """The conversion that a row holds."""
    return Conversion(
        conversion_id=item.conversion_id,
        owner_id=item.owner_id,
        action=item.action,
        status=Status(item.status),
        inputs=tuple(StoredFile(**one) for one in item.inputs),
        options=item.options,
        created_at=item.created_at,
        updated_at=item.updated_at,
        points_charged=int(item.points_charged),
        balance_after=None if item.balance_after is None else int(item.balance_after),
        version=item.version,
        owner_role=Role(item.owner_role),
        has_secret=bool(item.has_secret),
        is_waiting=item.waiting is not None,
        called_at=None if item.called_at is None else float(item.called_at),
        progress=item.progress,
        lease=Lease(item.lease_owner, float(item.lease_until or 0), int(item.attempts or 0)),
        due_at=float(item.due_at or 0),
        result=_result(item.result),
        problem=Problem(**item.problem) if item.problem else None,
        expires_at=item.expires_at,
        deleted=bool(item.deleted),
        place=BatchPlace(item.batch_id, item.file_id) if item.batch_id and item.file_id else None,
        delivers=bool(item.delivers),
    )


def _result(data: dict[str, Any] | None) -> Result | None:
    if not data:
        return None
    return Result(StoredFile(**data["file"]), data["sha256"], tuple(data["warnings"]), data["report"])
