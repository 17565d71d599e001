"""An owner tries the failed files of a batch again, or cancels what has not started of it."""

from unittest.mock import Mock

import pytest

from chalicelib.conversions import BY_SLUG
from chalicelib.domain.errors import Conflict, CorruptDocument, Forbidden, Gone, Unavailable
from chalicelib.domain.users import Role, User
from chalicelib.services import Service, archive, batch_control, batches, conversions, intake, overdue, points, results
from chalicelib.services.batches import NewBatch, NewFile
from chalicelib.services.overdue import CANCELLED_LOOK_S
from tests.support.batches import arrive, conversion_of, convert_all, image
from tests.support.conversions import SLUG, raising, work
from tests.support.documents import pdf
from tests.support.people import People
from tests.support.stack import Stack, SteppedClock

TWO_PAGES = pdf("one", "two")


@pytest.fixture
def user(people: People) -> User:
    """A general user of its own."""
    return people.new()


def order(service: Service, user: User, number: int) -> tuple[str, list[str]]:
    """The id of a new batch, and the keys of its files."""
    files = [NewFile(f"{index}.pdf", 10_000) for index in range(number)]
    options = {"pages": "1", "password": "hush"}
    batch, forms = batches.create(service, user, NewBatch(BY_SLUG[SLUG], options, files))
    return batch.batch_id, [file.source_key for file, _ in forms]


def counts(service: Service, batch_id: str) -> dict[str, int]:
    """What a batch has counted, and what its files are: the same."""
    batch = service.store.batches.get(batch_id)
    assert batch
    found = {status.value: count for status, count in batch.counts.items() if count}
    files = [file.status.value for file in service.store.batches.files(batch_id)]
    assert found == {status: files.count(status) for status in files}
    return found


def balance(service: Service, user: User) -> int:
    """What a user has now."""
    fresh = service.store.users.get(user.user_id)
    assert fresh
    return fresh.points.balance


def test_failed_files_are_converted_when_the_batch_is_tried_again(stack: Stack, service: Service, user: User) -> None:
    batch_id, keys = order(service, user, 2)
    for key in keys:
        arrive(stack, key, TWO_PAGES)
    first = conversion_of(service, batch_id, "000001").conversion_id
    work(service, conversion_of(service, batch_id, "000002").conversion_id)
    convert_all(service, batch_id, raising(CorruptDocument("Busy.")))
    archive.build(service, batch_id)
    late = image(first)
    assert counts(service, batch_id) == {"failed": 1, "success": 1}
    assert set(stack.objects("batch/")) & set(keys) == {keys[0]}, "what was converted is gone"
    stack.messages(stack.settings.intake_queue_url)

    batch_control.retry(service, user, batch_id)
    assert counts(service, batch_id) == {"waiting": 1, "success": 1}
    assert len(stack.messages(stack.settings.intake_queue_url)) == 1
    intake.arrived(service, keys[0])
    assert results.gather(service, [late]) is None, "the first try's end, told again, is no news"
    assert counts(service, batch_id) == {"processing": 1, "success": 1}
    convert_all(service, batch_id)
    assert counts(service, batch_id) == {"success": 2}
    archive.build(service, batch_id)
    batch = service.store.batches.get(batch_id)
    assert batch
    assert batches.has_archive(service, batch)
    assert balance(service, user) == 30 - 2 * 3


def test_only_its_owner_tries_a_batch_again(service: Service, people: People, user: User) -> None:
    batch_id, _ = order(service, user, 1)
    with pytest.raises(Forbidden):
        batch_control.retry(service, people.shared(Role.SUPER), batch_id)


def test_what_has_not_started_is_refunded_when_a_batch_is_cancelled(stack: Stack, service: Service, user: User) -> None:
    batch_id, keys = order(service, user, 3)
    arrive(stack, keys[0], TWO_PAGES)
    arrive(stack, keys[1], TWO_PAGES)
    done = conversion_of(service, batch_id, "000001").conversion_id
    work(service, done)
    assert results.gather(service, [image(done)]) is None
    batch_control.cancel(service, user, batch_id)
    assert not [key for key in stack.objects("") if batch_id in key or done in key]
    batch_control.cancel(service, user, batch_id)
    cancelled = conversion_of(service, batch_id, "000002")
    assert cancelled.problem
    assert cancelled.problem.code == "cancelled"
    assert balance(service, user) == 30 - 3
    assert results.gather(service, [image(cancelled.conversion_id)]) is None
    assert counts(service, batch_id) == {"success": 1, "failed": 2}
    assert not [key for key in stack.objects("") if batch_id in key or done in key]
    arrive(stack, keys[2], TWO_PAGES)
    assert keys[2] not in stack.objects("batch/"), "what comes too late goes"
    overdue.sweep(service)
    with pytest.raises(Gone):
        batches.download(service, user, batch_id)
    with pytest.raises(Conflict):
        batch_control.retry(service, user, batch_id)
    assert points.entries(service, user, None, None, 200).rows[0].status == "refunded"


def test_what_is_at_work_ends_when_its_batch_is_cancelled(stack: Stack, service: Service, user: User) -> None:
    batch_id, keys = order(service, user, 1)
    arrive(stack, keys[0], TWO_PAGES)
    conversion_id = conversion_of(service, batch_id, "000001").conversion_id

    def cancel_meanwhile(*_: object) -> None:
        batch_control.cancel(service, user, batch_id)

    ended = work(service, conversion_id, cancel_meanwhile)
    assert ended.result or ended.problem
    assert ended.problem is None or ended.problem.code != "cancelled"


def test_what_has_not_started_is_cancelled_first_when_there_is_much_to_remove(
    stack: Stack, service: Service, user: User, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_id, keys = order(service, user, 3)
    for key in keys[:2]:
        arrive(stack, key, TWO_PAGES)
    work(service, conversion_of(service, batch_id, "000001").conversion_id)
    with monkeypatch.context() as patched:
        patched.setattr(conversions, "delete_result", Mock(side_effect=Unavailable("S3 is slow.")))
        with pytest.raises(Unavailable):
            batch_control.cancel(service, user, batch_id)
    assert balance(service, user) == 30 - 3
    clock.step(CANCELLED_LOOK_S)
    overdue.sweep(service)
    assert conversion_of(service, batch_id, "000001").deleted
