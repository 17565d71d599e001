"""A folder tells the truth about its newest object, and whatever was put ends as a result, an error file or a row."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from chalicelib.domain.batches import BatchFile
from chalicelib.domain.errors import CorruptDocument, Unavailable
from chalicelib.domain.users import User
from chalicelib.services import Service, arrival, batch_control, dead_letters, intake, points, results
from chalicelib.store.files import ObjectStat
from tests.support.batches import arrive, body_of, image, put
from tests.support.conversions import SLUG, Act, raising, work
from tests.support.documents import pdf
from tests.support.people import People
from tests.support.stack import Stack

OLD, NEW = pdf("one", "two"), pdf("three", "four")


@pytest.fixture
def user(people: People) -> User:
    """A general user of its own."""
    return people.new()


class Folder:
    """One folder of a user as a test sees it. Each put is a second after the one before."""

    def __init__(self, stack: Stack, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
        self._stack, self._user = stack, user
        self._puts = 0
        files = stack.service.store.files
        stat = files.stat

        def later(key: str) -> ObjectStat | None:
            found = stat(key)
            return found and replace(found, modified=found.modified + self._puts)

        monkeypatch.setattr(files, "stat", later)

    def key(self, name: str) -> str:
        """A key in the inbox."""
        return f"inbox/{self._user.user_id}/{SLUG}/{name}"

    def options(self, text: bytes) -> None:
        """Put the options."""
        put(self._stack, self.key("_options.json"), text)

    def drop(self, body: bytes, name: str = "x.pdf") -> str | None:
        """Put a file and tell of it; the conversion that it became."""
        self._puts += 1
        known = {file.conversion_id for file in self.files()}
        arrive(self._stack, self.key(name), body)
        return next((file.conversion_id for file in self.files() if file.conversion_id not in known), None)

    def files(self) -> list[BatchFile]:
        """The files of the day, the newest last."""
        batch = arrival.folder_batch(self._stack.service, self._user.user_id)
        return list(self._stack.service.store.batches.files(batch.batch_id))

    def end(self, conversion_id: str | None, act: Act | None = None) -> None:
        """A worker ends a conversion, and the stream tells of it."""
        assert conversion_id
        work(self._stack.service, conversion_id, *([act] if act else []))
        assert results.gather(self._stack.service, [image(conversion_id)]) is None

    def shown(self) -> list[str]:
        """What lies under ``results/``, without what all keys begin with."""
        prefix = f"results/{self._user.user_id}/{SLUG}/"
        return [key.removeprefix(prefix) for key in self._stack.objects(prefix)]

    def problem(self, name: str = "x.pdf") -> dict[str, object]:
        """The error file of a file."""
        body = body_of(self._stack, f"results/{self._user.user_id}/{SLUG}/{name}.error.json")
        found: dict[str, object] = json.loads(body)
        return found


@pytest.fixture
def folder(stack: Stack, user: User, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """A folder whose files need no more options."""
    made = Folder(stack, user, monkeypatch)
    made.options(b'{"pages": "1"}')
    return made


def test_the_newest_objects_result_stays_when_an_older_one_ends_later(folder: Folder) -> None:
    slow, fast = folder.drop(OLD), folder.drop(NEW)
    folder.end(fast)
    assert folder.shown() == ["x.pdf.pdf"]
    folder.end(slow, raising(CorruptDocument("It is damaged.")))
    assert folder.shown() == ["x.pdf.pdf"], "no late failure beside it"


def test_the_newest_objects_failure_stays_when_an_older_one_succeeds_later(folder: Folder) -> None:
    slow, fast = folder.drop(OLD), folder.drop(NEW)
    folder.end(fast, raising(CorruptDocument("It is damaged.")))
    folder.end(slow)
    assert folder.shown() == ["x.pdf.error.json"]


def test_nothing_of_an_older_object_stays_when_the_newest_is_refused(folder: Folder) -> None:
    folder.end(folder.drop(OLD))
    folder.options(b"{")
    folder.drop(NEW)
    assert folder.shown() == ["x.pdf.error.json"]


def test_a_result_written_too_late_is_written_over_when_another_object_came_meanwhile(
    folder: Folder, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = folder.drop(OLD)
    files = stack.service.store.files
    copy: Callable[[ObjectStat, str], None] = files.copy

    def late(stat: ObjectStat, key: str) -> None:
        monkeypatch.setattr(files, "copy", copy)
        folder.end(folder.drop(NEW), raising(CorruptDocument("It is damaged.")))
        copy(stat, key)

    monkeypatch.setattr(files, "copy", late)
    folder.end(slow)
    assert folder.shown() == ["x.pdf.error.json"]


def test_a_file_that_failed_is_converted_when_it_is_put_again_unchanged(folder: Folder) -> None:
    folder.end(folder.drop(OLD), raising(CorruptDocument("The engine was busy.")))
    again = folder.drop(OLD)
    assert again
    folder.end(again)
    assert folder.shown() == ["x.pdf.pdf"]
    assert folder.drop(OLD) is None, "it succeeded: now it is a repeat"


@pytest.mark.parametrize("wrong", [b"{", b'{"pages": "nine"}'])
def test_a_file_is_converted_when_its_options_were_mended_and_it_is_put_again(folder: Folder, wrong: bytes) -> None:
    folder.options(wrong)
    assert folder.drop(OLD) is None
    folder.options(b'{"pages": "2"}')
    folder.end(folder.drop(OLD))
    assert folder.shown() == ["x.pdf.pdf"]


def test_a_file_is_converted_anew_when_it_is_put_again_with_other_options(folder: Folder) -> None:
    folder.end(folder.drop(OLD))
    folder.options(b'{"pages": "2"}')
    assert folder.drop(OLD)


def test_an_object_is_one_conversion_when_it_is_told_again_after_its_failure(
    folder: Folder, stack: Stack, service: Service, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(stack.service.store.files, "delete_version", lambda _stat: None)  # the intake dies before it
        first = folder.drop(OLD)
    folder.end(first, raising(CorruptDocument("It is damaged.")))
    intake.arrived(service, folder.key("x.pdf"))
    assert len(folder.files()) == 1
    assert folder.key("x.pdf") not in stack.objects("inbox/")


@pytest.mark.parametrize(
    "poison", [b"[" * 60_000, b'{"pages": "\\ud800"}', b'{"pages": NaN}', b'{"pages": "1", "pages": "2"}']
)
def test_it_is_told_when_the_options_are_poison(folder: Folder, poison: bytes) -> None:
    folder.options(poison)
    folder.drop(OLD)
    assert folder.problem()["status"] == 422


@pytest.mark.parametrize("call", ["get_object", "head_object", "copy_object"])
def test_it_is_told_when_s3_does_not_hand_an_object_out(
    folder: Folder, stack: Stack, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    client = stack.service.store.files._client
    real = getattr(client, call)
    code = "403" if call == "head_object" else "InvalidObjectState"

    def refuse(**asked: object) -> object:
        if "x.pdf" in str(asked):
            raise ClientError({"Error": {"Code": code, "Message": "GLACIER"}}, call)
        return real(**asked)

    with monkeypatch.context() as patched:
        patched.setattr(client, call, refuse)
        folder.drop(OLD)
    assert folder.problem()["status"] == 422
    assert folder.files()[-1].status == "failed"


def test_there_is_a_row_when_a_name_is_too_long_for_any_result(folder: Folder) -> None:
    name = "l" * (1_020 - len(folder.key("")))
    folder.drop(OLD, name)
    assert folder.shown() == []
    (file,) = folder.files()
    assert file.problem
    assert "too long" in file.problem.detail


@pytest.mark.parametrize("name", [".DS_Store", "Thumbs.db", "desktop.ini", "~$letter.docx", "._x.pdf"])
def test_litter_is_left_alone_and_uncounted(folder: Folder, stack: Stack, name: str) -> None:
    folder.drop(b"litter", name)
    assert folder.files() == []
    assert folder.key(name) in stack.objects("inbox/")


def test_a_dead_letter_of_the_intake_becomes_a_row_and_an_error_file(
    folder: Folder, stack: Stack, service: Service, user: User
) -> None:
    key = put(stack, folder.key("x.pdf"), OLD)
    dead = stack.settings.intake_dead_queue_url
    assert dead
    for body in (json.dumps({"key": key}), "no JSON", '{"Records": [{"s3": {}}]}', '{"key": "x/y"}'):
        stack.sqs.send_message(QueueUrl=dead, MessageBody=body)
    assert dead_letters.sweep(service) == 4
    assert folder.problem()["status"] == 503
    assert [file.status for file in folder.files()] == ["failed"]
    assert points.entries(service, user, None, None, 200).rows[0].status == "opening"
    folder.end(folder.drop(OLD))
    assert folder.shown() == ["x.pdf.pdf"]


def refused(folder: Folder) -> str:
    """A file that was refused for its folder's options, which are mended now; the batch that it is of."""
    folder.options(b"{")
    folder.drop(OLD)
    folder.options(b'{"pages": "1"}')
    return folder.files()[0].batch_id


