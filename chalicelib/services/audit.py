"""Who changes something, and from where: makes the entries of the audit."""

from dataclasses import dataclass
from typing import Any

from chalicelib.domain.audit import AuditEntry, Change
from chalicelib.domain.clock import rfc3339
from chalicelib.domain.ids import new_id
from chalicelib.domain.users import User
from chalicelib.services import Service


@dataclass(frozen=True)
class Author:
    """Somebody who changes something; ``address`` is where the request came from."""

    service: Service
    user: User
    address: str

    def entry(self, change: Change, target_id: str | None = None, **details: Any) -> AuditEntry:
        """The entry of a change of now."""
        now = self.service.clock()
        return AuditEntry(new_id(now), change, rfc3339(now), self.user.user_id, target_id, self.address, details)
