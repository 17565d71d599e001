"""Conversions: a route for each of the catalogue, and what became of them."""

from collections.abc import Callable

from chalicelib.api import outcomes, views
from chalicelib.api.access import Access
from chalicelib.api.call import Call, Reply
from chalicelib.api.endpoint import Handler, Returns, Routes
from chalicelib.api.prefer import Preference, parse
from chalicelib.api.schemas.conversions import (
    ConversionOut,
    DownloadOut,
    DownloadQuery,
    HistoryOut,
    HistoryQuery,
    PreviewQuery,
)
from chalicelib.api.submissions import read_submission, read_uploads
from chalicelib.conversions import CATALOGUE
from chalicelib.conversions.spec import ConversionSpec
from chalicelib.domain.conversion import Conversion
from chalicelib.domain.errors import (
    Conflict,
    DocumentRefused,
    Forbidden,
    Gone,
    InsufficientPoints,
    LengthRequired,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    ServiceFailure,
    Unavailable,
    UploadMissing,
    UploadUsed,
)
from chalicelib.services import cancellation, conversions, idempotency, previews
from chalicelib.services.accept import accept
from chalicelib.services.submission import Submission

ROUTES = Routes("Conversions")
_ONE = "/api/v3/conversions/{conversion_id}"
_ENDED = Returns(200, "It has ended in success.", ConversionOut, headers=("X-Idempotent-Replay", "Preference-Applied"))
_RUNNING = Returns(
    202,
    "It is under way; ask at Location.",
    ConversionOut,
    headers=("Location", "Retry-After", "X-Idempotent-Replay", "Preference-Applied"),
)
_NO_SUCH = (NotFound, MethodNotAllowed)
"""A conversion's name in the place of an id is the address of another route, with another method."""

_STATE = Returns(200, "The conversion as it stands.", ConversionOut, headers=("Preference-Applied",))
_REFUSALS = (
    LengthRequired,
    PayloadTooLarge,
    InsufficientPoints,
    NotFound,
    UploadMissing,
    UploadUsed,
    DocumentRefused,
    ServiceFailure,
    Unavailable,
)


def _convert(spec: ConversionSpec, read: Callable[[Call, ConversionSpec], Submission]) -> Handler:
    def handler(call: Call) -> Reply:
        settings = call.service.settings
        preference = parse(call.header("Prefer"), settings.default_wait_s, settings.longest_wait_s)
        submission = read(call, spec)
        call.stopwatch.lap("read")
        key = idempotency.parse_key(call.header("Idempotency-Key"))
        accepted = accept(call.service, call.caller, submission, key)
        call.stopwatch.lap("accept")
        conversion = conversions.wait(call.service, accepted.conversion, preference.wait_s)
        call.stopwatch.lap("wait")
        return _outcome(call, conversion, preference, accepted.replayed)

    return handler


def _outcome(call: Call, conversion: Conversion, preference: Preference, replayed: bool) -> Reply:
    """200 when it succeeded, 202 while it runs, the stored problem when it failed."""
    headers = _applied(preference) | ({"X-Idempotent-Replay": "true"} if replayed else {})
    if conversion.problem:
        return outcomes.failed(call, conversion, conversion.problem, headers)
    out = views.conversion_out(call.service, conversion, call.base_url)
    if not conversion.is_open:
        return Reply(out, headers=headers)
    return Reply(out, 202, headers | outcomes.running(views.conversion_url(conversion, call.base_url)))


def _applied(preference: Preference) -> dict[str, str]:
    return {"Preference-Applied": preference.applied} if preference.applied else {}


for _spec in CATALOGUE:
    # The second takes what the first takes as JSON: generated clients have one body for each operation.
    for _path, _read in ((_spec.slug, read_submission), (f"{_spec.slug}/by-upload", read_uploads)):
        ROUTES.add(
            "POST",
            f"/api/v3/conversions/{_path}",
            Access.WRITER,
            (_ENDED, _RUNNING),
            summary=_spec.summary if _read is read_submission else f"{_spec.label}: of what was uploaded before.",
            conversion=_spec,
            request_headers=("Idempotency-Key", "Prefer"),
            may_refuse=_REFUSALS,
            open_to_keys=True,
            by_upload=_read is read_uploads,
        )(_convert(_spec, _read))


