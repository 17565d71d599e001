"""Idempotency keys of conversions: what a repeat gets, and what does not use a key up."""

import pytest

from chalicelib.conversions import BY_SLUG
from chalicelib.domain.conversion import Status
from chalicelib.domain.errors import (
    ConversionInterrupted,
    CorruptDocument,
    IdempotencyMismatch,
    InsufficientPoints,
    InvalidRequest,
)
from chalicelib.domain.users import Role, User
from chalicelib.services import Service, points
from chalicelib.services.accept import accept
from chalicelib.services.incoming import SentFile
from chalicelib.services.submission import Submission
from tests.support.conversions import hand_in, raising, row, work
from tests.support.exactness import assert_exact, movements
from tests.support.people import People
from tests.support.samples import sample
from tests.support.stack import Stack, SteppedClock

A_DAY_S = 86_400
OTHER_FILE = sample("pdf") + b"%"


@pytest.fixture
def user(people: People) -> User:
    """A general user of its own."""
    return people.new()


def objects(stack: Stack, user: User, service: Service) -> list[str]:
    """The objects of all of a user's conversions."""
    page = service.store.conversions.page(user.user_id, (None, None), ("0", "Z"), None, 100)
    return [key for one in page.rows for key in stack.objects(one.prefix)]


@pytest.mark.parametrize("ends", [None, "success", "failed"])
def test_a_repeat_is_the_stored_conversion_and_costs_nothing(service: Service, user: User, ends: str | None) -> None:
    first = hand_in(service, user, key="k").conversion
    if ends:
        work(service, first.conversion_id, *([raising(CorruptDocument("Damaged."))] if ends == "failed" else []))
    repeat = hand_in(service, user, key="k")
    assert repeat.replayed
    assert repeat.conversion == row(service, first.conversion_id)
    assert repeat.conversion.status == (ends or "processing")
    assert assert_exact(service, user).points.spent == 3


def test_a_repeat_is_answered_when_the_balance_is_empty(service: Service, people: People) -> None:
    user = people.penniless()
    points.grant(service, people.shared(Role.SUPER), points.Topup(user.user_id, 3), "r", None)
    first = hand_in(service, people.fresh(user), key="k").conversion
    repeat = hand_in(service, people.fresh(user), key="k")
    assert people.fresh(user).points.balance == 0
    assert (repeat.replayed, repeat.conversion.conversion_id) == (True, first.conversion_id)


def test_a_repeat_leaves_no_object_behind(service: Service, stack: Stack, user: User) -> None:
    hand_in(service, user, key="k")
    before = stack.objects()
    hand_in(service, user, key="k")
    assert stack.objects() == before


def test_the_name_of_the_file_makes_no_other_request(service: Service, user: User) -> None:
    spec = BY_SLUG["remove-pages-from-pdf"]
    answers = [
        accept(service, user, Submission(spec, [SentFile(name, sample("pdf"))], {"pages": "1"}), "k")
        for name in ("a.pdf", "b.pdf")
    ]
    assert [answer.replayed for answer in answers] == [False, True]


@pytest.mark.parametrize(
    ("body", "options"),
    [
        (OTHER_FILE, {"pages": "1"}),
        (None, {"pages": "2"}),
        (None, {"pages": "1", "remove_blank": "true"}),
        (None, {"pages": "1", "password": "hush"}),
    ],
)
def test_another_request_is_refused_when_the_key_is_used(
    service: Service, user: User, body: bytes | None, options: dict[str, str]
) -> None:
    hand_in(service, user, key="k", pages="1")
    with pytest.raises(IdempotencyMismatch):
        hand_in(service, user, body, key="k", **options)
    assert assert_exact(service, user).points.spent == 3


def test_another_password_makes_another_request(service: Service, user: User) -> None:
    hand_in(service, user, key="k", pages="1", password="hush")
    assert hand_in(service, user, key="k", pages="1", password="hush").replayed
    with pytest.raises(IdempotencyMismatch):
        hand_in(service, user, key="k", pages="1", password="rush")


def test_a_key_is_free_on_another_route_and_for_another_user(service: Service, people: People, user: User) -> None:
    hand_in(service, user, key="k")
    assert not hand_in(service, user, key="k", slug="pdf-to-word").replayed
    assert not hand_in(service, people.new(), key="k").replayed
    assert not hand_in(service, user, key="K").replayed
    assert not hand_in(service, user).replayed


def test_a_key_lives_a_day(service: Service, user: User, clock: SteppedClock) -> None:
    first = hand_in(service, user, key="k").conversion
    clock.step(A_DAY_S - 1)
    assert hand_in(service, user, key="k").replayed
    clock.step(1)
    second = hand_in(service, user, OTHER_FILE, key="k")
    assert not second.replayed
    assert second.conversion.conversion_id != first.conversion_id
    assert hand_in(service, user, OTHER_FILE, key="k").replayed
    assert assert_exact(service, user).points.spent == 6


def test_a_refusal_does_not_use_up_the_key(service: Service, user: User) -> None:
    with pytest.raises(InvalidRequest):
        hand_in(service, user, b"no pdf", key="k")
    with pytest.raises(InvalidRequest):
        hand_in(service, user, key="k", pages="zero")
    assert not hand_in(service, user, key="k").replayed


def test_missing_points_do_not_use_up_the_key_and_keep_nothing(service: Service, stack: Stack, people: People) -> None:
    user, before = people.penniless(), stack.objects()
    with pytest.raises(InsufficientPoints) as refusal:
        hand_in(service, user, key="k")
    assert refusal.value.extras == {"balance": 0, "required": 3}
    assert stack.objects() == before
    assert objects(stack, user, service) == []
    points.grant(service, people.shared(Role.SUPER), points.Topup(user.user_id, 3), "r", None)
    assert not hand_in(service, people.fresh(user), key="k").replayed


def test_points_that_went_meanwhile_are_missing_and_keep_nothing(
    service: Service, stack: Stack, people: People
) -> None:
    user = people.penniless()
    points.grant(service, people.shared(Role.SUPER), points.Topup(user.user_id, 5), "r", None)
    read_before = people.fresh(user)
    hand_in(service, read_before)
    before = stack.objects()
    with pytest.raises(InsufficientPoints):
        hand_in(service, read_before, key="k")
    assert stack.objects() == before
    assert assert_exact(service, user).points.balance == 2


def test_a_failure_on_our_side_does_not_use_up_the_key(service: Service, user: User) -> None:
    first = hand_in(service, user, key="k").conversion
    for _ in range(2):
        work(service, first.conversion_id, raising(ConversionInterrupted("Interrupted.")))
    second = hand_in(service, user, key="k")
    assert not second.replayed
    assert work(service, second.conversion.conversion_id).status is Status.SUCCESS
    assert hand_in(service, user, key="k").conversion.conversion_id == second.conversion.conversion_id
    assert movements(service, user) == [("spent", -3), ("refunded", 3), ("spent", -3)]


def test_a_failure_of_the_document_uses_up_the_key(service: Service, user: User) -> None:
    first = hand_in(service, user, key="k").conversion
    work(service, first.conversion_id, raising(CorruptDocument("Damaged.")))
    assert hand_in(service, user, key="k").conversion.problem
    with pytest.raises(IdempotencyMismatch):
        hand_in(service, user, OTHER_FILE, key="k")
