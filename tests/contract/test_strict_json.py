"""Bad JSON is a 422 with its reason, on every route that takes a body, and nothing breaks."""

import json

import pytest

from chalicelib.api.access import Access
from chalicelib.api.endpoint import Endpoint
from chalicelib.api.routes import endpoints
from chalicelib.domain import strict_json
from chalicelib.domain.strict_json import BadJson
from chalicelib.domain.users import Role
from tests.support.gateway import Gateway
from tests.support.knocking import name_of, path_of
from tests.support.people import People

TAKING_JSON = [one for one in endpoints() if one.body or (one.conversion and "/v3/" in one.path)]
BAD = {
    "nesting": b'{"a":' * 1_000 + b"1" + b"}" * 1_000,
    "unclosed nesting": b"[" * 60_000,
    "half a surrogate pair": b'{"a": "\\ud800"}',
    "half a pair in a name": b'{"\\udfff": 1}',
    "NaN": b'{"a": NaN}',
    "infinity": b'{"a": -Infinity}',
    "a number beyond all bounds": b'{"a": 1e999}',
    "a number of 5,000 digits": b'{"a": ' + b"9" * 5_000 + b"}",
    "a member twice": b'{"a": 1, "a": 2}',
    "10,000 members": json.dumps({f"k{number}": number for number in range(10_000)}).encode()[:60_000],
    "10,000 elements": b'{"a": [' + b"0," * 9_999 + b"0]}",
    "no JSON": b"{",
    "no UTF-8": b'{"a": "\xff"}',
    "nothing": b"",
    "no object": b'"text"',
}


@pytest.mark.parametrize("endpoint", TAKING_JSON, ids=name_of)
def test_bad_json_is_refused_when_a_route_takes_a_body(gateway: Gateway, people: People, endpoint: Endpoint) -> None:
    token = None if endpoint.access is Access.PUBLIC else people.token(people.shared(Role.SUPER))
    for what, body in BAD.items():
        headers = {"Content-Type": "application/json"}
        answer = gateway.request(endpoint.method, path_of(endpoint), token, headers=headers, content=body)
        assert answer.status_code == 422, what
        assert answer.json()["errors"], what


@pytest.mark.parametrize("bad", list(BAD.values())[:-1], ids=list(BAD)[:-1])
def test_a_bad_value_is_named(bad: bytes) -> None:
    with pytest.raises(BadJson):
        strict_json.loads(bad)


def test_a_string_without_an_end_is_refused_at_once_when_it_is_full_of_quotes() -> None:
    with pytest.raises(BadJson):  # it took an hour
        strict_json.loads(b'{"a": "' + b'\\"' * 500_000)


@pytest.mark.parametrize(
    "good", ['{"a": "[[[\\"[[[[" }', "[[1, 2.5, -3e2], null, true]", '"\\ud83d\\ude00"', '"' + "[" * 99 + '"']
)
def test_good_json_is_read_as_it_is(good: str) -> None:
    assert strict_json.loads(good.encode()) == json.loads(good)
