"""What must hold of batches, folders and uploads when the dust has settled."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from chalicelib.domain import folders
from chalicelib.domain.batches import FileStatus
from chalicelib.services import results
from chalicelib.store.arrivals import NEWEST, arrival_id
from chalicelib.store.batch_rows import FILE, HEADER
from chalicelib.store.tables import ConversionItem
from chalicelib.store.tables_files import ArrivalItem, BatchFileItem, BatchItem
from tests.prove.engine import result_of
from tests.prove.stand_ins import UNREADABLE
from tests.prove.violations import Kind, Violation
from tests.prove.world import World

Violations = Iterator[Violation]


def files_kept(world: World, conversions: Iterable[ConversionItem]) -> Violations:
    """Every file became one thing, and batches count what their files are."""
    headers = list(BatchItem.scan(BatchItem.item == HEADER, consistent_read=True))
    files = list(BatchFileItem.scan(BatchFileItem.item.startswith(FILE), consistent_read=True))
    rows = {row.conversion_id: row for row in conversions}
    yield from _places(files, rows)
    by_batch: dict[str, list[BatchFileItem]] = defaultdict(list)
    for file in files:
        by_batch[file.batch_id].append(file)
    for header in headers:
        yield from _header(header, by_batch[header.batch_id])
    yield from _dropped(world, files, rows)


def _places(files: list[BatchFileItem], rows: dict[str, ConversionItem]) -> Violations:
    """A file and its conversion know each other, and nobody else."""
    for file in files:
        row = rows.get(file.conversion_id or "")
        if file.conversion_id and row is None:
            yield Violation(Kind.LOST_CONVERSION, f"{file.source_key} names {file.conversion_id}, which is not there")
        if row and file.status != row.status:
            yield Violation(Kind.MISCOUNTED, f"{file.source_key} is {file.status}, its conversion {row.status}")
        if file.status != file.counted:
            yield Violation(Kind.MISCOUNTED, f"{file.source_key} is {file.status} and counted as {file.counted}")
    taken = {file.conversion_id for file in files}
    for row in rows.values():
        if row.batch_id and row.conversion_id not in taken and row.status != "failed":  # what failed was tried again
            yield Violation(Kind.DOUBLE_CHARGE, f"{row.conversion_id} is of a file that another conversion has")


def _header(header: BatchItem, files: list[BatchFileItem]) -> Violations:
    counted = {status.value: int(getattr(header, status.value) or 0) for status in FileStatus}
    found = Counter(file.status for file in files)
    if counted != {status.value: found[status.value] for status in FileStatus}:
        yield Violation(Kind.MISCOUNTED, f"batch {header.batch_id} counts {counted}, its files are {dict(found)}")
    if header.deadline is None:
        if found[FileStatus.WAITING.value]:
            yield Violation(Kind.STUCK, f"batch {header.batch_id} of folders: {dict(found)}, and nothing is under way")
        return
    if header.cancelled_at:
        if found[FileStatus.WAITING.value] or found[FileStatus.PROCESSING.value] or header.archive:
            yield Violation(Kind.STUCK, f"batch {header.batch_id}, cancelled: {dict(found)}, archive {header.archive}")
    elif found[FileStatus.WAITING.value] or found[FileStatus.PROCESSING.value] or not header.archive:
        yield Violation(Kind.STUCK, f"batch {header.batch_id}: {dict(found)}, archive {header.archive}")
    elif (header.archive["key"] is None) == bool(found[FileStatus.SUCCESS.value]):
        yield Violation(Kind.LOST_CONVERSION, f"batch {header.batch_id}: {dict(found)}, archive {header.archive}")


def _dropped(world: World, files: list[BatchFileItem], rows: dict[str, ConversionItem]) -> Violations:
    """What lies under ``results/`` is what the newest object of each key came to, and nothing else."""
    by_place = {(file.batch_id, file.item.removeprefix(FILE)): file for file in files}
    taken = Counter(file.source_key for file in files if file.conversion_id)
    for key, drop in world.dropped.items():
        if taken[key] > drop.puts:
            yield Violation(Kind.DOUBLE_CHARGE, f"{key} was put {drop.puts} times and converted {taken[key]} times")
        newest = _newest(key)
        file = by_place.get((newest.shown_batch, newest.shown_file)) if newest else None
        if newest is None or file is None or (key in world.bucket.objects and file.conversion_id):
            yield Violation(Kind.LOST_FILE, f"{key} was dropped, and nothing came of it")
            continue
        etag = "unreadable" if drop.body == UNREADABLE else hashlib.md5(drop.body).hexdigest()
        if newest.etag != etag or newest.revision <= drop.after:
            yield Violation(Kind.LOST_FILE, f"{key}: what was put last was not taken")
        yield from _shown(world, key, file, rows.get(file.conversion_id or ""))


def _newest(key: str) -> ArrivalItem | None:
    try:
        return ArrivalItem.get(arrival_id(key), NEWEST, consistent_read=True)
    except ArrivalItem.DoesNotExist:
        return None


def _shown(world: World, key: str, file: BatchFileItem, row: ConversionItem | None) -> Violations:
    path = folders.parse(key)
    if path is None or (row and row.deleted):
        return  # deleted perhaps before it was published
    shown = {one for one in results.shown_keys(path) if one in world.bucket.objects}
    succeeded = row is not None and row.status == "success"
    wanted = {path.result_key("pdf")} if succeeded else {path.problem_key}
    wanted = wanted if path.has_room else set()
    drop = world.dropped[key]
    if drop.cancelled == drop.puts and shown < wanted:
        return  # removed, or told of once more by its end
    if shown != wanted:
        yield Violation(Kind.STALE_RESULT, f"{key} is {file.status}, and {sorted(shown)} lie under results/")
    elif succeeded and world.bucket.objects[path.result_key("pdf")] != result_of(world.dropped[key].body):
        yield Violation(Kind.STALE_RESULT, f"{key}: the result is another object's")
