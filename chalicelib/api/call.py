"""One HTTP request as a handler sees it: who calls, with what; and the reply it gives."""

import base64
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import urlencode

from chalice.app import Request
from pydantic import BaseModel, ValidationError
from ulid import ULID

from chalicelib.domain import strict_json
from chalicelib.domain.errors import (
    FieldError,
    InvalidRequest,
    LengthRequired,
    PayloadTooLarge,
    UnsupportedMediaType,
)
from chalicelib.domain.strict_json import BadJson
from chalicelib.domain.users import User
from chalicelib.observability import CORRELATION_ID, Stopwatch
from chalicelib.services import Service, tokens
from chalicelib.services.rates import Quota
from chalicelib.services.submission import field_errors
from chalicelib.store.api_keys import ApiKey

Model = TypeVar("Model", bound=BaseModel)
_LONGEST_JSON = 1024 * 1024


@dataclass(frozen=True)
class Reply:
    """An answer with a status or headers of its own."""

    body: BaseModel | Sequence[BaseModel] | str | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    problem: Mapping[str, Any] | None = None


class Call:
    """A request. ``caller`` is set before the handler runs, except on public routes.

    ``key`` is the API key by which the caller came, if it was one; ``quota`` what is left of the caller's, where one is
    kept.
    """

    def __init__(self, request: Request | None, service: Service) -> None:
        if request is None:
            raise RuntimeError("there is no request to answer")
        self.service = service
        self.request_id = str(ULID())
        CORRELATION_ID.set(self.request_id)
        self.stopwatch = Stopwatch()
        self._request = request
        self.key: ApiKey | None = None
        self.quota: Quota | None = None
        self._caller: User | None = None

    @property
    def caller(self) -> User:
        """The authenticated user."""
        if self._caller is None:
            raise RuntimeError("a public route has no caller")
        return self._caller

    @caller.setter
    def caller(self, user: User) -> None:
        self._caller = user

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self._request.method

    @property
    def route(self) -> str:
        """The route's pattern."""
        return self._request.path

    @property
    def address(self) -> str:
        """The client's address, as the gateway saw it."""
        return str(self._request.context.get("identity", {}).get("sourceIp", ""))

    def header(self, name: str) -> str | None:
        """A request header, or None."""
        value = self._request.headers.get(name)
        return None if value is None else str(value)

    def path(self, name: str) -> str:
        """A path parameter."""
        return (self._request.uri_params or {})[name]

    @cached_property
    def body(self) -> bytes:
        """The raw body. Raises ``LengthRequired`` for a chunked one where the server can't read it."""
        # Typed str | bytes by Chalice; bytes in fact, decoded from base64 behind the gateway.
        raw = self._request.raw_body or b""
        body = raw if isinstance(raw, bytes) else raw.encode()
        if not body and "chunked" in (self.header("transfer-encoding") or "").lower():
            raise LengthRequired("Send a Content-Length; chunked bodies are not supported.")
        return body

    @property
    def content_length(self) -> int:
        """Bytes of the body as it arrived."""
        return len(self.body)

    @property
    def media_type(self) -> str:
        """The body's media type, without parameters, in lower case."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    def prefers(self, media_type: str) -> bool:
        """Whether the client asks for ``media_type`` by name, and at least as much as for JSON (RFC 9110, Accept)."""
        wanted = _qualities(self.header("accept") or "")
        return wanted.get(media_type, 0) > 0 and wanted[media_type] >= wanted.get("application/json", 0)

    @cached_property
    def base_url(self) -> str:
        """What every absolute URL starts with: the setting, else the request's host and its stage's prefix."""
        configured = self.service.settings.public_base_url
        if configured:
            return configured
        scheme = self.header("x-forwarded-proto") or "http"
        return f"{scheme}://{self.header('host') or 'localhost'}{self._stage_prefix()}"

    @property
    def url(self) -> str:
        """The absolute URL of this request, without its query."""
        return self.base_url + self._own_path()

    @property
    def way_to_root(self) -> str:
        """A relative reference to where all paths begin; an address may end in a slash, or lack its stage's."""
        path = self._full_path()
        prefix = self._stage_prefix()
        if not path.startswith(f"{prefix}/"):
            return f"{prefix.rpartition('/')[2]}/"
        return "../" * path.removeprefix(f"{prefix}/").count("/") or "./"

    def json(self, model: type[Model]) -> Model:
        """The JSON body as ``model``. Raises ``UnsupportedMediaType``, ``InvalidRequest``."""
        if self.media_type != "application/json":
            raise UnsupportedMediaType("Send the body as application/json.")
        self._strict_json()
        try:
            return model.model_validate_json(self.body, strict=True)
        except ValidationError as error:
            raise InvalidRequest.of(field_errors(error, "body")) from error

    def json_object(self) -> dict[str, Any]:
        """The JSON body as an object. Raises ``InvalidRequest``."""
        data = self._strict_json()
        if not isinstance(data, dict):
            raise InvalidRequest.of([FieldError(("body",), "must be a JSON object", "json_type")])
        return data

    def _strict_json(self) -> Any:
        if len(self.body) > _LONGEST_JSON:
            raise PayloadTooLarge("A JSON body may have 1 MiB.")
        try:
            return strict_json.loads(self.body)
        except BadJson as error:
            raise InvalidRequest.of([FieldError(("body",), str(error), "json_invalid")]) from error

    def query(self, model: type[Model]) -> Model:
        """The query parameters as ``model``. Raises ``InvalidRequest``."""
        sent = self._request.query_params
        values = {name: sent[name] for name in sent} if sent else {}
        try:
            return model.model_validate(values)
        except ValidationError as error:
            raise InvalidRequest.of(field_errors(error, "query")) from error

    def seal(self, position: Any) -> str | None:
        """An opaque cursor of ``position`` which only this user can use, at this address."""
        if position is None:
            return None
        text = json.dumps(position, separators=(",", ":"), sort_keys=True)
        return _base64(self._cursor_tag(text) + text)

    def unseal(self, cursor: str | None) -> Any:
        """The position of a cursor. Raises ``InvalidRequest`` when it is tampered with or another list's."""
        if cursor is None:
            return None
        try:
            text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        except ValueError:
            text = ""
        tag, body = text[:32], text[32:]
        # The decoder skips what is no base64; a cursor is good only as it was given.
        intact = hmac.compare_digest(tag.encode(), self._cursor_tag(body).encode()) and cursor == _base64(text)
        if not intact:
            raise InvalidRequest.of(
                [FieldError(("query", "cursor"), "is not a cursor of this list; start without it", "cursor")]
            )
        return json.loads(body)

    def next_link(self, query: BaseModel, position: Any) -> dict[str, str]:
        """The ``Link`` header of the page that follows ``position`` (RFC 8288); none when there is none."""
        if position is None:
            return {}
        values = query.model_dump(mode="json", by_alias=True, exclude_none=True) | {"cursor": self.seal(position)}
        return {"Link": f'<{self.url}?{urlencode(values)}>; rel="next"'}

    def _cursor_tag(self, text: str) -> str:
        """The signature of a position: of this caller, on the list at this address with these filters."""
        sent: Mapping[str, str] = self._request.query_params or {}
        filters = sorted((name, sent[name]) for name in sent if name not in ("cursor", "limit"))
        scope = json.dumps([self.caller.user_id, self._own_path(), filters])
        return tokens.keyed_digest(self.service, "cursor", scope.encode(), text.encode())[:32]

    def _own_path(self) -> str:
        """The request's path from ``/api`` on: as many segments as its route has."""
        segments = [part for part in self.route.split("/") if part]
        parts = self._full_path().rstrip("/").split("/")
        return "/" + "/".join(parts[len(parts) - len(segments) :])

    def _stage_prefix(self) -> str:
        """What the gateway puts before the path: the stage, or a custom domain's base path."""
        return self._full_path().rstrip("/").removesuffix(self._own_path().rstrip("/"))

    def _full_path(self) -> str:
        return str(self._request.context.get("path") or self.route)


def _base64(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _qualities(accept: str) -> dict[str, float]:
    """The media types of an ``Accept`` header with their weights."""
    found = {}
    for part in accept.lower().split(","):
        media_type, *parameters = (one.strip() for one in part.split(";"))
        weight = next((one[2:] for one in parameters if one.startswith("q=")), "1")
        found[media_type] = float(weight) if re.fullmatch(r"[01](\.[0-9]{0,3})?", weight) else 0.0
    return found
