"""The answers that conversion routes of every version share."""

from collections.abc import Mapping

from chalicelib.api.call import Call, Reply
from chalicelib.api.schemas.conversions import DownloadOut, DownloadQuery
from chalicelib.domain import problems
from chalicelib.domain.conversion import Conversion
from chalicelib.domain.errors import Problem

RETRY_AFTER_S = 1


def failed(call: Call, conversion: Conversion, problem: Problem, headers: Mapping[str, str]) -> Reply:
    """The stored problem of a conversion that failed within the wait."""
    body = problems.render_stored(problem, call.base_url)
    about = {"instance": call.url, "conversion_id": conversion.conversion_id}
    return Reply(status=body["status"], headers=headers, problem=body | about)


def running(location: str) -> dict[str, str]:
    """The headers of a 202."""
    return {"Location": location, "Retry-After": str(RETRY_AFTER_S)}


def download(query: DownloadQuery, url: str, expires_at: str) -> Reply:
    """The way to a file: a redirect, or with ``redirect=false`` where it is."""
    if query.redirect:
        return Reply(status=307, headers={"Location": url})
    return Reply(DownloadOut(url=url, expires_at=expires_at))
