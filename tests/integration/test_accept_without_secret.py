"""What takes objects in has no right to the secret that signs tokens, and needs none."""

from dataclasses import replace

import pytest

from chalicelib.domain.users import User
from chalicelib.services import Service
from chalicelib.settings import BadSettings
from chalicelib.store import Store
from tests.support.conversions import hand_in
from tests.support.people import People


@pytest.fixture
def user(people: People) -> User:
    return people.new()


@pytest.fixture
def secretless(service: Service) -> Service:
    """The service of a function that may not read the secret."""
    settings = replace(service.settings, jwt_secret=None, jwt_secret_arn=None)
    without = Service(settings, Store(settings), service.clock)
    with pytest.raises(BadSettings):
        _ = without.store.signing_secret
    return without


def test_a_conversion_is_accepted_and_charged_without_the_signing_secret_when_there_is_no_key(
    service: Service, secretless: Service, user: User
) -> None:
    accepted = hand_in(secretless, user, pages="1", password="open sesame")
    assert accepted.conversion.points_charged == 3
    assert service.store.conversions.get(accepted.conversion.conversion_id) is not None
