"""What the doctor works with: the service, what lies under it, and a finding."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.conversion import Conversion
from chalicelib.services import Service
from chalicelib.services.stuck import SETTLES_S
from chalicelib.store.conversions import conversion_of


@dataclass(frozen=True)
class Finding:
    """Something that should not be. ``repair`` mends it if it still is so, and says whether it did; None: a person must
    decide."""

    what: str
    repair: Callable[[], bool] | None = None


@dataclass(frozen=True)
class Site:
    """A service in use, and clients for whole tables and buckets, which it has no use for itself."""

    service: Service
    dynamodb: Any
    s3: Any
    settles_s: float = SETTLES_S

    @property
    def now_s(self) -> float:
        """Epoch seconds of the service's clock."""
        return self.service.now_s()

    def items(self, table: str, **more: Any) -> Iterator[dict[str, Any]]:
        """Every item of a table, read consistently."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True, **more)
        return (item for page in pages for item in page["Items"])

    def conversions(self) -> Iterator[Conversion]:
        """Every conversion."""
        return map(conversion_of, self.items(self.service.settings.tables.conversions))

    def settled_objects(self, prefix: str) -> Iterator[str]:
        """Keys under ``prefix`` that were written a while ago."""
        before = datetime.now(UTC).timestamp() - self.settles_s
        bucket = self.service.settings.bucket
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            yield from (one["Key"] for one in page.get("Contents", []) if one["LastModified"].timestamp() <= before)

    def is_settled(self, conversion: Conversion) -> bool:
        """Whether nothing has happened to the conversion for a while."""
        return datetime.fromisoformat(conversion.updated_at).timestamp() <= self.now_s - self.settles_s
