"""The legacy converters of v1 and v2: a quota instead of points, a file name instead of an id."""

import hashlib
import hmac
import re
from datetime import timedelta

from chalicelib.domain.conversion import Conversion
from chalicelib.domain.errors import ConvertProError, NotFound, TooManyRequests
from chalicelib.domain.users import User
from chalicelib.domain.versions import ANONYMOUS, V1, VersionPolicy
from chalicelib.services import Service, conversions, tokens
from chalicelib.services.accept import accept
from chalicelib.services.conversions import HistoryFilter
from chalicelib.services.submission import Submission
from chalicelib.settings import Settings

PAGE = 200
_TAG = 32
_FILE_NAME = re.compile(rf"([0-9A-Z]{{26}})-([0-9a-f]{{{_TAG}}})\.[a-z0-9]+")


def is_enabled(settings: Settings, policy: VersionPolicy) -> bool:
    """Whether this deployment offers the version: v1, which needs no token, is off unless asked for."""
    if policy is not V1:
        return True
    return settings.is_local if settings.v1_enabled is None else settings.v1_enabled


def convert(service: Service, user: User, submission: Submission, policy: VersionPolicy, address: str) -> Conversion:
    """Accept one conversion within the caller's quota; a refused one does not count. Raises ``TooManyRequests``."""
    if user.is_super:
        return accept(service, user, submission, policy=policy).conversion
    caller = address if user is ANONYMOUS else user.user_id
    bucket = f"quota#{policy.name}#{hashlib.sha256(caller.encode()).hexdigest()}"
    limit = service.settings.v1_quota_per_hour if policy is V1 else service.settings.v2_quota_per_day
    span_s = policy.quota_window_s or 0
    window = service.store.throttle.reserve(bucket, span_s, service.now_s())
    try:
        if window.count > limit:
            wait_s = max(1, int(window.ends - service.now_s()) + 1)
            detail = f"{policy.name} takes {limit} conversions in {span_s // 3600:.0f} h; wait, or use v3."
            raise TooManyRequests(detail, retry_after_s=wait_s)
        return accept(service, user, submission, policy=policy).conversion
    except ConvertProError:
        service.store.throttle.give_back(bucket, window)
        raise


def file_name(service: Service, conversion: Conversion, kind: str) -> str:
    """The name under which a conversion's file is served: nobody can guess it, and on v1 it is the only key."""
    return f"{conversion.conversion_id}-{_tag(service, conversion.conversion_id)}.{kind}"


def find(service: Service, user: User, name: str, policy: VersionPolicy, action: str) -> Conversion:
    """The conversion of a file name, made on ``policy`` and in ``user``'s sight. Raises ``NotFound``."""
    match = _FILE_NAME.fullmatch(name)
    if match and hmac.compare_digest(match[2], _tag(service, match[1])):
        conversion = (
            service.store.conversions.get(match[1]) if user is ANONYMOUS else conversions.get(service, user, match[1])
        )
        if conversion and conversion.version == policy.name and conversion.action == action:
            return conversion
    raise NotFound("There is no such file.")


def own(service: Service, user: User, policy: VersionPolicy, action: str) -> list[Conversion]:
    """The user's conversions of ``action`` on ``policy`` whose files may still be there, newest first."""
    wanted = HistoryFilter(action=action, since=service.clock() - timedelta(seconds=service.settings.result_lifetime_s))
    page = conversions.history(service, user, wanted, None, PAGE)
    rows = list(page.rows)
    while page.next:  # those of the current version are among them, and may be many
        page = conversions.history(service, user, wanted, page.next, PAGE)
        rows += page.rows
    return [one for one in rows if one.version == policy.name and not one.deleted]


def _tag(service: Service, conversion_id: str) -> str:
    return tokens.keyed_digest(service, "legacy file", conversion_id.encode())[:_TAG]
