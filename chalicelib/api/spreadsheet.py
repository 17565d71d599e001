"""Lists as CSV (RFC 4180) for spreadsheets: columns are the JSON names, and no cell is a formula."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from chalicelib.api.call import Reply

MEDIA_TYPE = "text/csv"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a text for a formula (OWASP, CSV Injection), full-width forms too."""


def reply(model: type[BaseModel], items: Iterable[BaseModel], headers: Mapping[str, str]) -> Reply:
    """``items`` of ``model`` as a table with a head."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(model.model_fields)
    writer.writerows([_cell(value) for value in item.model_dump(mode="json").values()] for item in items)
    return Reply(buffer.getvalue(), headers=dict(headers) | {"Content-Type": f"{MEDIA_TYPE}; charset=utf-8"})


def _cell(value: Any) -> Any:
    """Numbers stay numbers; a text that would be a formula is quoted by an apostrophe, as spreadsheets do."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA) else value
