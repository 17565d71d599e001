"""The ``Prefer`` and ``Idempotency-Key`` headers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.api.prefer import Preference, parse
from chalicelib.domain.errors import InvalidRequest
from chalicelib.services.idempotency import parse_key

DEFAULT_S = 20


@pytest.mark.parametrize(
    ("header", "preference"),
    [
        (None, Preference(DEFAULT_S)),
        ("", Preference(DEFAULT_S)),
        ("wait=5", Preference(5, "wait=5")),
        ("wait=0", Preference(0, "wait=0")),
        ("WAIT = 7", Preference(7, "wait=7")),
        ('wait="8"', Preference(8, "wait=8")),
        ("wait=25", Preference(25, "wait=25")),
        ("wait=26", Preference(25, "wait=25")),
        ("wait=999999", Preference(25, "wait=25")),
        ("respond-async", Preference(0, "respond-async")),
        ("Respond-Async, wait=5", Preference(0, "respond-async")),
        ("wait=5, respond-async", Preference(5, "wait=5")),
        ("handling=lenient; x=y, wait=3; z", Preference(3, "wait=3")),
        ("return=minimal", Preference(DEFAULT_S)),
        ("wait=soon", Preference(DEFAULT_S)),
        ("wait=-1", Preference(DEFAULT_S)),
        ("wait=1.5", Preference(DEFAULT_S)),
        ("wait", Preference(DEFAULT_S)),
        ("wait=9999999999999999", Preference(DEFAULT_S)),
    ],
)
def test_a_preference_is_honoured_when_it_is_understood(header: str | None, preference: Preference) -> None:
    assert parse(header, DEFAULT_S) == preference


@given(st.text(max_size=60))
def test_any_preference_is_bounded(header: str) -> None:
    assert 0 <= parse(header, DEFAULT_S).wait_s <= 25


@pytest.mark.parametrize(
    ("header", "key"),
    [
        (None, None),
        ("k", "k"),
        ('"k"', "k"),
        (" k ", "k"),
        ('"', '"'),
        ('a"b', 'a"b'),
        ('"a', '"a'),
        ("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"),
        ("!~", "!~"),
        ("x" * 255, "x" * 255),
        (f'"{"x" * 255}"', "x" * 255),
    ],
)
def test_a_key_is_read_with_or_without_quotes(header: str | None, key: str | None) -> None:
    assert parse_key(header) == key


@pytest.mark.parametrize("header", ["", " ", '""', "a b", "a\tb", "x" * 256, "\u00fc", "a\x7f", "a\nb"])
def test_a_key_is_refused_when_it_is_malformed(header: str) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        parse_key(header)
    assert refusal.value.errors[0].loc == ("header", "Idempotency-Key")
