"""The DynamoDB tables of files that come by the bucket, as PynamoDB models."""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.store.json_attribute import JsonAttribute


class UploadItem(Model):
    """Room for one file; ``etag`` and ``conversion_id`` are there once it was used, ``expires_at`` is epoch seconds."""

    class Meta:
        table_name = ""

    upload_id = UnicodeAttribute(hash_key=True)
    owner_id = UnicodeAttribute()
    filename = UnicodeAttribute()
    size = NumberAttribute()
    expires_at = NumberAttribute()
    ttl = NumberAttribute()
    etag = UnicodeAttribute(null=True)
    conversion_id = UnicodeAttribute(null=True)
    is_fetched = BooleanAttribute(null=True)


class BatchesByOwner(GlobalSecondaryIndex["BatchItem"]):
    """An owner's batches by time; only headers have an ``owner_id``."""

    class Meta:
        index_name = "by_owner"
        projection = AllProjection()

    owner_id = UnicodeAttribute(hash_key=True)
    created_at = UnicodeAttribute(range_key=True)


class BatchesByDue(GlobalSecondaryIndex["BatchItem"]):
    """Batches that are not packed yet, by the moment at which the sweeper should look at them."""

    class Meta:
        index_name = "by_due"
        projection = KeysOnlyProjection()

    open_batch = UnicodeAttribute(hash_key=True)
    due_at = NumberAttribute(range_key=True)
    batch_id = UnicodeAttribute()


class BatchItem(Model):
    """A batch's header, under the item ``batch``; its counters are written with the rows that they count."""

    class Meta:
        table_name = ""

    batch_id = UnicodeAttribute(hash_key=True)
    item = UnicodeAttribute(range_key=True, default="batch")
    owner_id = UnicodeAttribute()
    created_at = UnicodeAttribute()
    slug = UnicodeAttribute(null=True)
    options = JsonAttribute(null=True)
    has_secret = BooleanAttribute(default=False)
    deadline = NumberAttribute(null=True)
    open_batch = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)
    waiting = NumberAttribute(default=0)
    processing = NumberAttribute(default=0)
    success = NumberAttribute(default=0)
    failed = NumberAttribute(default=0)
    missing = NumberAttribute(default=0)
    finished_at = UnicodeAttribute(null=True)
    cancelled_at = UnicodeAttribute(null=True)
    archive = JsonAttribute(null=True)
    by_owner = BatchesByOwner()
    by_due = BatchesByDue()


class BatchFileItem(Model):
    """A file of a batch, under the item ``file#`` and its id; ``counted`` is what the header has counted it as."""

    class Meta:
        table_name = ""

    batch_id = UnicodeAttribute(hash_key=True)
    item = UnicodeAttribute(range_key=True)
    filename = UnicodeAttribute()
    size = NumberAttribute()
    slug = UnicodeAttribute(null=True)
    source_key = UnicodeAttribute()
    status = UnicodeAttribute()
    updated_at = UnicodeAttribute()
    counted = UnicodeAttribute(null=True)
    conversion_id = UnicodeAttribute(null=True)
    problem = JsonAttribute(null=True)


class ArrivalItem(Model):
    """The newest arrival under a folder's key, under the item ``newest``: what it is, and the file that it became."""

    class Meta:
        table_name = ""

    batch_id = UnicodeAttribute(hash_key=True)
    item = UnicodeAttribute(range_key=True)
    revision = NumberAttribute()
    put = UnicodeAttribute()
    etag = UnicodeAttribute()
    options = UnicodeAttribute()
    shown_batch = UnicodeAttribute()
    shown_file = UnicodeAttribute()
