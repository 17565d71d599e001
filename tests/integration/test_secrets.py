"""A document's password is in no row, no log line and no message, and gone when the conversion ends."""

import io
import json
from collections.abc import Iterator

import pytest

from chalicelib.domain.errors import CorruptDocument, EncryptedDocument
from chalicelib.domain.users import User
from chalicelib.services import Service
from tests.support.conversions import Act, hand_in, post_document, raising, row, work, write_sample
from tests.support.gateway import Gateway
from tests.support.logs import lines, logged
from tests.support.people import PASSWORD, People
from tests.support.stack import Stack

SECRET = "Xk7-open-sesame"


@pytest.fixture
def user(people: People) -> User:
    """A general user of its own."""
    return people.new()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The log as a deployed function writes it, at its most talkative."""
    with logged() as stream:
        yield stream


@pytest.mark.parametrize("act", [write_sample, raising(EncryptedDocument("Wrong password.")), raising(OSError("disk"))])
def test_a_password_stays_out_of_rows_messages_and_log(
    service: Service, stack: Stack, user: User, log: io.StringIO, act: Act
) -> None:
    conversion_id = hand_in(service, user, key="k", pages="1", password=SECRET).conversion.conversion_id
    messages = stack.messages(service.settings.queues.light)
    for _ in range(2):
        work(service, conversion_id, act)
    tables = vars(service.settings.tables).values()
    assert SECRET not in json.dumps([stack.items(table) for table in tables], default=str)
    assert any("attempt" in str(line["message"]) or act is write_sample for line in lines(log))
    assert SECRET not in json.dumps([lines(log), messages, repr(row(service, conversion_id))])
    assert stack.objects(f"conversions/{conversion_id}/secret") == []


def test_a_password_waits_encrypted_beside_the_input(service: Service, stack: Stack, user: User) -> None:
    conversion = hand_in(service, user, pages="1", password=SECRET).conversion
    keys = stack.objects(conversion.prefix)
    assert keys == [f"{conversion.prefix}in/0", f"{conversion.prefix}secret"]
    about = stack.s3.head_object(Bucket=service.settings.bucket, Key=keys[1])
    assert about["ServerSideEncryption"] == "aws:kms"


def test_no_secret_is_stored_when_there_is_no_password(service: Service, stack: Stack, user: User) -> None:
    conversion = hand_in(service, user).conversion
    assert stack.objects(conversion.prefix) == [f"{conversion.prefix}in/0"]
    assert not conversion.has_secret


def test_a_password_stays_out_of_answers_and_log_when_a_request_is_refused(
    gateway: Gateway, people: People, user: User, log: io.StringIO
) -> None:
    token = people.token(user)
    answers = [
        post_document(gateway, token, pages="zero", password=SECRET),
        post_document(gateway, token, pages="1", password=SECRET * 100),
        post_document(gateway, token, pages="1", pasword=SECRET),
        post_document(gateway, token, files=[("a.pdf", b"no pdf")], pages="1", password=SECRET),
        gateway.post("/api/v2/auth/login", json={"email": user.email, "password": f"{PASSWORD}{SECRET}"}),
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 401]
    assert SECRET not in "".join(answer.text for answer in answers)
    assert SECRET not in json.dumps(lines(log))


def test_a_line_names_the_request_that_it_belongs_to(gateway: Gateway, people: People, log: io.StringIO) -> None:
    answer = gateway.get("/api/v2/auth/me", f"{people.token(people.new())}x")
    ids = {line["request_id"] for line in lines(log) if "refused" in str(line["message"])}
    assert ids == {answer.headers["X-Request-Id"]}


def test_a_line_names_the_conversion_that_it_belongs_to(service: Service, user: User, log: io.StringIO) -> None:
    conversion_id = hand_in(service, user).conversion.conversion_id
    work(service, conversion_id, raising(CorruptDocument("Damaged.")))
    ended = [line for line in lines(log) if "attempt ended" in str(line["message"])]
    assert [line["request_id"] for line in ended] == [conversion_id]
