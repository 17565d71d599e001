"""The DynamoDB tables of files that come by the bucket, as PynamoDB models."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.models import Model


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