@ROUTES.add(
    "GET",
    "/api/v3/conversions/history",
    Access.USER,
    Returns(200, "Conversions, newest first.", HistoryOut),
    query=HistoryQuery,
    open_to_keys=True,
    may_refuse=(Forbidden, NotFound),
)
def history(call: Call) -> HistoryOut:
    """Conversions: one's own, or of a user in one's sight."""
    query = call.query(HistoryQuery)
    wanted = conversions.HistoryFilter(query.action, query.status, query.since, query.until, query.user_id)
    page = conversions.history(call.service, call.caller, wanted, call.unseal(query.cursor), query.limit)
    items = [views.conversion_out(call.service, one, call.base_url) for one in page.rows]
    return HistoryOut(items=items, limit=query.limit, next_cursor=call.seal(page.next))


@ROUTES.add("GET", _ONE, Access.USER, _STATE, request_headers=("Prefer",), may_refuse=_NO_SUCH, open_to_keys=True)
def get(call: Call) -> Reply:
    """One conversion; with Prefer: wait=N the answer waits for its end."""
    preference = parse(call.header("Prefer"), 0)
    conversion = conversions.get(call.service, call.caller, call.path("conversion_id"))
    conversion = conversions.wait(call.service, conversion, preference.wait_s)
    return Reply(views.conversion_out(call.service, conversion, call.base_url), headers=_applied(preference))


@ROUTES.add(
    "GET",
    f"{_ONE}/download",
    Access.USER,
    (
        Returns(307, "The file is at Location, for a short while.", headers=("Location",)),
        Returns(200, "The file, to who follows; with redirect=false: where it is.", DownloadOut, or_file=True),
    ),
    query=DownloadQuery,
    open_to_keys=True,
    may_refuse=(NotFound, Conflict, Gone),
)
def download(call: Call) -> Reply:
    """The result, by a short-lived URL."""
    query = call.query(DownloadQuery)
    return outcomes.download(query, *conversions.download(call.service, call.caller, call.path("conversion_id")))


@ROUTES.add(
    "GET",
    f"{_ONE}/preview",
    Access.USER,
    (
        Returns(307, "The picture, or a workbook's first rows, is at Location.", headers=("Location",)),
        Returns(200, "The picture, to who follows; with redirect=false: where it is.", DownloadOut, or_file=True),
    ),
    query=PreviewQuery,
    open_to_keys=True,
    may_refuse=(NotFound, Conflict, Gone, DocumentRefused, Unavailable),
)
def preview(call: Call) -> Reply:
    """A page as PNG, or the first rows of a workbook as JSON; one's own, by a short-lived URL."""
    query = call.query(PreviewQuery)
    found = previews.obtain(call.service, call.caller, call.path("conversion_id"), query.of, query.page)
    return outcomes.download(query, *found)


@ROUTES.add(
    "POST",
    f"{_ONE}/cancel",
    Access.WRITER,
    Returns(200, "It is cancelled, and refunded.", ConversionOut),
    may_refuse=(NotFound, Conflict),
    open_to_keys=True,
)
def cancel(call: Call) -> ConversionOut:
    """Cancel a conversion that still waits; one that an engine has begun with goes on."""
    cancelled = cancellation.cancel(call.service, call.caller, call.path("conversion_id"))
    return views.conversion_out(call.service, cancelled, call.base_url)


@ROUTES.add(
    "DELETE",
    _ONE,
    Access.WRITER,
    Returns(204, "The files are gone."),
    may_refuse=(*_NO_SUCH, Conflict),
    open_to_keys=True,
)
def delete(call: Call) -> Reply:
    """Delete a conversion's files; ledger and history stay."""
    conversions.delete(call.service, call.caller, call.path("conversion_id"))
    return Reply(status=204)
