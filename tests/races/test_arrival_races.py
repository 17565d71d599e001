"""Races of files that come by the bucket: an upload, a file of a batch, an object of a folder start one conversion."""

from functools import partial

import pytest

from chalicelib.conversions import BY_SLUG
from chalicelib.domain.batches import Batch, BatchFile, FileStatus
from chalicelib.domain.errors import UploadMissing, UploadUsed
from chalicelib.domain.users import User
from chalicelib.services import Service, arrival, batch_progress, batches, intake, uploads
from chalicelib.services.accept import Accepted, accept
from chalicelib.services.batches import NewBatch, NewFile
from tests.races.conftest import MakeUser
from tests.races.test_points_races import assert_exact, at_once, fresh
from tests.support.fakes import PDF

SPEC = BY_SLUG["remove-pages-from-pdf"]
OPTIONS = {"pages": "1"}


def put(service: Service, key: str, body: bytes = PDF) -> str:
    """Put an object; its key."""
    service.store.files.put(key, body)
    return key


def counted(service: Service, batch_id: str) -> dict[FileStatus, int]:
    """What a batch has counted."""
    batch = service.store.batches.get(batch_id)
    assert batch
    return {status: count for status, count in batch.counts.items() if count}


def convert(service: Service, user: User, upload_id: str, key: str | None = None) -> Accepted:
    """Convert an upload."""
    return accept(service, user, uploads.submission(service, user, SPEC, [upload_id], dict(OPTIONS)), key)


def uploaded(service: Service, user: User) -> str:
    """An upload whose file has arrived."""
    upload, _, _ = uploads.create(service, user, uploads.NewUpload("a.pdf", len(PDF)))
    put(service, upload.key)
    return upload.upload_id


def ordered(service: Service, user: User, number: int) -> tuple[Batch, list[BatchFile]]:
    """A batch whose files have arrived, and nobody was told yet."""
    files = [NewFile(f"{index}.pdf", len(PDF)) for index in range(number)]
    batch, forms = batches.create(service, user, NewBatch(SPEC, dict(OPTIONS), files))
    for file, _ in forms:
        put(service, file.source_key)
    return batch, [file for file, _ in forms]


def test_an_upload_starts_one_conversion_when_it_is_used_many_times_at_once(
    service: Service, make_user: MakeUser
) -> None:
    user = make_user()
    upload_id = uploaded(service, user)
    answers = at_once([partial(convert, service, user, upload_id)] * 6)
    assert sum(isinstance(one, Accepted) for one in answers) == 1
    # Where the object went before the loser copied it, the upload is missing to it.
    assert {type(one).__name__ for one in answers} <= {"Accepted", "UploadUsed", "UploadMissing"}
    assert fresh(service, user).points.balance == 27
    assert_exact(service, user)


def test_an_upload_is_missing_when_another_request_took_it_before_it_was_read(
    service: Service, make_user: MakeUser
) -> None:
    user = make_user()
    upload_id = uploaded(service, user)
    submission = uploads.submission(service, user, SPEC, [upload_id], dict(OPTIONS))
    convert(service, user, upload_id)
    with pytest.raises(UploadMissing):
        accept(service, user, submission)
    assert fresh(service, user).points.balance == 27


def test_an_upload_is_one_conversion_when_its_key_is_repeated_at_once(service: Service, make_user: MakeUser) -> None:
    user = make_user()
    upload_id = uploaded(service, user)
    answers = at_once([partial(convert, service, user, upload_id, "k")] * 8)
    accepted = [one for one in answers if isinstance(one, Accepted)]
    assert len({one.conversion.conversion_id for one in accepted}) == 1
    again = convert(service, user, upload_id, "k")
    assert again.replayed
    assert fresh(service, user).points.balance == 27
    try:
        convert(service, user, upload_id)
    except UploadUsed:
        pass
    else:
        raise AssertionError("an upload was used twice")


def test_a_file_of_a_batch_is_one_conversion_when_its_event_comes_many_times_at_once(
    service: Service, make_user: MakeUser
) -> None:
    user = make_user()
    batch, files = ordered(service, user, 3)
    keys = [file.source_key for file in files]
    at_once([partial(intake.arrived, service, key) for key in keys * 2])
    for key in keys:
        intake.arrived(service, key)
    assert fresh(service, user).points.balance == 21
    assert counted(service, batch.batch_id) == {FileStatus.PROCESSING: 3}
    assert_exact(service, user)


def test_an_object_of_a_folder_is_one_conversion_when_its_event_comes_many_times_at_once(
    service: Service, make_user: MakeUser
) -> None:
    user = make_user()
    folder = f"inbox/{user.user_id}/{SPEC.slug}/"
    put(service, f"{folder}_options.json", b'{"pages": "1"}')
    keys = [put(service, f"{folder}{number}.pdf") for number in range(3)]
    at_once([partial(intake.arrived, service, key) for key in keys * 2])
    assert fresh(service, user).points.balance == 21
    batch_id = arrival.folder_batch(service, user.user_id).batch_id
    assert counted(service, batch_id) == {FileStatus.PROCESSING: 3}
    assert_exact(service, user)


def test_a_file_is_refused_or_converted_and_never_both_when_points_run_out_meanwhile(
    service: Service, make_user: MakeUser
) -> None:
    user = make_user()
    batch, files = ordered(service, user, 14)
    keys = [file.source_key for file in files]
    at_once([partial(intake.arrived, service, key) for key in keys * 2])
    assert counted(service, batch.batch_id) == {FileStatus.PROCESSING: 10, FileStatus.FAILED: 4}
    assert fresh(service, user).points.balance == 0
    assert_exact(service, user)


def test_a_batch_finishes_once_when_its_last_files_end_at_the_same_moment(
    service: Service, make_user: MakeUser
) -> None:
    user = make_user()
    batch, files = ordered(service, user, 6)
    fates = [{file.place: batch_progress.Fate(FileStatus.FAILED, None)} for file in files]
    at_once([partial(batch_progress.note, service, batch, one) for one in fates * 2])
    assert counted(service, batch.batch_id) == {FileStatus.FAILED: 6}
    sent = [body for queue, body in service.store.queues.sent if queue == "archives"]  # type: ignore[attr-defined]
    assert sent == [batch.batch_id]
