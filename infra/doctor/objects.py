"""No object outlives its use: that of an open conversion, of a result that is kept, or of an upload for later."""

from collections.abc import Iterator
from functools import partial

from chalicelib.services import conversions
from infra.doctor.site import Finding, Site


def of_conversions(site: Site) -> Iterator[Finding]:
    """What lies under conversions/ and is neither input of an open one nor a result that can be downloaded."""
    for key in site.settled_objects("conversions/"):
        # Its row, read now: an object is written before its row, and goes after the row has ended.
        row = site.service.store.conversions.get(key.split("/")[1])
        if row is None:
            yield Finding(f"object {key}: there is no such conversion", partial(_delete, site, key))
        elif not row.is_open and site.is_settled(row):
            is_result = row.result is not None and key == row.result.file.key
            if not (is_result and (conversions.is_available(site.service, row) or _is_just_over(site, row.due_at))):
                yield Finding(f"object {key}: its conversion has ended", partial(_delete, site, key))


def of_uploads(site: Site) -> Iterator[Finding]:
    """What lies under uploads/ and was used, has expired, or was never announced."""
    for key in site.settled_objects("uploads/"):
        upload = site.service.store.uploads.get(key.rpartition("/")[2])
        if upload is None or upload.conversion_id or upload.expires_at <= site.now_s:
            state = "was used" if upload and upload.conversion_id else "has expired" if upload else "does not exist"
            yield Finding(f"object {key}: its upload {state}", partial(_delete, site, key))


def _is_just_over(site: Site, due_at: float) -> bool:
    """Whether a result's time has only just run out: the sweeper comes."""
    return due_at > site.now_s - site.settles_s


def _delete(site: Site, key: str) -> bool:
    site.service.store.files.delete([key])
    return True
