"""API keys in DynamoDB: their hashes, never the keys."""

from dataclasses import dataclass

from pynamodb.pagination import ResultIterator

from chalicelib.domain.audit import AuditEntry
from chalicelib.store.audit import told
from chalicelib.store.conditional import update_if
from chalicelib.store.pages import Page, Position, read_page
from chalicelib.store.tables import ApiKeyItem
from chalicelib.store.transactions import Transactor, Write


@dataclass(frozen=True)
class ApiKey:
    """A key of ``owner_id``. Empty ``actions`` permit whatever the owner may; times are RFC 3339."""

    key_id: str
    owner_id: str
    name: str
    prefix: str
    secret_hash: str
    actions: tuple[str, ...]
    created_at: str
    expires_at: str | None = None
    last_used_at: str | None = None


class ApiKeys:
    """Reads and writes of the table of keys."""

    def __init__(self, transactor: Transactor) -> None:
        self._transactor = transactor

    def get(self, key_id: str) -> ApiKey | None:
        """The key, read consistently, so that a revocation holds from the next request on."""
        try:
            return _key(ApiKeyItem.get(key_id, consistent_read=True))
        except ApiKeyItem.DoesNotExist:
            return None

    def page(self, owner_id: str, start: Position | None, limit: int) -> Page[ApiKey]:
        """A page of an owner's keys, oldest first."""

        def query(count: int) -> ResultIterator[ApiKeyItem]:
            return ApiKeyItem.by_owner.query(owner_id, limit=count, last_evaluated_key=start)

        return read_page(query, _key, limit)

    def create(self, key: ApiKey, entry: AuditEntry | None = None) -> None:
        """Store a new key, and tell the audit."""
        item = ApiKeyItem(
            key_id=key.key_id,
            owner_id=key.owner_id,
            name=key.name,
            prefix=key.prefix,
            secret_hash=key.secret_hash,
            actions=list(key.actions),
            created_at=key.created_at,
            expires_at=key.expires_at,
        )
        self._transactor.commit([Write("key", item), *told(entry)])

    def delete(self, key: ApiKey, entry: AuditEntry | None = None) -> None:
        """Revoke a key, and tell the audit."""
        self._transactor.commit([Write("key", ApiKeyItem(key.key_id), deletes=True), *told(entry)])

    def touch(self, key: ApiKey, used_at: str) -> None:
        """Note the last use; a key that was revoked meanwhile does not come back."""
        update_if(ApiKeyItem(key.key_id), [ApiKeyItem.last_used_at.set(used_at)], ApiKeyItem.key_id.exists())


def _key(item: ApiKeyItem) -> ApiKey:
    return ApiKey(
        key_id=item.key_id,
        owner_id=item.owner_id,
        name=item.name,
        prefix=item.prefix,
        secret_hash=item.secret_hash,
        actions=tuple(item.actions or ()),
        created_at=item.created_at,
        expires_at=item.expires_at,
        last_used_at=item.last_used_at,
    )
