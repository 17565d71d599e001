"""One object is one conversion and one charge, however often the bucket tells of it."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.conversions import BY_SLUG
from chalicelib.domain.errors import CorruptDocument
from chalicelib.domain.users import Role, User
from chalicelib.services import Service, accounts, arrival, batch_progress, batches, intake, overdue, points, results
from chalicelib.services.batches import NewBatch, NewFile
from tests.support.batches import arrive, body_of, conversion_of, convert_all, image, put
from tests.support.calls import dynamodb_calls
from tests.support.conversions import SLUG, raising, work
from tests.support.documents import pdf
from tests.support.people import People
from tests.support.samples import sample
from tests.support.stack import Stack, SteppedClock

TWO_PAGES = pdf("one", "two")
A_DAY_S = 86_400


@pytest.fixture
def user(people: People) -> User:
    """A general user of its own."""
    return people.new()


def order(service: Service, user: User, number: int) -> tuple[str, list[str]]:
    """The id of a new batch, and the keys of its files."""
    files = [NewFile(f"{index}.pdf", 10_000) for index in range(number)]
    batch, forms = batches.create(service, user, NewBatch(BY_SLUG[SLUG], {"pages": "1"}, files))
    return batch.batch_id, [file.source_key for file, _ in forms]


def folder(user: User, name: str = "invoice.pdf", slug: str = SLUG) -> str:
    """A key in the user's inbox."""
    return f"inbox/{user.user_id}/{slug}/2026/{name}"


def options(stack: Stack, user: User, text: str = '{"pages": "1"}') -> None:
    """The options of the folder that ``folder`` names."""
    put(stack, folder(user, "_options.json"), text.encode())


def drop(stack: Stack, user: User, body: bytes = TWO_PAGES, name: str = "invoice.pdf") -> str:
    """Drop a file into the folder; its key."""
    return arrive(stack, folder(user, name), body)


def today(service: Service, user: User) -> str:
    """The id of the user's batch of the day."""
    return arrival.folder_batch(service, user.user_id).batch_id


def spent(service: Service, user: User) -> int:
    """How many charges the user's ledger holds."""
    page = points.entries(service, user, None, None, 200)
    return sum(entry.status == "spent" for entry in page.rows)


def statuses(service: Service, batch_id: str) -> list[str]:
    """What the files of a batch have come to."""
    return [file.status.value for file in service.store.batches.files(batch_id)]


def test_a_file_is_converted_once_when_its_event_comes_again(stack: Stack, service: Service, user: User) -> None:
    batch_id, (key,) = order(service, user, 1)
    arrive(stack, key, TWO_PAGES)
    intake.arrived(service, key)
    put(stack, key, pdf("another", "one"))
    intake.arrived(service, key)
    assert spent(service, user) == 1
    assert len(conversion_of(service, batch_id, "000001").inputs) == 1


