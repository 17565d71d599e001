"""Results: what the conversions of batches came to is counted, and laid beside each other for folders."""

import json
import logging
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from chalicelib.conversions import BY_SLUG
from chalicelib.domain import folders
from chalicelib.domain.batches import Batch, BatchFile, FileStatus
from chalicelib.domain.conversion import Conversion, Result
from chalicelib.domain.errors import Problem, Unavailable
from chalicelib.domain.folders import FolderPath
from chalicelib.domain.problems import render_stored
from chalicelib.services import Service, batch_progress
from chalicelib.services.batch_progress import Fate
from chalicelib.store.conversions import conversion_of
from chalicelib.store.files import ObjectChanged

_TRIES = 12

_log = logging.getLogger(__name__)


def gather(service: Service, images: Sequence[dict[str, Any]]) -> int | None:
    """Publish and count the conversions of batches among ``images``, rows that ended as the stream has them.

    Answers the position of the first that could not be; from there on they are to be told again.
    """
    by_batch: dict[str, list[Conversion]] = defaultdict(list)
    first: dict[str, int] = {}
    for position, image in enumerate(images):
        if "batch_id" in image:
            conversion = conversion_of(image)
            if conversion.place:
                by_batch[conversion.place.batch_id].append(conversion)
                first.setdefault(conversion.place.batch_id, position)
    for batch_id, ended in sorted(by_batch.items(), key=lambda one: first[one[0]]):
        try:
            _gather_batch(service, batch_id, ended)
        except Exception:  # noqa: BLE001 - logged; the stream tells it again, and what is done does no harm
            _log.exception("gathering failed", extra={"batch_id": batch_id})
            return first[batch_id]
    return None


def show(service: Service, path: FolderPath) -> None:
    """Lay under ``results/`` what the newest arrival under a folder's key came to, and nothing else.

    It is written first and looked at again afterwards: whoever wrote of an arrival that was superseded meanwhile writes
    anew. So what lies there in the end is the newest's, in whatever order they end. Raises ``Unavailable``.
    """
    for attempt in range(_TRIES):
        newest = service.store.arrivals.newest(path.key)
        place = newest.arrival.place
        file = service.store.batches.get_file(place) if place else None
        if file is None or not _lay(service, path, file):
            return
        if service.store.arrivals.newest(path.key).revision == newest.revision:
            return
        service.store.transactor.pause(attempt)
    raise Unavailable("Others put the same file at the same time; its result will be laid down again.")


def shown_keys(path: FolderPath) -> list[str]:
    """All keys under which something may be shown for a folder's file."""
    kinds = BY_SLUG[path.slug].output_kinds if path.slug in BY_SLUG else ()
    return [path.result_key(kind) for kind in ("error.json", *kinds)] if path.has_room else []


def problem_file(service: Service, problem: Problem) -> bytes:
    """The content of a ``.error.json``."""
    body = render_stored(problem, service.settings.public_base_url or "")
    return json.dumps(body, indent=2, ensure_ascii=False).encode()


def _gather_batch(service: Service, batch_id: str, ended: Sequence[Conversion]) -> None:
    files = service.store.batches.get_files(list({one.place for one in ended if one.place}))
    for path in dict.fromkeys(folders.parse(file.source_key) for file in files):
        if path:
            show(service, path)
    _let_go(service, files, ended)
    owner_id, created_at = next((one.owner_id, one.created_at) for one in ended)
    batch = service.store.batches.get(batch_id) or Batch(batch_id, owner_id, created_at)
    now_in = {file.place: file.conversion_id for file in files}
    fates = {one.place: _fate(one) for one in ended if one.place and now_in.get(one.place) == one.conversion_id}
    batch_progress.note(service, batch, fates)


def _fate(conversion: Conversion) -> Fate:
    status = FileStatus.FAILED if conversion.problem else FileStatus.SUCCESS
    return Fate(status, conversion.conversion_id, conversion.problem)


def _let_go(service: Service, files: Sequence[BatchFile], ended: Sequence[Conversion]) -> None:
    """The objects of a batch that were converted go; what failed may be tried again while it is there."""
    converted = {one.conversion_id for one in ended if one.result}
    keys = [file.source_key for file in files if file.conversion_id in converted and not folders.parse(file.source_key)]
    service.store.files.delete(keys)


def _lay(service: Service, path: FolderPath, file: BatchFile) -> bool:
    """Write what ``file`` came to, and take away what others left; False when it has not ended, or there is no room."""
    conversion = service.store.conversions.get(file.conversion_id) if file.conversion_id else None
    problem = conversion.problem if conversion else file.problem
    result = conversion.result if conversion else None
    if not path.has_room or (problem is None and result is None):
        return False
    if problem:
        shown = path.problem_key
        service.store.files.put(shown, problem_file(service, problem))
    elif result:
        shown = path.result_key(result.file.kind)
        _copy(service, result, shown)
    service.store.files.delete([key for key in shown_keys(path) if key != shown])
    return True


def _copy(service: Service, result: Result, key: str) -> None:
    """Copy a result; one that was deleted or expired before stays away."""
    stat = service.store.files.stat(result.file.key)
    try:
        if stat:
            service.store.files.copy(stat, key)
            return
    except ObjectChanged:
        pass
    _log.warning("a result was gone before it was published", extra={"key": result.file.key})
