"""Arrivals in DynamoDB: which object that came under a folder's key is the newest, and decides what is shown."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain.batches import BatchFile, BatchPlace, FileStatus
from chalicelib.store.batch_rows import to_file_item
from chalicelib.store.tables_files import ArrivalItem, BatchFileItem
from chalicelib.store.transactions import SOURCE, Claim, Write

NEWEST = "newest"


@dataclass(frozen=True)
class Arrival:
    """An object that came: ``put`` names this very put of it, ``etag`` its content, ``options`` those of its folder."""

    put: str = ""
    etag: str = ""
    options: str = ""
    place: BatchPlace | None = None


@dataclass(frozen=True)
class Newest:
    """The newest arrival under ``key``. ``revision`` grows whenever that changes, from 0: none came yet."""

    key: str
    revision: int = 0
    arrival: Arrival = Arrival()


class Arrivals:
    """Reads of the arrivals."""

    def newest(self, key: str) -> Newest:
        """The newest arrival, read consistently."""
        try:
            item = ArrivalItem.get(arrival_id(key), NEWEST, consistent_read=True)
        except ArrivalItem.DoesNotExist:
            return Newest(key)
        return _newest_of(key, item)

    def newest_of(self, keys: Iterable[str]) -> dict[str, Newest]:
        """The newest arrival under each of the keys under which any came, read consistently."""
        key_of = {arrival_id(key): key for key in keys}
        items = ArrivalItem.batch_get([(one, NEWEST) for one in key_of], consistent_read=True)
        return {key_of[item.batch_id]: _newest_of(key_of[item.batch_id], item) for item in items}


def _newest_of(key: str, item: ArrivalItem) -> Newest:
    place = BatchPlace(item.shown_batch, item.shown_file)
    return Newest(key, int(item.revision), Arrival(item.put, item.etag, item.options, place))


def supersede(seen: Newest, arrival: Arrival, place: BatchPlace) -> Write:
    """The write by which an object that was looked at after ``seen`` was read becomes the newest: none came between."""
    item = ArrivalItem(
        arrival_id(seen.key),
        NEWEST,
        revision=seen.revision + 1,
        put=arrival.put,
        etag=arrival.etag,
        options=arrival.options,
        shown_batch=place.batch_id,
        shown_file=place.file_id,
    )
    unchanged = ArrivalItem.revision == seen.revision if seen.revision else ArrivalItem.revision.does_not_exist()
    return Write(SOURCE, item, unchanged)


def claim_arrival(seen: Newest, arrival: Arrival, file: BatchFile) -> tuple[Claim, Claim]:
    """The writes by which a conversion takes a new object of a folder: that it is the newest, and its row."""

    def row(conversion_id: str) -> Write:
        item = to_file_item(file)
        item.status, item.conversion_id = FileStatus.PROCESSING.value, conversion_id
        return Write(SOURCE, item, BatchFileItem.item.does_not_exist())

    return lambda _conversion_id: supersede(seen, arrival, file.place), row


def arrival_id(source_key: str) -> str:
    """The partition of an object's arrivals; a hash, since an object's key may be as long as a partition's name."""
    return f"arrival#{hashlib.sha256(source_key.encode()).hexdigest()}"
