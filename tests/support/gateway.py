"""Calls the application as API Gateway does, and as ``chalice local`` does; every answer must be as documented."""

import base64
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import httpx
from chalice.app import Chalice
from chalice.local import LambdaEventConverter, RouteMatcher

from tests.support.openapi import Description

STAGE = "api"
HOST = {"api-gateway": "a1b2c3.execute-api.us-east-1.amazonaws.com", "chalice-local": "127.0.0.1:8000"}
ADDRESS = "203.0.113.7"


class Shape(StrEnum):
    """Whose events the application gets."""

    AWS = "api-gateway"
    LOCAL = "chalice-local"


class Gateway:
    """A client of the application."""

    def __init__(self, app: Chalice, description: Description, shape: Shape = Shape.AWS) -> None:
        self._app = app
        self._description = description
        self.shape = shape
        self.address = ADDRESS

    @property
    def base_url(self) -> str:
        """What a client's URLs start with."""
        host = HOST[self.shape]
        return f"https://{host}/{STAGE}" if self.shape is Shape.AWS else f"http://{host}"

    def get(self, path: str, token: str | None = None, **more: Any) -> httpx.Response:
        """GET; see :meth:`request`."""
        return self.request("GET", path, token, **more)

    def post(self, path: str, token: str | None = None, **more: Any) -> httpx.Response:
        """POST; see :meth:`request`."""
        return self.request("POST", path, token, **more)

    def request(
        self,
        method: str,
        path: str,
        token: str | None = None,
        headers: Mapping[str, str | bytes] | None = None,
        **more: Any,
    ) -> httpx.Response:
        """Send what ``httpx.Request`` would: ``json``, ``content``, ``files`` with ``data``, ``params``."""
        authorization = {"Authorization": f"Bearer {token}".encode()} if token else {}
        sent = authorization | {name: _bytes(value) for name, value in (headers or {}).items()}
        request = httpx.Request(
            method,
            f"http://{HOST[self.shape]}{path}",
            headers={name.encode(): value for name, value in sent.items()},
            **more,
        )
        return self.send(self.event(request))

    def event(self, request: httpx.Request) -> dict[str, Any]:
        """The event that stands for ``request``."""
        return self._local_event(request) if self.shape is Shape.LOCAL else self._aws_event(request)

    def send(self, event: dict[str, Any]) -> httpx.Response:
        """The application's answer to an event, held against its description."""
        raw = self._app(event, None)
        answer = httpx.Response(raw["statusCode"], headers=raw["headers"], content=raw["body"].encode())
        context = event["requestContext"]
        self._description.judge(context["httpMethod"], context["resourcePath"], answer)
        return answer

    def _local_event(self, request: httpx.Request) -> dict[str, Any]:
        converter = LambdaEventConverter(RouteMatcher(list(self._app.routes)), self._app.api.binary_types)
        target = request.url.raw_path.decode()
        event: dict[str, Any] = converter.create_lambda_event(
            request.method, target, _headers(request), request.read() or None
        )
        return event

    def _aws_event(self, request: httpx.Request) -> dict[str, Any]:
        path = request.url.path
        resource, captured = self._match(path)
        headers = _headers(request) | {"X-Forwarded-Proto": "https", "X-Forwarded-For": self.address}
        query: dict[str, list[str]] = {}
        for name, value in request.url.params.multi_items():
            query.setdefault(name, []).append(value)
        return {
            "resource": resource,
            "path": path,
            "httpMethod": request.method,
            "headers": headers,
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
            "multiValueQueryStringParameters": query or None,
            "pathParameters": captured or None,
            "stageVariables": None,
            "requestContext": {
                "resourcePath": resource,
                "httpMethod": request.method,
                "path": f"/{STAGE}{path}",
                "stage": STAGE,
                "protocol": "HTTP/1.1",
                "identity": {"sourceIp": self.address},
            },
            **self._aws_body(request),
        }

    def _aws_body(self, request: httpx.Request) -> dict[str, Any]:
        body = request.read()
        media_type = request.headers.get("content-type", "").partition(";")[0]
        if media_type in self._app.api.binary_types:
            return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
        return {"body": body.decode(errors="replace") if body else None, "isBase64Encoded": False}

    def _match(self, path: str) -> tuple[str, dict[str, str]]:
        parts = path.split("/")
        routes = [route for route in self._app.routes if _fits(route.split("/"), parts)]
        resource = min(routes, key=lambda route: [_is_variable(part) for part in route.split("/")])
        pairs = zip(resource.split("/"), parts, strict=True)
        return resource, {name[1:-1]: value for name, value in pairs if _is_variable(name)}


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("latin-1")


def _headers(request: httpx.Request) -> dict[str, str]:
    headers = {name.decode(): value.decode("latin-1") for name, value in request.headers.raw}
    return headers | {"Host": request.url.netloc.decode()}


def _is_variable(part: str) -> bool:
    return part.startswith("{")


def _fits(route: list[str], parts: list[str]) -> bool:
    return len(route) == len(parts) and all(
        _is_variable(name) or name == part for name, part in zip(route, parts, strict=True)
    )
