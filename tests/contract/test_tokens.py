"""What is no token: every protected route answers 401, whatever is wrong with it."""

from collections.abc import Callable
from typing import Any

import jwt
import pytest

from chalicelib.api.endpoint import Endpoint
from chalicelib.domain.users import Role, User
from chalicelib.services import Service, accounts, tokens
from chalicelib.store.tables import UserItem
from tests.contract.test_roles import PROTECTED
from tests.support.gateway import Gateway
from tests.support.knocking import knock, name_of
from tests.support.people import PASSWORD, People
from tests.support.stack import SIGNING_SECRET, START, SteppedClock

ME = "/api/v2/auth/me"
HALF_AN_HOUR_S = 1_800


def forged(user: User, key: str = SIGNING_SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    """A token of ``user`` that is right but for what is given; a claim of None is left out."""
    issued = int(START.timestamp())
    right = {
        "iss": "convertpro",
        "aud": "convertpro-api",
        "sub": user.user_id,
        "typ": "access",
        "epoch": user.token_epoch,
        "iat": issued,
        "exp": issued + 60,
        "jti": "any",
    }
    payload = {name: value for name, value in (right | claims).items() if value is not None}
    return jwt.encode(payload, "" if algorithm == "none" else key, algorithm=algorithm)


BAD_AUTHORIZATION: dict[str, Callable[[User], str | None]] = {
    "missing": lambda _: None,
    "empty": lambda _: "",
    "scheme-alone": lambda _: "Bearer ",
    "no-jwt": lambda _: "Bearer convertpro",
    "not-ascii": lambda _: "Bearer \u00fc.\u00fc.\u00fc",
    "basic-scheme": lambda user: f"Basic {forged(user)}",
    "no-scheme": forged,
    "expired": lambda user: f"Bearer {forged(user, exp=int(START.timestamp()))}",
    "other-issuer": lambda user: f"Bearer {forged(user, iss='someone')}",
    "other-audience": lambda user: f"Bearer {forged(user, aud='something')}",
    "other-type": lambda user: f"Bearer {forged(user, typ='id')}",
    "other-secret": lambda user: f"Bearer {forged(user, key='another secret of a decent length')}",
    "unsigned": lambda user: f"Bearer {forged(user, algorithm='none')}",
    "other-algorithm": lambda user: f"Bearer {forged(user, algorithm='HS512')}",
    "no-epoch": lambda user: f"Bearer {forged(user, epoch=None)}",
    "older-epoch": lambda user: f"Bearer {forged(user, epoch=user.token_epoch - 1)}",
    "epoch-as-text": lambda user: f"Bearer {forged(user, epoch=str(user.token_epoch))}",
    "no-subject": lambda user: f"Bearer {forged(user, sub=None)}",
    "unknown-subject": lambda user: f"Bearer {forged(user, sub='01JZZZZZZZZZZZZZZZZZZZZZZZ')}",
    "no-expiry": lambda user: f"Bearer {forged(user, exp=None)}",
}


@pytest.mark.parametrize("endpoint", PROTECTED, ids=name_of)
def test_a_route_stays_shut_when_the_token_is_bad(gateway: Gateway, people: People, endpoint: Endpoint) -> None:
    user = people.shared(Role.SUPER)
    values = {case: make(user) for case, make in BAD_AUTHORIZATION.items()}
    answers = {
        case: knock(gateway, endpoint, headers={} if value is None else {"Authorization": value})
        for case, value in values.items()
    }
    assert {case: answer.status_code for case, answer in answers.items()} == dict.fromkeys(values, 401)
    assert all(answer.json()["type"].endswith("/unauthenticated") for answer in answers.values())


def test_a_token_is_good_when_it_is_forged_with_the_right_secret(gateway: Gateway, people: People) -> None:
    assert gateway.get(ME, forged(people.shared(Role.SUPER))).status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_good_when_its_case_differs(gateway: Gateway, people: People, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {people.token(Role.DEMO)}"}
    assert gateway.get(ME, headers=headers).status_code == 200


def test_a_refresh_token_opens_nothing_when_it_is_sent_as_an_access_token(gateway: Gateway, people: People) -> None:
    pair = people.session(people.shared(Role.GENERAL))
    assert gateway.get(ME, pair.access_token).status_code == 200
    assert gateway.get(ME, pair.refresh_token).status_code == 401


def test_an_access_token_is_refused_when_it_is_sent_as_a_refresh_token(gateway: Gateway, people: People) -> None:
    token = people.token(Role.GENERAL)
    assert gateway.post("/api/v2/auth/refresh", json={"refresh_token": token}).status_code == 401


def test_a_token_ends_when_its_half_hour_is_over(gateway: Gateway, people: People, clock: SteppedClock) -> None:
    token = people.token(Role.GENERAL)
    clock.step(HALF_AN_HOUR_S - 1)
    assert gateway.get(ME, token).status_code == 200
    clock.step(1)
    assert gateway.get(ME, token).status_code == 401


def _disable(service: Service, people: People, user: User) -> None:
    accounts.set_active(service, people.shared(Role.SUPER), user.user_id, False)


def _reset_password(service: Service, people: People, user: User) -> None:
    accounts.reset_password(service, people.shared(Role.SUPER), user.user_id, "another password")


def _change_password(service: Service, people: People, user: User) -> None:
    accounts.change_password(service, people.fresh(user), PASSWORD, "another password")


def _delete(_service: Service, _people: People, user: User) -> None:
    UserItem(user_id=user.user_id).delete()


@pytest.mark.parametrize("happens", [_disable, _reset_password, _change_password, _delete])
def test_every_older_token_is_refused_at_once_when_the_user_changes(
    gateway: Gateway, service: Service, people: People, happens: Callable[[Service, People, User], None]
) -> None:
    user = people.new(Role.ADMIN)
    pair = people.session(user)
    assert gateway.get(ME, pair.access_token).status_code == 200
    happens(service, people, user)
    assert gateway.get(ME, pair.access_token).status_code == 401
    assert gateway.post("/api/v2/auth/refresh", json={"refresh_token": pair.refresh_token}).status_code == 401


def test_older_tokens_stay_refused_when_the_user_is_enabled_again(
    gateway: Gateway, service: Service, people: People
) -> None:
    user = people.new()
    token = people.token(user)
    _disable(service, people, user)
    accounts.set_active(service, people.shared(Role.SUPER), user.user_id, True)
    assert gateway.get(ME, token).status_code == 401
    assert gateway.get(ME, people.token(people.fresh(user))).status_code == 200


def test_a_token_says_no_more_than_it_must(people: People) -> None:
    token = people.token(Role.GENERAL)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert jwt.get_unverified_header(token)["alg"] == "HS256"
    assert claims["exp"] - claims["iat"] == tokens.ACCESS_LIFETIME_S == HALF_AN_HOUR_S
    assert set(claims) == {"iss", "aud", "sub", "typ", "epoch", "iat", "exp", "jti"}
