"""Results: what the conversions of batches came to is counted, and laid beside each other for folders."""

import json
import logging
from collections.abc import Sequence
from typing import Any

from chalicelib.domain import folders
from chalicelib.domain.batches import Batch, BatchPlace, FileStatus
from chalicelib.domain.conversion import Conversion
from chalicelib.domain.errors import Problem
from chalicelib.domain.folders import FolderPath
from chalicelib.domain.problems import render_stored
from chalicelib.services import Service, batch_progress
from chalicelib.store.conversions import conversion_of
from chalicelib.store.files import ObjectChanged

_log = logging.getLogger(__name__)


def gather(service: Service, images: Sequence[dict[str, Any]]) -> int | None:
    """Publish and count the conversions of batches among ``images``, rows that ended as the stream has them.

    Answers the position of the first that could not be; from there on they are to be told again.
    """
    by_batch: dict[str, dict[BatchPlace, Conversion]] = {}
    first: dict[str, int] = {}
    for position, image in enumerate(images):
        if "batch_id" in image:
            conversion = conversion_of(image)
            if conversion.place:
                by_batch.setdefault(conversion.place.batch_id, {})[conversion.place] = conversion
                first.setdefault(conversion.place.batch_id, position)
    for batch_id, ended in sorted(by_batch.items(), key=lambda one: first[one[0]]):
        try:
            _gather_batch(service, batch_id, ended)
        except Exception:  # noqa: BLE001 - logged; the stream tells it again, and what is done does no harm
            _log.exception("gathering failed", extra={"batch_id": batch_id})
            return first[batch_id]
    return None


def publish_problem(service: Service, path: FolderPath, problem: Problem) -> None:
    """Lay down, beside the results, why there is none for a file."""
    service.store.files.put(path.problem_key, problem_file(service, problem))


def problem_file(service: Service, problem: Problem) -> bytes:
    """The content of a ``.error.json``."""
    body = render_stored(problem, service.settings.public_base_url or "")
    return json.dumps(body, indent=2, ensure_ascii=False).encode()


def _gather_batch(service: Service, batch_id: str, ended: dict[BatchPlace, Conversion]) -> None:
    files = service.store.batches.get_files(list(ended))
    # What is counted was published before: told again, it must not undo what a later try of that file came to.
    files = sorted((one for one in files if not one.has_ended), key=lambda one: one.file_id)
    for file in files:
        path = folders.parse(file.source_key)
        if path:
            _publish(service, path, ended[file.place])
    owner_id, created_at = next((one.owner_id, one.created_at) for one in ended.values())
    batch = service.store.batches.get(batch_id) or Batch(batch_id, owner_id, created_at)
    batch_progress.note(service, batch, {file.place: _fate(ended[file.place]) for file in files})


def _fate(conversion: Conversion) -> tuple[FileStatus, Problem | None]:
    return (FileStatus.FAILED, conversion.problem) if conversion.problem else (FileStatus.SUCCESS, None)


def _publish(service: Service, path: FolderPath, conversion: Conversion) -> None:
    """Copy a folder's result, or write why there is none; what an earlier try of the same file left goes."""
    files = service.store.files
    if conversion.problem:
        publish_problem(service, path, conversion.problem)
    elif conversion.result:
        file = conversion.result.file
        stat = files.stat(file.key)
        if stat is None:
            _log.warning("a result was gone before it was published", extra={"conversion_id": conversion.conversion_id})
            return
        try:
            files.copy(stat, path.result_key(file.kind))
        except ObjectChanged:
            return
        files.delete([path.problem_key])
