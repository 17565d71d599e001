"""Batches: up to a thousand files, which the service converts by itself as they arrive, and one zip."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from convertpro import conversions, requests
from convertpro.effects import Call, Flow, Sleep, Together
from convertpro.folders import JOBS
from convertpro.formats import json_fields
from convertpro.models import Batch
from convertpro.requests import Session

POLL_S = 2.0


def create(session: Session, files: Sequence[Path], slug: str, options: Mapping[str, Any]) -> Flow[Batch]:
    """A batch whose files have all been sent. An order that is sent again after a lost answer costs nothing."""
    order = {
        "slug": slug,
        "options": json_fields(options),
        "files": [{"filename": path.name, "size": path.stat().st_size} for path in files],
    }
    made = (yield from requests.request(session, Call("POST", "/api/v3/batches", json=order))).json()
    rooms = zip(made["files"], files, strict=True)
    yield Together([conversions.posted(session, room, path) for room, path in rooms], JOBS)
    return (yield from get(session, made["batch_id"]))


def get(session: Session, batch_id: str) -> Flow[Batch]:
    """A batch as it stands."""
    return Batch.of((yield from requests.request(session, Call("GET", f"/api/v3/batches/{batch_id}"))).json())


def wait(session: Session, batch_id: str) -> Flow[Batch]:
    """The batch when all its files have ended and its zip is there, where any file succeeded."""
    while True:
        batch = yield from get(session, batch_id)
        if batch.has_ended and (batch.download_url or not batch.counts.get("success")):
            return batch
        yield Sleep(POLL_S)


def save(session: Session, batch: Batch, to: Path | None) -> Flow[Path]:
    """The zip of a batch's results as a file; what is there is replaced."""
    target = to or Path(f"{batch.batch_id}.zip")
    target = target / f"{batch.batch_id}.zip" if target.is_dir() else target
    partial = target.with_name(f".{target.name}.part")
    try:
        url = batch.download_url or f"/api/v3/batches/{batch.batch_id}/download"
        yield from conversions.fetched(session, url, partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target
