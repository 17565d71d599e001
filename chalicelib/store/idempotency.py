"""Idempotency records in DynamoDB: what a key of a user on a route created."""

from dataclasses import dataclass

from chalicelib.store.tables import IdempotencyItem
from chalicelib.store.transactions import Write

TTL_SLACK_S = 3_600
"""DynamoDB's TTL deletes late anyway; records are judged by ``expires_at`` alone."""


@dataclass(frozen=True)
class KeyRecord:
    """A used key. ``created`` is the id of what it created, ``expires_at`` epoch seconds.

    ``replaces`` is the ``created`` of an expired or failed record that may be overwritten.
    """

    key: str
    fingerprint: str
    created: str
    expires_at: float
    replaces: str | None = None


class Idempotency:
    """Reads of idempotency records; they are written only inside transactions."""

    def get(self, key: str) -> KeyRecord | None:
        """The record of ``key``, read consistently; expired ones too."""
        try:
            item = IdempotencyItem.get(key, consistent_read=True)
        except IdempotencyItem.DoesNotExist:
            return None
        return KeyRecord(item.key, item.fingerprint, item.created, float(item.expires_at))


def put_record(record: KeyRecord) -> Write:
    """The write of ``record``, if its key is free or still holds what it replaces."""
    condition = IdempotencyItem.key.does_not_exist()
    if record.replaces:
        condition |= IdempotencyItem.created == record.replaces
    item = IdempotencyItem(
        key=record.key,
        fingerprint=record.fingerprint,
        created=record.created,
        expires_at=record.expires_at,
        ttl=int(record.expires_at) + TTL_SLACK_S,
    )
    return Write("key", item, condition)
