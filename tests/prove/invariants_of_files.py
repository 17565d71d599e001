"""What must hold of batches, folders and uploads when the dust has settled."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from chalicelib.domain import folders
from chalicelib.domain.batches import FileStatus
from chalicelib.store.batches import FILE, HEADER, arrival_id
from chalicelib.store.tables import ConversionItem
from chalicelib.store.tables_files import ArrivalItem, BatchFileItem, BatchItem
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
        if row.batch_id and row.conversion_id not in taken:
            yield Violation(Kind.DOUBLE_CHARGE, f"{row.conversion_id} is of a file that another conversion has")


def _header(header: BatchItem, files: list[BatchFileItem]) -> Violations:
    counted = {status.value: int(getattr(header, status.value) or 0) for status in FileStatus}
    found = Counter(file.status for file in files)
    if counted != {status.value: found[status.value] for status in FileStatus}:
        yield Violation(Kind.MISCOUNTED, f"batch {header.batch_id} counts {counted}, its files are {dict(found)}")
    if header.deadline is None:
        return
    if found[FileStatus.WAITING.value] or found[FileStatus.PROCESSING.value] or not header.archive:
        yield Violation(Kind.STUCK, f"batch {header.batch_id}: {dict(found)}, archive {header.archive}")
    elif (header.archive["key"] is None) == bool(found[FileStatus.SUCCESS.value]):
        yield Violation(Kind.LOST_CONVERSION, f"batch {header.batch_id}: {dict(found)}, archive {header.archive}")


def _dropped(world: World, files: list[BatchFileItem], rows: dict[str, ConversionItem]) -> Violations:
    """What lay last under a key was converted, or refused, and what it came to lies under ``results/``.

    Of objects that replaced each other the results may do so in another order.
    """
    refused = {file.source_key for file in files if file.status == FileStatus.FAILED.value}
    for key, body in world.dropped.items():
        etag, path = hashlib.md5(body).hexdigest(), folders.parse(key)
        arrivals = list(ArrivalItem.query(arrival_id(key), ArrivalItem.item == etag, consistent_read=True))
        row = rows.get(arrivals[0].conversion_id) if arrivals else None
        if path is None or (row is None and key not in refused):
            yield Violation(Kind.LOST_CONVERSION, f"{key} was dropped, and nothing came of it")
        elif key in world.replaced or (row and row.deleted):
            continue  # deleted perhaps before it was published
        elif row and row.status == "success" and path.result_key("pdf") not in world.bucket.objects:
            yield Violation(Kind.LOST_CONVERSION, f"{key} was converted, and its result is not under results/")
        elif (row is None or row.status == "failed") and path.problem_key not in world.bucket.objects:
            yield Violation(Kind.LOST_CONVERSION, f"{key} failed, and nothing says why")
