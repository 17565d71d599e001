"""Intake: an object that arrived becomes a conversion, or is recorded as refused; once, however often it is told."""

import hashlib
import json
import logging
from dataclasses import dataclass
from typing import Any

from chalicelib.conversions import BY_SLUG
from chalicelib.conversions.spec import ConversionSpec
from chalicelib.domain import folders
from chalicelib.domain.batches import Batch, BatchFile, BatchPlace, FileStatus, secret_key
from chalicelib.domain.clock import rfc3339
from chalicelib.domain.errors import (
    ConvertProError,
    FieldError,
    Forbidden,
    InvalidRequest,
    PayloadTooLarge,
    ServiceFailure,
    UploadMissing,
    UploadUsed,
    problem_of,
)
from chalicelib.domain.filekinds import safe_name
from chalicelib.domain.folders import FolderPath
from chalicelib.domain.users import User
from chalicelib.services import Service, batch_progress, batches, results, secret_options
from chalicelib.services.accept import accept
from chalicelib.services.incoming import StoredObjectFile
from chalicelib.services.submission import Submission, file_too_large
from chalicelib.store.batches import claim_arrival, claim_waiting
from chalicelib.store.files import ObjectStat
from chalicelib.store.transactions import Claim

MAX_OPTIONS_BYTES = 64 * 1024

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Arrival:
    """An object, the file of a batch that it is, and how a conversion takes it."""

    stat: ObjectStat
    batch: Batch
    file: BatchFile
    claims: tuple[Claim, ...]
    path: FolderPath | None = None


def arrived(service: Service, key: str) -> None:
    """An object was put under ``key``. Raises what is worth another delivery: failures of ours."""
    arrival = _of_batch(service, key) if key.startswith(batches.PREFIX) else _of_folder(service, key)
    if arrival is None:
        return
    try:
        conversion_id = _accept(service, arrival)
    except UploadUsed:
        service.store.files.delete_version(arrival.stat)  # told again, or put again unchanged: converted once
        return
    except UploadMissing:
        return  # replaced meanwhile, whose own event comes
    except ServiceFailure:
        raise
    except ConvertProError as error:
        _refuse(service, arrival, error)
        return
    place = arrival.file.place
    batch_progress.note(service, arrival.batch, {place: (FileStatus.PROCESSING, None)})
    _log.info("an object became a conversion", extra={"conversion_id": conversion_id, "batch_id": place.batch_id})


def _of_batch(service: Service, key: str) -> _Arrival | None:
    batch_id, _, file_id = key.removeprefix(batches.PREFIX).partition("/")
    batch = service.store.batches.get(batch_id) if batch_id and file_id else None
    file = service.store.batches.get_file(BatchPlace(batch_id, file_id)) if batch else None
    stat = service.store.files.stat(key)
    if batch is None or file is None or stat is None or file.status is not FileStatus.WAITING:
        return None
    return _Arrival(stat, batch, file, (claim_waiting(file, rfc3339(service.clock())),))


def _of_folder(service: Service, key: str) -> _Arrival | None:
    path = folders.parse(key)
    stat = service.store.files.stat(key) if path else None
    if path is None or stat is None or path.is_options or service.store.users.get(path.user_id) is None:
        return None
    batch = folder_batch(service, path.user_id)
    file = BatchFile(
        batch_id=batch.batch_id,
        file_id=_file_id(service, stat),
        filename=safe_name(path.name, fallback="document"),
        size=stat.size,
        slug=path.slug,
        source_key=key,
        status=FileStatus.WAITING,
        updated_at=rfc3339(service.clock()),
    )
    return _Arrival(stat, batch, file, claim_arrival(file, stat.etag), path)


def folder_batch(service: Service, user_id: str) -> Batch:
    """The batch of what ``user_id`` drops into folders today (UTC)."""
    now = service.clock()
    return Batch(batch_id=f"{user_id}-{now:%Y%m%d}", owner_id=user_id, created_at=rfc3339(now))


def _file_id(service: Service, stat: ObjectStat) -> str:
    """By time, and the same each time that this put of this object is told."""
    digest = hashlib.sha256(f"{stat.key}\n{stat.etag}\n{stat.modified}".encode()).hexdigest()
    return f"{int(stat.modified):011d}-{digest[:24]}"


def _accept(service: Service, arrival: _Arrival) -> str:
    """The id of the conversion. Raises ``ConvertProError``."""
    user = _owner(service, arrival.batch)
    spec = _spec(arrival.file.slug)
    _require_size(service, arrival)
    options = _folder_options(service, arrival.path) if arrival.path else _batch_options(service, arrival.batch)
    source = StoredObjectFile(arrival.file.filename, arrival.stat, service.store.files)
    submission = Submission(spec, [source], options, arrival.claims, [arrival.stat], arrival.file.place)
    return accept(service, user, submission).conversion.conversion_id


def _owner(service: Service, batch: Batch) -> User:
    user = service.store.users.get(batch.owner_id)
    if user is None or not user.is_active:
        raise Forbidden("The account is disabled; nothing of it is converted.")
    return user


def _spec(slug: str | None) -> ConversionSpec:
    spec = BY_SLUG.get(slug or "")
    if spec is None:
        message = f"is none of {', '.join(BY_SLUG)}; put the file under inbox/<user id>/<one of these>/"
        raise InvalidRequest.of([FieldError(("folder", (slug or "")[:64] or "slug"), message, "slug")])
    return spec


def _require_size(service: Service, arrival: _Arrival) -> None:
    declared = arrival.file.size
    if arrival.stat.size > service.settings.max_file_bytes:
        raise file_too_large(service.settings)
    if arrival.stat.size > declared:
        raise PayloadTooLarge(f"The file has {arrival.stat.size} bytes, and {declared} were announced.")


def _batch_options(service: Service, batch: Batch) -> dict[str, Any]:
    if not batch.has_secret:
        return batch.options
    return batch.options | {"password": secret_options.read(service, secret_key(batch.batch_id))}


def _folder_options(service: Service, path: FolderPath) -> dict[str, Any]:
    stat = service.store.files.stat(path.options_key)
    if stat is None:
        return {}
    if stat.size > MAX_OPTIONS_BYTES:
        raise _bad_options("is longer than 64 KiB")
    try:
        options = json.loads(service.store.files.get(path.options_key))
    except ValueError as error:
        raise _bad_options("is not valid JSON") from error
    if not isinstance(options, dict):
        raise _bad_options("must be a JSON object of options")
    return options


def _bad_options(message: str) -> InvalidRequest:
    return InvalidRequest.of([FieldError(("folder", folders.OPTIONS_NAME), message, "options")])


def _refuse(service: Service, arrival: _Arrival, error: ConvertProError) -> None:
    """Record it. The error file first: told again after a crash in between, both are made up for."""
    problem = problem_of(error)
    if arrival.path:
        results.publish_problem(service, arrival.path, problem)
    if batch_progress.refuse(service, arrival.batch, arrival.file, problem):
        _log.info("an object was refused: %s", error.code, extra={"batch_id": arrival.batch.batch_id})
    batch_progress.finish_if_ended(service, arrival.batch.batch_id)
