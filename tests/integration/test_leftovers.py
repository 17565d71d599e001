"""What a conversion leaves in the bucket once it has ended: its result, and nothing else, whoever died on the way."""

import pytest

from chalicelib.domain.conversion import Status
from chalicelib.domain.errors import CorruptDocument
from chalicelib.services import Service, run
from tests.support.conversions import Act, hand_in, raising, row, work, write_sample
from tests.support.fakes import ScriptedEngines
from tests.support.people import People
from tests.support.stack import Stack, SteppedClock


class Died(BaseException):
    """The worker's process is gone."""


@pytest.mark.parametrize("act", [write_sample, raising(CorruptDocument("Damaged."))])
def test_inputs_and_secrets_go_with_the_next_delivery_when_a_worker_died_after_settling(
    service: Service, stack: Stack, people: People, monkeypatch: pytest.MonkeyPatch, act: Act
) -> None:
    conversion = hand_in(service, people.new(), pages="1", password="hush").conversion

    def die(_keys: object) -> None:
        raise Died

    with monkeypatch.context() as dying:
        dying.setattr(service.store.files, "delete", die)
        with pytest.raises(Died):
            work(service, conversion.conversion_id, act)
    ended = row(service, conversion.conversion_id)
    assert not ended.is_open
    assert len(stack.objects(conversion.prefix)) > 1
    run.run(service, ScriptedEngines(), conversion.conversion_id)
    assert stack.objects(conversion.prefix) == ([ended.result.file.key] if ended.result else [])


def test_a_result_goes_when_its_worker_died_before_settling_and_another_one_settled(
    service: Service, stack: Stack, people: People, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversion = hand_in(service, people.new()).conversion

    def die(*_: object) -> None:
        raise Died

    with monkeypatch.context() as dying:
        dying.setattr(service.store.conversions, "succeed", die)
        with pytest.raises(Died):
            work(service, conversion.conversion_id)
    assert conversion.result_key(1) in stack.objects(conversion.prefix)
    clock.step(service.settings.lease_s + 1)
    assert work(service, conversion.conversion_id).status is Status.SUCCESS
    assert stack.objects(conversion.prefix) == [conversion.result_key(2)]


def test_a_result_goes_when_its_worker_was_too_late(
    service: Service, stack: Stack, people: People, clock: SteppedClock
) -> None:
    conversion = hand_in(service, people.new()).conversion

    def late(job: object) -> None:
        clock.step(service.settings.lease_s + 1)
        work(service, conversion.conversion_id)

    assert work(service, conversion.conversion_id, late).status is Status.SUCCESS
    assert stack.objects(conversion.prefix) == [conversion.result_key(2)]