def test_a_file_is_converted_when_it_is_tried_again_where_it_lies(folder: Folder, service: Service, user: User) -> None:
    batch_control.retry(service, user, refused(folder))
    intake.arrived(service, folder.key("x.pdf"))
    (file,) = folder.files()
    folder.end(file.conversion_id)
    assert folder.shown() == ["x.pdf.pdf"]


def test_no_file_waits_for_ever_when_its_object_is_replaced_as_it_is_tried_again(
    folder: Folder, service: Service, user: User
) -> None:
    batch_control.retry(service, user, refused(folder))
    folder.end(folder.drop(NEW))
    assert sorted(file.status for file in folder.files()) == ["failed", "success"]


def test_no_file_waits_for_ever_when_its_object_is_removed_as_it_is_tried_again(
    folder: Folder, stack: Stack, service: Service, user: User
) -> None:
    batch_control.retry(service, user, refused(folder))
    stack.s3.delete_object(Bucket=stack.settings.bucket, Key=folder.key("x.pdf"))
    intake.arrived(service, folder.key("x.pdf"))
    assert [file.status for file in folder.files()] == ["failed"]


def test_what_nobody_knows_of_yet_is_neither_tried_again_nor_removed(
    folder: Folder, stack: Stack, service: Service, user: User
) -> None:
    batch_id = refused(folder)
    put(stack, folder.key("x.pdf"), NEW)
    batch_control.retry(service, user, batch_id)
    assert [file.status for file in folder.files()] == ["failed"]
    batch_control.cancel(service, user, batch_id)
    assert folder.shown() == []
    assert folder.key("x.pdf") in stack.objects("inbox/")


def test_the_files_of_a_day_go_when_its_batch_is_cancelled(
    folder: Folder, stack: Stack, service: Service, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = folder.drop(OLD, "done.pdf")
    folder.end(done)
    waiting = folder.drop(OLD, "waiting.pdf")
    batch_id = refused(folder)
    with monkeypatch.context() as patched:
        patched.setattr(batch_control, "REQUEST_S", -1.0)
        with pytest.raises(Unavailable):
            batch_control.cancel(service, user, batch_id)
    batch_control.cancel(service, user, batch_id)
    assert folder.shown() == []
    assert stack.objects(folder.key("")) == [folder.key("_options.json")]
    assert [one for one in stack.objects("conversions/") if done and done in one] == []
    folder.end(waiting)
    assert str(folder.problem("waiting.pdf")["type"]).endswith("cancelled")
