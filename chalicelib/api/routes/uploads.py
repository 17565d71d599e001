"""Uploads: room in the bucket for files that are too large for a request."""

from chalicelib.api import views
from chalicelib.api.access import Access
from chalicelib.api.call import Call, Reply
from chalicelib.api.endpoint import Returns, Routes
from chalicelib.api.schemas.uploads import UploadIn, UploadOut
from chalicelib.domain.errors import PayloadTooLarge
from chalicelib.services import uploads

ROUTES = Routes("Uploads")


@ROUTES.add(
    "POST",
    "/api/v3/uploads",
    Access.WRITER,
    Returns(201, "Where to post the file.", UploadOut),
    body=UploadIn,
    may_refuse=(PayloadTooLarge,),
    open_to_keys=True,
)
def create(call: Call) -> Reply:
    """Make room for one large file, which starts one conversion."""
    body = call.json(UploadIn)
    new = uploads.NewUpload(body.filename, body.size, body.content_type)
    return Reply(views.upload_out(*uploads.create(call.service, call.caller, new)), status=201)
