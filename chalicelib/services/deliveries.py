"""Results to a URL: put to the presigned address that came with the request, as webhooks are told."""

import json
from typing import Any

from chalicelib.domain.conversion import Conversion, Result
from chalicelib.domain.errands import Errand, ErrandKey, Kind, State, message_id
from chalicelib.domain.filekinds import KINDS
from chalicelib.services import Service, errands

SOURCE_LIFETIME_S = 3_600
"""Of the address from which the courier takes the result; the sweeper makes a new one with each of its messages."""


def keep(service: Service, conversion_id: str, url: str) -> None:
    """Remember where a result is to be put: encrypted, since the address itself is the right to put there."""
    service.store.files.put(_order_key(conversion_id), json.dumps({"url": url}).encode(), secret=True)


def discard(service: Service, conversion_id: str) -> None:
    """Forget it."""
    service.store.files.delete([_order_key(conversion_id), job_key(conversion_id)])


def begin(service: Service, conversion: Conversion) -> None:
    """Have the result of a conversion that ended delivered, if it is to be; begun before, it is not begun again."""
    if not conversion.delivers:
        return
    if conversion.result is None:
        discard(service, conversion.conversion_id)
        return
    key = errand_key(conversion.conversion_id)
    if service.store.errands.get(key):
        return
    _write_job(service, conversion, conversion.result)
    now = service.now_s()
    errand = Errand(key, Kind.RESULT, conversion.owner_id, message_id("result", conversion.conversion_id), now)
    errands.begin(service, errand)


def refresh(service: Service, errand: Errand) -> None:
    """Give the courier a new address to take the result from; without one its try fails, and says so."""
    conversion = service.store.conversions.get(errand.key.scope.partition("#")[2])
    if conversion and conversion.result and not conversion.deleted:
        _write_job(service, conversion, conversion.result)


def conclude(service: Service, errand: Errand) -> None:
    """A delivery has ended: what named its addresses goes."""
    discard(service, errand.key.scope.partition("#")[2])


def report(service: Service, conversion: Conversion) -> dict[str, Any]:
    """What ``report.delivery`` says."""
    errand = service.store.errands.get(errand_key(conversion.conversion_id))
    last = errand.tries[-1] if errand and errand.tries else None
    return {
        "state": errand.state.value if errand else State.PENDING.value,
        "tries": len(errand.tries) if errand else 0,
        "status": last.status if last else None,
        "note": last.note if last else None,
    }


def errand_key(conversion_id: str) -> ErrandKey:
    """Where the errand of a result is."""
    return ErrandKey(f"conversion#{conversion_id}", "result")


def job_key(conversion_id: str) -> str:
    """Where it is told what to put where."""
    return f"errands/conversion-{conversion_id}"


def _order_key(conversion_id: str) -> str:
    return f"errands/to-{conversion_id}"


def _write_job(service: Service, conversion: Conversion, result: Result) -> None:
    files = service.store.files
    media_type = KINDS[result.file.kind].media_type
    job = {
        "url": json.loads(files.get(_order_key(conversion.conversion_id)))["url"],
        "source_url": files.download_url(result.file.key, result.file.name, media_type, SOURCE_LIFETIME_S),
        "size": result.file.size,
        "media_type": media_type,
    }
    files.put(job_key(conversion.conversion_id), json.dumps(job).encode(), secret=True)
