"""The handlers of what arrives in the bucket, and of archives."""

import json
from typing import Any

import pytest

from chalicelib.services import Service, archive, intake
from chalicelib.workers import archiving
from chalicelib.workers import intake as arrivals


def event(*bodies: dict[str, Any]) -> dict[str, Any]:
    return {"Records": [{"messageId": str(number), "body": json.dumps(body)} for number, body in enumerate(bodies)]}


def created(*keys: str) -> dict[str, Any]:
    """S3's message; its keys are URL-encoded."""
    return {"Records": [{"eventName": "ObjectCreated:Put", "s3": {"object": {"key": key}}} for key in keys]}


class Takers:
    """Stands for the services behind the handlers: remembers what it is given, and fails where it is told to."""

    def __init__(self) -> None:
        self.given: list[str] = []
        self.fails_on: set[str] = set()

    def __call__(self, _service: Service, one: str) -> None:
        """Take ``one``."""
        self.given.append(one)
        if one in self.fails_on:
            raise ConnectionError(one)


@pytest.fixture
def takers(monkeypatch: pytest.MonkeyPatch) -> Takers:
    takers = Takers()
    monkeypatch.setattr(intake, "arrived", takers)
    monkeypatch.setattr(archive, "build", takers)
    for worker in (arrivals, archiving):
        monkeypatch.setattr(worker, "_service", lambda: None)
    return takers


def test_every_object_of_every_message_is_taken_in(takers: Takers) -> None:
    answer = arrivals.handler(event(created("inbox/1/a", "inbox/1/b"), {"key": "batch/2/c + d%20"}), None)
    assert takers.given == ["inbox/1/a", "inbox/1/b", "batch/2/c + d%20"]
    assert answer == {"batchItemFailures": []}


def test_a_key_is_decoded_when_s3_encoded_it(takers: Takers) -> None:
    arrivals.handler(event(created("inbox/1/docx-to-pdf/M%C3%A4rz+1+%2B+2.docx")), None)
    assert takers.given == ["inbox/1/docx-to-pdf/März 1 + 2.docx"]


def test_folders_and_s3s_own_test_are_passed_over(takers: Takers) -> None:
    answer = arrivals.handler(event({"Service": "Amazon S3", "Event": "s3:TestEvent"}, created("inbox/1/sub/")), None)
    assert takers.given == []
    assert answer == {"batchItemFailures": []}


def test_the_other_messages_are_handled_when_one_fails(takers: Takers) -> None:
    takers.fails_on = {"b"}
    answer = arrivals.handler(event(created("a"), created("b"), created("c")), None)
    assert takers.given == ["a", "b", "c"]
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}


def test_the_other_messages_are_handled_when_one_is_malformed(takers: Takers) -> None:
    broken = {"Records": [{"messageId": "broken", "body": "no JSON"}, *event(created("a"))["Records"]]}
    assert arrivals.handler(broken, None) == {"batchItemFailures": [{"itemIdentifier": "broken"}]}
    assert takers.given == ["a"]


def test_an_archive_is_built_for_each_batch_named_and_a_failed_one_is_reported(takers: Takers) -> None:
    takers.fails_on = {"first"}
    answer = archiving.handler(event({"batch_id": "first"}, {"batch_id": "second"}), None)
    assert takers.given == ["first", "second"]
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
