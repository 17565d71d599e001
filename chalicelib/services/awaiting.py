"""What was awaited by URL has come, or never will: the conversion or the batch that named it goes on."""

from chalicelib.domain.errands import Errand
from chalicelib.services import Service, batch_uploads, fetches


def arrived(service: Service, key: str) -> None:
    """A fetched file lies under ``key``."""
    _go_on(service, key.rpartition("/")[2])


def conclude(service: Service, errand: Errand) -> None:
    """A fetch has ended: who waits for its file goes on or fails; where it came from, secrets too, is forgotten."""
    upload_id = errand.key.scope.partition("#")[2]
    service.store.files.delete([fetches.job_key(upload_id)])
    _go_on(service, upload_id)


def _go_on(service: Service, upload_id: str) -> None:
    upload = service.store.uploads.get(upload_id)
    if upload and upload.place:
        batch_uploads.go_on(service, upload)
    elif upload and upload.conversion_id:
        fetches.resume(service, upload.conversion_id)
