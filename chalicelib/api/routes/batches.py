"""Batches: many files by one order, or by folders in the bucket."""

from chalicelib.api import batch_views, outcomes
from chalicelib.api.access import Access
from chalicelib.api.call import Call, Reply
from chalicelib.api.endpoint import Returns, Routes
from chalicelib.api.schemas.base import PageQuery
from chalicelib.api.schemas.batches import BatchesOut, BatchIn, BatchOut, BatchSummaryOut, CredentialsOut, NewBatchOut
from chalicelib.api.schemas.conversions import DownloadOut, DownloadQuery
from chalicelib.conversions import BY_SLUG
from chalicelib.domain.batches import Batch
from chalicelib.domain.errors import (
    Conflict,
    DocumentRefused,
    FieldError,
    Gone,
    InvalidRequest,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    UploadMissing,
    UploadUsed,
)
from chalicelib.services import api_keys, batch_control, batches, inbox_keys

ROUTES = Routes("Batches")
_ALL = "/api/v3/batches"
_ONE = f"{_ALL}/{{batch_id}}"


@ROUTES.add(
    "POST",
    _ALL,
    Access.WRITER,
    Returns(201, "The batch, and where to post each file.", NewBatchOut),
    body=BatchIn,
    may_refuse=(PayloadTooLarge, NotFound, UploadMissing, UploadUsed, DocumentRefused),
    open_to_keys=True,
)
def create(call: Call) -> Reply:
    """Order the conversion of many files; each starts as it arrives."""
    body = call.json(BatchIn)
    spec = BY_SLUG.get(body.slug)
    if spec is None:
        raise InvalidRequest.of([FieldError(("body", "slug"), f"is none of {', '.join(BY_SLUG)}", "enum")])
    api_keys.require_in_scope(call.key, spec.action)
    files = [batches.NewFile(file.filename, file.size, file.upload_id) for file in body.files]
    order = batches.NewBatch(spec, body.options, files)
    return Reply(batch_views.new_batch_out(*batches.create(call.service, call.caller, order)), status=201)


@ROUTES.add(
    "GET", _ALL, Access.USER, Returns(200, "The caller's batches.", BatchesOut), query=PageQuery, open_to_keys=True
)
def list_batches(call: Call) -> BatchesOut:
    """The caller's batches, newest first."""
    query = call.query(PageQuery)
    page = batches.own(call.service, call.caller, call.unseal(query.cursor), query.limit)
    items = [batch_views.summary_out(call.service, one, call.base_url) for one in page.rows]
    return BatchesOut(items=items, limit=query.limit, next_cursor=call.seal(page.next))


@ROUTES.add(
    "POST",
    f"{_ALL}/credentials",
    Access.WRITER,
    Returns(201, "Temporary keys.", CredentialsOut),
    open_to_keys=True,
)
def credentials(call: Call) -> Reply:
    """Temporary S3 keys of one hour: files put into the inbox are converted."""
    access = inbox_keys.issue(call.service, call.caller, call.key)
    return Reply(batch_views.credentials_out(call.service, access), status=201)


@ROUTES.add(
    "GET",
    _ONE,
    Access.USER,
    Returns(200, "The batch as it stands.", BatchOut),
    query=PageQuery,
    open_to_keys=True,
    may_refuse=(NotFound, MethodNotAllowed),  # "credentials" in the place of an id is another route's address
)
def get(call: Call) -> BatchOut:
    """A batch, and a page of its files."""
    query = call.query(PageQuery)
    batch = batches.get(call.service, call.caller, call.path("batch_id"))
    page = call.service.store.batches.file_page(batch.batch_id, call.unseal(query.cursor), query.limit)
    return batch_views.batch_out(call.service, batch, page.rows, (query.limit, call.seal(page.next)), call.base_url)


@ROUTES.add(
    "POST",
    f"{_ONE}/retry",
    Access.WRITER,
    Returns(200, "The batch: what is tried again is counted as waiting.", BatchSummaryOut),
    open_to_keys=True,
    may_refuse=(NotFound, Conflict),
)
def retry(call: Call) -> BatchSummaryOut:
    """Try the failed files of one's batch again, as far as their objects are still there."""
    batch = _in_scope(call)
    return batch_views.summary_out(
        call.service, batch_control.retry(call.service, call.caller, batch.batch_id), call.base_url
    )


@ROUTES.add(
    "DELETE",
    _ONE,
    Access.WRITER,
    Returns(204, "What had not started is cancelled, uncharged or refunded; the files are gone."),
    open_to_keys=True,
    may_refuse=(NotFound, MethodNotAllowed),  # "credentials" in the place of an id is another route's address
)
def cancel(call: Call) -> Reply:
    """Cancel what has not started of a batch, and remove its files; what is at work ends."""
    batch_control.cancel(call.service, call.caller, _in_scope(call).batch_id)
    return Reply(status=204)


def _in_scope(call: Call) -> Batch:
    batch = batches.get(call.service, call.caller, call.path("batch_id"))
    if batch.slug in BY_SLUG:
        api_keys.require_in_scope(call.key, BY_SLUG[batch.slug].action)
    return batch


@ROUTES.add(
    "GET",
    f"{_ONE}/download",
    Access.USER,
    (
        Returns(307, "The zip is at Location, for a short while.", headers=("Location",)),
        Returns(200, "The zip, to who follows; with redirect=false: where it is.", DownloadOut, or_file=True),
    ),
    query=DownloadQuery,
    open_to_keys=True,
    may_refuse=(NotFound, Conflict, Gone),
)
def download(call: Call) -> Reply:
    """The results of a batch as one zip, by a short-lived URL."""
    query = call.query(DownloadQuery)
    return outcomes.download(query, *batches.download(call.service, call.caller, call.path("batch_id")))
