"""The rate at which a user may ask for work: so many requests in a minute that begins with the first of them."""

import math
from dataclasses import dataclass

from chalicelib.domain.errors import TooManyRequests
from chalicelib.domain.users import User
from chalicelib.services import Service

WINDOW_S = 60


@dataclass(frozen=True)
class Quota:
    """What a user may still ask for: ``remaining`` of ``limit`` requests until it is whole again in ``resets_s``."""

    limit: int
    remaining: int
    resets_s: int
    is_exceeded: bool = False


def count(service: Service, user: User) -> Quota:
    """Count one request of ``user``; what is left with it."""
    limit, now = service.settings.rate_limit_per_minute, service.now_s()
    window = service.store.throttle.reserve(f"rate#{user.user_id}", WINDOW_S, now)
    resets_s = max(1, math.ceil(window.ends - now))
    return Quota(limit, max(0, limit - window.count), resets_s, window.count > limit)


def require(quota: Quota) -> None:
    """Raise ``TooManyRequests`` when ``quota`` was used up before."""
    if quota.is_exceeded:
        raise TooManyRequests(
            f"You may send {quota.limit} of these requests in a minute; try again in {quota.resets_s} s.",
            retry_after_s=quota.resets_s,
        )
