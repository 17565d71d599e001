"""The engine that reads the first rows of a workbook's sheets, as JSON."""

import json
import zipfile
from datetime import date, datetime, time
from typing import Any

import openpyxl  # type: ignore[import-untyped, unused-ignore]
from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped, unused-ignore]

from chalicelib.domain.errors import CorruptDocument
from chalicelib.engines.job import Job, Outcome, Progress

MOST_SHEETS, MOST_ROWS, MOST_COLUMNS, MOST_LETTERS = 10, 100, 50, 500


def versions() -> dict[str, str]:
    """For the worker's log."""
    return {"openpyxl": openpyxl.__version__}


def convert(job: Job, _progress: Progress) -> Outcome:
    """Write ``{"sheets": [{"name", "rows"}], "is_whole"}``. Raises ``CorruptDocument``."""
    try:
        book = openpyxl.load_workbook(job.inputs[0].path, read_only=True, data_only=True)
        sheets = [_sheet(one) for one in book.worksheets[:MOST_SHEETS]]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise CorruptDocument("The workbook can't be read: it is damaged.") from error
    whole = len(book.worksheets) <= MOST_SHEETS and all(one.pop("is_whole") for one in sheets)
    told = {"sheets": [{"name": one["name"], "rows": one["rows"]} for one in sheets], "is_whole": whole}
    job.output.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return Outcome(report={"engine": "openpyxl", "engine_version": openpyxl.__version__})


def _sheet(sheet: Any) -> dict[str, Any]:
    rows: list[list[Any]] = []
    columns = min(MOST_COLUMNS, sheet.max_column or MOST_COLUMNS)
    for number, row in enumerate(sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=columns, values_only=True)):
        if number == MOST_ROWS:
            return {"name": sheet.title, "rows": rows, "is_whole": False}
        rows.append([_value(one) for one in row])
    return {"name": sheet.title, "rows": rows, "is_whole": (sheet.max_column or 0) <= MOST_COLUMNS}


def _value(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)[:MOST_LETTERS]
