"""Who administers is told of dead letters and of what is stuck, of whom it manages, and what to do."""

import json

import pytest

from chalicelib.domain.users import Role
from chalicelib.services import Service, sweep
from chalicelib.services.stuck import SETTLES_S
from tests.support.conversions import hand_in
from tests.support.gateway import Gateway
from tests.support.people import People
from tests.support.stack import Stack, SteppedClock

PATH = "/api/v3/admin/stuck-work"


def test_nothing_is_told_when_nothing_is_stuck(
    gateway: Gateway, empty_stack: Stack, people: People, clock: SteppedClock
) -> None:
    hand_in(empty_stack.service, people.new())
    clock.step(SETTLES_S / 2)
    told = gateway.get(PATH, people.token(Role.ADMIN)).json()
    assert (told["findings"], told["conversions"], told["batches"]) == ([], [], [])
    names = {one["name"] for one in told["queues"]}
    assert names == {
        *("light", "documents", "background", "light_batch", "documents_batch", "background_batch"),
        *("intake", "archives", "courier", "tally"),
    }


@pytest.mark.parametrize(
    ("after_s", "fault"),
    [(SETTLES_S + 120, "unattended"), (SETTLES_S + sweep.GIVE_UP_AFTER_S + 1, "open-beyond-limit")],
)
def test_a_conversion_that_nobody_looks_after_is_told_to_whoever_manages_its_owner(
    gateway: Gateway, empty_stack: Stack, people: People, clock: SteppedClock, after_s: float, fault: str
) -> None:
    user, boss = people.new(), people.new(Role.SUPER)
    conversion = hand_in(empty_stack.service, user).conversion
    others = hand_in(empty_stack.service, boss).conversion
    clock.step(after_s)
    told = gateway.get(PATH, people.token(people.new(Role.ADMIN))).json()
    (stuck,) = told["conversions"]
    assert (stuck["conversion_id"], stuck["fault"], stuck["user"]["email"]) == (
        conversion.conversion_id,
        fault,
        user.email,
    )
    assert [(one["fault"], one["count"]) for one in told["findings"]] == [(fault, 1)]
    assert "make doctor" in told["findings"][0]["advice"]
    of_all = gateway.get(PATH, people.token(boss)).json()["conversions"]
    assert {one["conversion_id"] for one in of_all} == {conversion.conversion_id, others.conversion_id}


def test_dead_letters_are_counted_and_left_where_they_are(
    gateway: Gateway, empty_stack: Stack, service: Service, people: People
) -> None:
    url = service.settings.courier_dead_queue_url
    assert url
    empty_stack.sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"scope": "x", "item": "y"}))
    token = people.token(Role.SUPER)
    for _ in range(2):
        told = gateway.get(PATH, token).json()
        assert [one["dead"] for one in told["queues"] if one["name"] == "courier"] == [1]
        assert [(one["fault"], one["count"]) for one in told["findings"]] == [("dead-letters", 1)]
    assert len(empty_stack.messages(url)) == 1
