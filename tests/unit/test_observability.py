"""The lines of the log, as a deployed function writes them."""

import json
import logging
import sys

import pytest

from chalicelib import observability


@pytest.fixture
def formatter() -> logging.Formatter:
    return observability.JsonFormatter()


def _record(**given: object) -> logging.LogRecord:
    return logging.makeLogRecord({"levelname": "INFO", "msg": "ended %s", "args": ("well",), **given})


def test_a_line_holds_what_it_was_given(formatter: logging.Formatter) -> None:
    line = json.loads(formatter.format(_record(request_id="r", pages=3)))
    assert (line["message"], line["level"], line["request_id"], line["pages"]) == ("ended well", "INFO", "r", 3)
    assert line["timestamp"].endswith("+00:00")


def test_a_line_holds_the_trace_when_something_was_raised(formatter: logging.Formatter) -> None:
    try:
        raise ValueError("a line\nand another")
    except ValueError:
        text = formatter.format(_record(exc_info=sys.exc_info()))
    line = json.loads(text)
    assert "\n" not in text
    assert line["exception_name"] == "ValueError"
    assert line["exception"].startswith("Traceback")


def test_a_line_is_written_when_a_value_is_no_json(formatter: logging.Formatter) -> None:
    assert json.loads(formatter.format(_record(kind=ValueError)))["kind"] == "<class 'ValueError'>"
