"""Uploads: room in the bucket for files that are too large for a request, and files that are fetched by URL."""

from chalicelib.api import views
from chalicelib.api.access import Access
from chalicelib.api.call import Call, Reply
from chalicelib.api.endpoint import Returns, Routes
from chalicelib.api.schemas.uploads import FetchOut, UploadIn, UploadOut
from chalicelib.domain.errors import NotFound, PayloadTooLarge
from chalicelib.services import fetches, uploads

ROUTES = Routes("Uploads")
_ALL = "/api/v3/uploads"
_ROOM = Returns(201, "Where to post the file.", UploadOut)
_FETCHING = Returns(202, "It is being fetched; ask at Location.", FetchOut, headers=("Location",))
_STATE = Returns(200, "The upload as it stands.", FetchOut)


@ROUTES.add(
    "POST", _ALL, Access.WRITER, (_ROOM, _FETCHING), body=UploadIn, may_refuse=(PayloadTooLarge,), open_to_keys=True
)
def create(call: Call) -> Reply:
    """Make room for one large file, or have one fetched from a URL; it starts one conversion."""
    body = call.json(UploadIn)
    if body.url is not None:
        new = fetches.NewFetch(body.url, body.filename, body.headers or {})
        upload = fetches.create(call.service, call.caller, new)
        location = {"Location": f"{call.base_url}{_ALL}/{upload.upload_id}"}
        return Reply(views.fetch_out(call.service, upload, call.base_url), 202, location)
    room = uploads.NewUpload(body.filename or "", body.size or 0, body.content_type)
    return Reply(views.upload_out(*uploads.create(call.service, call.caller, room)), status=201)


@ROUTES.add("GET", f"{_ALL}/{{upload_id}}", Access.USER, _STATE, may_refuse=(NotFound,), open_to_keys=True)
def get(call: Call) -> FetchOut:
    """How an upload stands."""
    upload = uploads.get(call.service, call.caller, call.path("upload_id"))
    return views.fetch_out(call.service, upload, call.base_url)
