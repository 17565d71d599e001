"""Families of refresh tokens in DynamoDB: a rotation is one conditional write."""

from dataclasses import dataclass

from chalicelib.store.conditional import update_if
from chalicelib.store.tables import SessionItem


@dataclass(frozen=True)
class Session:
    """A family of refresh tokens. ``token_hash``: of the current generation's token; ``expires_at``: epoch seconds."""

    family_id: str
    user_id: str
    generation: int
    token_hash: str
    expires_at: int


class Sessions:
    """Reads and writes of the sessions table."""

    def create(self, session: Session) -> None:
        """Begin a family."""
        SessionItem(
            family_id=session.family_id,
            user_id=session.user_id,
            generation=session.generation,
            token_hash=session.token_hash,
            revoked=False,
            ttl=session.expires_at,
        ).save()

    def rotate(self, used: Session, token_hash: str, expires_at: int) -> bool:
        """Put the next generation in place of ``used``; False when that is not the current one, or is revoked."""
        condition = (
            (SessionItem.generation == used.generation)
            & (SessionItem.token_hash == used.token_hash)
            & (SessionItem.revoked == False)  # noqa: E712 - an expression, not a comparison
        )
        actions = [
            SessionItem.generation.add(1),
            SessionItem.token_hash.set(token_hash),
            SessionItem.ttl.set(expires_at),
        ]
        return update_if(SessionItem(used.family_id), actions, condition)

    def holds(self, session: Session) -> bool:
        """Whether ``session`` stands as it is: the current generation, not revoked."""
        try:
            item = SessionItem.get(session.family_id, consistent_read=True)
        except SessionItem.DoesNotExist:
            return False
        current = (item.generation, item.token_hash) == (session.generation, session.token_hash)
        return current and not item.revoked

    def revoke(self, family_id: str) -> None:
        """End a family; nothing happens when there is none."""
        update_if(SessionItem(family_id), [SessionItem.revoked.set(True)], SessionItem.family_id.exists())
