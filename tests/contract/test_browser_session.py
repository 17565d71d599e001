"""A browser's session: its refresh token is in a cookie which scripts can't read and other sites can't send."""

from http.cookies import Morsel, SimpleCookie

import httpx
import pytest

from chalicelib.domain.users import Role, User
from chalicelib.services import Service, accounts
from chalicelib.services.tokens import ACCESS_LIFETIME_S, REFRESH_LIFETIME_S
from tests.support.gateway import STAGE, Gateway, Shape
from tests.support.people import PASSWORD, People
from tests.support.stack import SteppedClock

SESSION = "/api/v2/auth/session"
TOKEN = f"{SESSION}/token"
NAME = "convertpro_session"


def opened(gateway: Gateway, people: People, user: User | None = None) -> httpx.Response:
    """The answer to a log-in."""
    email = (user or people.shared(Role.GENERAL)).email
    answer = gateway.post(SESSION, json={"email": email, "password": PASSWORD})
    assert answer.status_code == 200
    return answer


def cookie_of(answer: httpx.Response) -> Morsel[str]:
    """The one cookie that an answer sets."""
    return SimpleCookie(answer.headers["Set-Cookie"])[NAME]


def carrying(answer: httpx.Response) -> dict[str, str]:
    """The header by which a browser sends the cookie back."""
    return {"Cookie": f"theme=dark; {NAME}={cookie_of(answer).value}"}


def test_the_refresh_token_is_in_a_cookie_alone(any_gateway: Gateway, people: People) -> None:
    answer = opened(any_gateway, people)
    cookie, is_deployed = cookie_of(answer), any_gateway.shape is Shape.AWS
    assert set(answer.json()) == {"access_token", "token_type", "expires_in", "role"}
    assert cookie.value
    assert cookie.value not in answer.text
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    assert bool(cookie["secure"]) is is_deployed
    assert cookie["path"] == (f"/{STAGE}{SESSION}" if is_deployed else SESSION)
    assert cookie["max-age"] == str(REFRESH_LIFETIME_S)


def test_the_cookie_gives_access_again_and_again_when_tabs_share_it(
    gateway: Gateway, people: People, clock: SteppedClock
) -> None:
    session = opened(gateway, people)
    clock.step(ACCESS_LIFETIME_S + 1)
    answers = [gateway.post(TOKEN, headers=carrying(session)) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    for one in answers:
        assert gateway.get("/api/v2/auth/me", one.json()["access_token"]).status_code == 200


@pytest.mark.parametrize("cookie", [None, f"{NAME}=", f"{NAME}=x.y.z", "other=1", "\x00;;=", f"{NAME}"])
def test_there_is_no_access_when_the_cookie_is_missing_or_wrong(gateway: Gateway, cookie: str | None) -> None:
    answer = gateway.post(TOKEN, headers={"Cookie": cookie} if cookie else {})
    assert answer.status_code == 401


def test_an_access_token_is_no_session(gateway: Gateway, people: People) -> None:
    token = people.token(Role.GENERAL)
    assert gateway.post(TOKEN, headers={"Cookie": f"{NAME}={token}"}).status_code == 401


def test_the_session_is_over_when_it_is_ended(gateway: Gateway, people: People) -> None:
    session = opened(gateway, people)
    ended = gateway.request("DELETE", SESSION, headers=carrying(session))
    assert ended.status_code == 204
    assert (cookie_of(ended).value, cookie_of(ended)["max-age"]) == ("", "0")
    assert gateway.post(TOKEN, headers=carrying(session)).status_code == 401
    assert gateway.request("DELETE", SESSION, headers=carrying(session)).status_code == 204


def test_the_session_is_over_when_the_password_changes(gateway: Gateway, people: People, service: Service) -> None:
    user = people.new()
    session = opened(gateway, people, user)
    accounts.change_password(service, people.fresh(user), PASSWORD, "another one")
    assert gateway.post(TOKEN, headers=carrying(session)).status_code == 401


def test_the_session_is_over_when_its_time_is(gateway: Gateway, people: People, clock: SteppedClock) -> None:
    session = opened(gateway, people)
    clock.step(REFRESH_LIFETIME_S + 1)
    assert gateway.post(TOKEN, headers=carrying(session)).status_code == 401


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_another_origin_is_refused(gateway: Gateway, people: People, site: str) -> None:
    session = opened(gateway, people)
    foreign = {"Sec-Fetch-Site": site}
    user = people.shared(Role.GENERAL)
    login = gateway.post(SESSION, headers=foreign, json={"email": user.email, "password": PASSWORD})
    assert login.status_code == 403
    assert "Set-Cookie" not in login.headers
    assert gateway.post(TOKEN, headers=carrying(session) | foreign).status_code == 403
    assert gateway.request("DELETE", SESSION, headers=carrying(session) | foreign).status_code == 403
    assert gateway.post(TOKEN, headers=carrying(session) | {"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_a_form_of_another_page_opens_no_session(gateway: Gateway, people: People) -> None:
    form = {"email": people.shared(Role.GENERAL).email, "password": PASSWORD}
    assert gateway.post(SESSION, data=form).status_code == 415


def test_the_cookie_is_no_bearer_token_when_another_route_gets_it(gateway: Gateway, people: People) -> None:
    session = opened(gateway, people)
    assert gateway.get("/api/v2/auth/me", headers=carrying(session)).status_code == 401
    assert gateway.get("/api/v2/auth/me", cookie_of(session).value).status_code == 401
