"""The versions of the API as data: on which terms each takes conversions."""

from dataclasses import dataclass

from chalicelib.domain.users import Role, User


@dataclass(frozen=True)
class VersionPolicy:
    """One version. ``quota_window_s``: seconds in which a caller may have its quota accepted; None: no quota."""

    name: str
    needs_token: bool
    is_charged: bool
    has_idempotency: bool
    quota_window_s: float | None = None

    @property
    def prefix(self) -> str:
        """What its conversion routes start with."""
        return f"/api/{self.name}/conversions"


V1 = VersionPolicy("v1", needs_token=False, is_charged=False, has_idempotency=False, quota_window_s=3_600)
V2 = VersionPolicy("v2", needs_token=True, is_charged=False, has_idempotency=False, quota_window_s=86_400)
V3 = VersionPolicy("v3", needs_token=True, is_charged=True, has_idempotency=True)

ANONYMOUS = User("anonymous", "", "", Role.GENERAL, is_active=True, created_at="")
"""Who converts where no token is needed; it has no row and owns nothing that can be listed."""