def test_the_counts_are_exact_when_ends_are_told_before_beginnings_and_twice(
    stack: Stack, service: Service, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_id, keys = order(service, user, 2)
    with monkeypatch.context() as patched:
        patched.setattr(batch_progress, "note", lambda *_: None)  # the intake dies before it counts
        for key in keys:
            arrive(stack, key, TWO_PAGES)
    convert_all(service, batch_id)
    convert_all(service, batch_id)
    batch = service.store.batches.get(batch_id)
    assert batch
    assert {status.value: count for status, count in batch.counts.items() if count} == {"success": 2}
    assert batch.finished_at


def test_a_batch_ends_without_the_files_that_never_came(
    stack: Stack, service: Service, user: User, clock: SteppedClock
) -> None:
    batch_id, keys = order(service, user, 3)
    arrive(stack, keys[0], TWO_PAGES)
    convert_all(service, batch_id)
    overdue.sweep(service)
    assert statuses(service, batch_id) == ["success", "waiting", "waiting"]
    clock.step(A_DAY_S + 1)
    put(stack, keys[1], TWO_PAGES)  # its event was lost
    overdue.sweep(service)
    assert statuses(service, batch_id) == ["success", "waiting", "missing"]
    assert stack.messages(stack.settings.intake_queue_url)[-1] == json.dumps({"key": keys[1]})
    intake.arrived(service, keys[1])
    convert_all(service, batch_id)
    assert statuses(service, batch_id) == ["success", "success", "missing"]
    batch = service.store.batches.get(batch_id)
    assert batch
    assert batch.finished_at


def test_the_zip_is_asked_for_again_when_nobody_made_it(
    stack: Stack, service: Service, user: User, clock: SteppedClock
) -> None:
    batch_id, (key,) = order(service, user, 1)
    arrive(stack, key, TWO_PAGES)
    convert_all(service, batch_id)
    stack.messages(stack.settings.archives_queue_url)
    clock.step(3_600)
    overdue.sweep(service)
    assert json.dumps({"batch_id": batch_id}) in stack.messages(stack.settings.archives_queue_url)


def test_a_file_larger_than_announced_is_refused(stack: Stack, service: Service, user: User) -> None:
    batch_id, (key,) = order(service, user, 1)
    arrive(stack, key, TWO_PAGES + b" " * 10_000)
    (file,) = service.store.batches.files(batch_id)
    assert file.problem
    assert file.problem.code == "payload-too-large"
    assert spent(service, user) == 0


def test_the_status_of_a_thousand_files_costs_what_that_of_ten_does(stack: Stack, service: Service, user: User) -> None:
    costs = []
    for batch_id in (order(service, user, 10)[0], order(service, user, 1_000)[0]):
        with dynamodb_calls() as calls:
            batches.get(service, user, batch_id)
            service.store.batches.file_page(batch_id, None, 50)
        costs.append(len(calls))
    assert costs[0] == costs[1] > 0


def test_a_result_lies_beside_the_others_when_a_file_was_dropped_into_a_folder(
    stack: Stack, service: Service, user: User
) -> None:
    options(stack, user)
    key = drop(stack, user)
    batch_id = today(service, user)
    assert statuses(service, batch_id) == ["processing"]
    assert key not in stack.objects("inbox/")
    convert_all(service, batch_id)
    assert statuses(service, batch_id) == ["success"]
    result = f"results/{user.user_id}/{SLUG}/2026/invoice.pdf.pdf"
    assert body_of(stack, result) == sample("pdf")
    assert spent(service, user) == 1


def test_the_options_of_its_folder_are_a_files_options(stack: Stack, service: Service, user: User) -> None:
    options(stack, user, '{"pages": "2"}')
    drop(stack, user)
    (file,) = service.store.batches.files(today(service, user))
    conversion = conversion_of(service, file.batch_id, file.file_id)
    assert conversion.options["pages"] == "2"
    intake.arrived(service, folder(user, "_options.json"))
    assert len(list(service.store.batches.files(file.batch_id))) == 1, "options are no document"


@pytest.mark.parametrize("text", ["{", "[]", '{"pagez": "1"}', '{"pages": "' + "1," * 40_000 + '1"}'])
def test_it_is_told_beside_the_results_when_the_options_are_wrong(
    stack: Stack, service: Service, user: User, text: str
) -> None:
    options(stack, user, text)
    drop(stack, user)
    problem = json.loads(body_of(stack, f"results/{user.user_id}/{SLUG}/2026/invoice.pdf.error.json"))
    assert problem["status"] == 422
    assert statuses(service, today(service, user)) == ["failed"]
    assert spent(service, user) == 0


def test_a_folders_file_is_converted_once_when_it_is_told_or_put_again(
    stack: Stack, service: Service, user: User, clock: SteppedClock
) -> None:
    options(stack, user)
    key = drop(stack, user)
    intake.arrived(service, key)
    clock.step(40 * A_DAY_S)
    drop(stack, user)
    assert spent(service, user) == 1
    assert key not in stack.objects("inbox/")
    drop(stack, user, pdf("changed", "since"))
    assert spent(service, user) == 2


def test_a_folders_failure_is_told_beside_the_results(stack: Stack, service: Service, user: User) -> None:
    options(stack, user)
    drop(stack, user)
    convert_all(service, today(service, user), raising(CorruptDocument("It is damaged.")))
    path = f"results/{user.user_id}/{SLUG}/2026/invoice.pdf"
    problem = json.loads(body_of(stack, f"{path}.error.json"))
    assert (problem["status"], problem["detail"]) == (422, "It is damaged.")
    drop(stack, user, pdf("mended", "now"))
    convert_all(service, today(service, user))
    assert stack.objects(path) == [f"{path}.pdf"], "the error of the earlier try is gone"


def test_a_file_that_could_not_be_paid_for_is_converted_when_it_is_put_again(
    stack: Stack, service: Service, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = people.penniless()
    options(stack, user)
    key = drop(stack, user)
    intake.arrived(service, key)
    problem = f"results/{user.user_id}/{SLUG}/2026/invoice.pdf.error.json"
    assert json.loads(body_of(stack, problem))["status"] == 402
    assert statuses(service, today(service, user)) == ["failed"]
    points.grant(service, people.shared(Role.SUPER), points.Topup(user.user_id, 3), "r", None)
    later = stack.service.store.files.stat

    def put_later(wanted: str) -> Any:
        stat = later(wanted)
        return stat and replace(stat, modified=stat.modified + 60)

    monkeypatch.setattr(service.store.files, "stat", put_later)
    drop(stack, user)
    assert sorted(statuses(service, today(service, user))) == ["failed", "processing"]
    assert spent(service, user) == 1


@pytest.mark.parametrize("key", ["inbox/nobody/pdf-to-word/a.pdf", "inbox/a.pdf", "inbox/", "batch/x/1", "batch/x"])
def test_an_object_of_nobody_is_left_alone(stack: Stack, service: Service, key: str) -> None:
    arrive(stack, key, TWO_PAGES)


def test_a_folder_that_names_no_conversion_is_told_of(stack: Stack, service: Service, user: User) -> None:
    arrive(stack, f"inbox/{user.user_id}/pdf-to-gold/a.pdf", TWO_PAGES)
    arrive(stack, f"inbox/{user.user_id}/b.pdf", TWO_PAGES)
    for key in ("pdf-to-gold/a.pdf", "b.pdf"):
        problem = json.loads(body_of(stack, f"results/{user.user_id}/{key}.error.json"))
        assert "pdf-to-word" in problem["detail"]


def test_nothing_is_converted_when_the_owner_was_disabled(
    stack: Stack, service: Service, people: People, user: User
) -> None:
    options(stack, user)
    accounts.set_active(service, people.shared(Role.SUPER), user.user_id, False)
    drop(stack, user)
    assert statuses(service, today(service, user)) == ["failed"]


def test_the_stream_tells_again_when_a_result_could_not_be_published(
    stack: Stack, service: Service, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    options(stack, user)
    drop(stack, user)
    (file,) = service.store.batches.files(today(service, user))
    conversion = work(service, conversion_of(service, file.batch_id, file.file_id).conversion_id)
    told = [image(conversion.conversion_id)]

    def refuse(*_: Any) -> None:
        raise TimeoutError

    with monkeypatch.context() as patched:
        patched.setattr(service.store.files, "copy", refuse)
        assert results.gather(service, told) == 0
    assert statuses(service, file.batch_id) == ["processing"]
    assert results.gather(service, told) is None
    assert statuses(service, file.batch_id) == ["success"]
