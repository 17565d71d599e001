"""A user's view of conversions: one, its file, the history, waiting for its end."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.domain.clock import rfc3339
from chalicelib.domain.conversion import Conversion, Status
from chalicelib.domain.errors import Conflict, Gone, NotFound
from chalicelib.domain.filekinds import KINDS
from chalicelib.domain.ids import first_id_at, is_id
from chalicelib.domain.users import User
from chalicelib.services import Service, accounts
from chalicelib.store.pages import Page, Position

FIRST_PAUSE_S, LONGEST_PAUSE_S, PAUSE_GROWTH = 0.04, 0.5, 1.3
LAST_ID = "7" + "Z" * 25


@dataclass(frozen=True)
class HistoryFilter:
    """What to list: ``since`` inclusive, ``until`` exclusive."""

    action: str | None = None
    status: Status | None = None
    since: datetime | None = None
    until: datetime | None = None
    user_id: str | None = None


def get(service: Service, actor: User, conversion_id: str) -> Conversion:
    """A conversion in ``actor``'s sight. Raises ``NotFound``."""
    conversion = service.store.conversions.get(conversion_id) if is_id(conversion_id) else None
    if conversion is None or not accounts.is_in_sight(service, actor, conversion.owner_id):
        raise NotFound("There is no such conversion.")
    return conversion


def wait(
    service: Service, conversion: Conversion, wait_s: float, sleep: Callable[[float], None] = time.sleep
) -> Conversion:
    """The conversion as it stands when it has ended, or after ``wait_s`` seconds."""
    deadline = time.monotonic() + wait_s
    pause_s = FIRST_PAUSE_S
    while conversion.is_open and time.monotonic() < deadline:
        sleep(min(pause_s, max(0.0, deadline - time.monotonic())))
        pause_s = min(LONGEST_PAUSE_S, pause_s * PAUSE_GROWTH)
        conversion = service.store.conversions.get(conversion.conversion_id) or conversion
    return conversion


def is_available(service: Service, conversion: Conversion) -> bool:
    """Whether the result can be downloaded now."""
    return conversion.result is not None and not conversion.deleted and not _has_expired(service, conversion)


def _has_expired(service: Service, conversion: Conversion) -> bool:
    return bool(conversion.expires_at) and datetime.fromisoformat(conversion.expires_at or "") <= service.clock()


def download(service: Service, actor: User, conversion_id: str) -> tuple[str, str]:
    """A short-lived URL of a result in ``actor``'s sight, and when it expires. Also raises ``NotFound``."""
    return download_url(service, get(service, actor, conversion_id))


def download_url(service: Service, conversion: Conversion) -> tuple[str, str]:
    """A short-lived URL of the result, and when it expires. Raises ``Conflict``, ``Gone``."""
    if conversion.is_open:
        raise Conflict("The conversion is still under way; ask again when its status is success.")
    if conversion.deleted and not _has_expired(service, conversion):
        raise Gone("The files of this conversion were deleted.")
    if conversion.result is None:
        raise Conflict("The conversion failed; there is nothing to download.")
    if not is_available(service, conversion):
        raise Gone("The result has expired; convert the document again.")
    file = conversion.result.file
    return presigned(service, file.key, file.name, KINDS[file.kind].media_type)


def presigned(service: Service, key: str, name: str, media_type: str) -> tuple[str, str]:
    """A short-lived URL which serves an object under its download ``name``, and when it expires."""
    lifetime_s = service.settings.download_url_lifetime_s
    url = service.store.files.download_url(key, name, media_type, lifetime_s)
    return url, rfc3339(datetime.fromtimestamp(service.now_s() + lifetime_s, UTC))


def delete(service: Service, actor: User, conversion_id: str) -> None:
    """Delete the files; ledger and history stay. Raises ``NotFound``, ``Conflict`` while under way."""
    conversion = get(service, actor, conversion_id)
    if conversion.is_open:
        raise Conflict("The conversion is still under way; delete it when it has ended.")
    delete_result(service, conversion)


def delete_result(service: Service, conversion: Conversion) -> None:
    """Delete what an ended conversion left, if it is there."""
    if conversion.result:
        service.store.files.delete([conversion.result.file.key])
    service.store.files.delete_under(f"{conversion.prefix}preview/")
    if not conversion.deleted:
        service.store.conversions.mark_deleted(conversion.conversion_id, rfc3339(service.clock()))


def history(
    service: Service, actor: User, wanted: HistoryFilter, start: Position | None, limit: int
) -> Page[Conversion]:
    """A page of conversions, newest first: one's own, or of a ``user_id`` in ``actor``'s sight."""
    owner = accounts.get_in_sight(service, actor, wanted.user_id)
    first = first_id_at(wanted.since) if wanted.since else "0"
    last = first_id_at(wanted.until) if wanted.until else LAST_ID
    if first >= last:
        return Page((), None)
    return service.store.conversions.page(owner.user_id, (wanted.action, wanted.status), (first, last), start, limit)
