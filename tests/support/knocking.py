"""Calls to any declared route that carry no more than a token: enough to see who is let in, never enough to act."""

import re
from typing import Any

import httpx

from chalicelib.api.endpoint import Endpoint
from tests.support.gateway import Gateway

ABSENT_ID = "01JZZZZZZZZZZZZZZZZZZZZZZZ"


def name_of(endpoint: Endpoint) -> str:
    """``METHOD /path``, as decisions about routes are keyed."""
    return f"{endpoint.method} {endpoint.path}"


def path_of(endpoint: Endpoint, **parameters: str) -> str:
    """The endpoint's path, with an absent id for every parameter not given."""
    return re.sub(r"{(\w+)}", lambda match: parameters.get(match[1], ABSENT_ID), endpoint.path)


def knock(gateway: Gateway, endpoint: Endpoint, token: str | None = None, **more: Any) -> httpx.Response:
    """Call ``endpoint`` with an empty JSON object where it takes a body."""
    body: dict[str, Any] = {"json": {}} if endpoint.body else {}
    return gateway.request(endpoint.method, path_of(endpoint), token, **body | more)
