"""An attribute that holds JSON, as small as it can be written."""

from typing import Any

from pynamodb.attributes import JSONAttribute

from chalicelib.domain.row_size import as_json


class JsonAttribute(JSONAttribute):
    """JSON in UTF-8: PynamoDB's own writes six bytes for a letter beyond ASCII that takes two or three."""

    def serialize(self, value: Any) -> str | None:
        """The text that is stored."""
        return None if value is None else as_json(value)
