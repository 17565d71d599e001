"""Declares routes as data: method, path, who may call, bodies and answers; Chalice, OpenAPI and tests read it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from chalicelib.api.access import Access
from chalicelib.api.call import Call, Reply
from chalicelib.api.schemas.base import NoQuery
from chalicelib.conversions.spec import ConversionSpec
from chalicelib.domain.errors import ConvertProError

Answer = BaseModel | Sequence[BaseModel] | Reply
Handler = Callable[[Call], Answer]


@dataclass(frozen=True)
class Returns:
    """One way in which a route succeeds. ``or_text``: media types that a client may ask for instead;
    ``or_file``: a file in place of it, where the redirect beside it leads."""

    status: int
    description: str
    model: Any = None
    headers: tuple[str, ...] = ()
    media_type: str = "application/json"
    or_text: tuple[str, ...] = ()
    or_file: bool = False


@dataclass(frozen=True)
class Endpoint:
    """A route. ``may_refuse`` are errors beyond those that follow from access, body and query;
    ``open_to_keys`` lets API keys in, not tokens alone;
    ``by_cookie``: who calls is told by the session's cookie;
    ``by_upload``: a conversion's route that takes ids of uploads alone;
    ``successor`` is the path of the route that a deprecated one gives way to."""

    method: str
    path: str
    handler: Handler = field(compare=False)
    access: Access
    summary: str
    returns: tuple[Returns, ...]
    body: type[BaseModel] | None = None
    query: type[BaseModel] = NoQuery
    may_refuse: tuple[type[ConvertProError], ...] = ()
    request_headers: tuple[str, ...] = ()
    conversion: ConversionSpec | None = None
    tag: str = ""
    is_private: bool = True
    open_to_keys: bool = False
    by_cookie: bool = False
    by_upload: bool = False
    successor: str | None = None

    @property
    def name(self) -> str:
        """``METHOD /path``."""
        return f"{self.method} {self.path}"

    @property
    def is_rate_limited(self) -> bool:
        """Whether requests count against their user's rate."""
        return self.method == "POST" and self.path.startswith("/api/v3/") and self.access is not Access.PUBLIC


class Routes:
    """The routes of one resource."""

    def __init__(self, tag: str) -> None:
        self._tag = tag
        self.endpoints: list[Endpoint] = []

    def add(
        self, method: str, path: str, access: Access, returns: Returns | tuple[Returns, ...], **more: Any
    ) -> Callable[[Handler], Handler]:
        """Declare the decorated handler as ``method path``; its docstring's first line is the summary."""

        def declare(handler: Handler) -> Handler:
            summary = more.pop("summary", None) or (handler.__doc__ or "").strip().partition("\n")[0]
            outcomes = returns if isinstance(returns, tuple) else (returns,)
            endpoint = Endpoint(method, path, handler, access, summary, outcomes, tag=self._tag, **more)
            self.endpoints.append(endpoint)
            return handler

        return declare
