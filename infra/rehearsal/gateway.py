"""What API Gateway does to a request and to its answer, in front of the API function."""

import base64
import json
import re
import threading
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from infra.rehearsal.functions import Function, FunctionFailed
from infra.template import Resolver

STAGE = "api"
PAYLOAD_LIMIT = 10 * 1024**2
EVENT_LIMIT = 6 * 1024**2
TIMEOUT_S = 29
"""API Gateway's payload and time, and Lambda's limit on an event, in which a body is base64."""

_RENAMED = {"www-authenticate": "x-amzn-Remapped-WWW-Authenticate"}


class Gateway:
    """Serves the stage on a port of its own."""

    def __init__(self, body: Mapping[str, Any], resolver: Resolver, api: Function, port: int) -> None:
        self._paths = body["paths"]
        self._responses = body["x-amazon-apigateway-gateway-responses"]
        self._binary = "*/*" in body["x-amazon-apigateway-binary-media-types"]
        self._resolver, self._api = resolver, api
        self._pool = ThreadPoolExecutor(8)
        self.base_url = f"http://127.0.0.1:{port}/{STAGE}"
        gateway = self

        class Handler(_Handler):
            """Knows its gateway."""

            def answer(self, path: str, body: bytes) -> "Answer":
                return gateway.answer(self.command, path, dict(self.headers.items()), body)

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> "Answer":
        """The answer to a request."""
        url = urlsplit(target)
        context = {"requestId": str(uuid.uuid4()), "domainName": headers.get("Host", ""), "stage": STAGE}
        context["path"] = url.path
        if f"{url.path}/".startswith(f"/{STAGE}/"):
            return self._admitted(method, url, headers, body, context)
        return 403, {"Content-Type": "application/json"}, b'{"message":"Forbidden"}'

    def _admitted(
        self, method: str, url: SplitResult, headers: dict[str, str], body: bytes, context: Mapping[str, str]
    ) -> "Answer":
        resource, captured = self._match(method, url.path.removeprefix(f"/{STAGE}") or "/")
        if resource is None:
            return self._own("MISSING_AUTHENTICATION_TOKEN", context)
        event = self._event(method, resource, captured, url, headers, body, context)
        if len(body) > PAYLOAD_LIMIT or len(json.dumps(event)) > EVENT_LIMIT:
            return self._own("REQUEST_TOO_LARGE", context)
        return self._asked(event, context)

    def _asked(self, event: Mapping[str, Any], context: Mapping[str, str]) -> "Answer":
        try:
            reply = self._pool.submit(self._api.invoke, event).result(TIMEOUT_S)
        except TookTooLong:
            return self._own("INTEGRATION_TIMEOUT", context)
        except FunctionFailed:
            return self._own("DEFAULT_5XX", context)
        return _reply(reply)

    def _match(self, method: str, path: str) -> tuple[str | None, dict[str, str]]:
        """The most literal resource that has the path and the method."""
        best: tuple[int, str, dict[str, str]] | None = None
        for resource, operations in self._paths.items():
            pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", resource)
            found = re.fullmatch(pattern, path)
            if found and (method.lower() in operations or "x-amazon-apigateway-any-method" in operations):
                literal = -resource.count("{")
                if best is None or literal > best[0]:
                    best = (literal, resource, {name: unquote(value) for name, value in found.groupdict().items()})
        return (best[1], best[2]) if best else (None, {})

    def _event(  # noqa: PLR0913, PLR0917 - what a request consists of
        self,
        method: str,
        resource: str,
        captured: dict[str, str],
        url: Any,
        headers: dict[str, str],
        body: bytes,
        context: Mapping[str, str],
    ) -> dict[str, Any]:
        sent = {**headers, "X-Forwarded-Proto": "http", "X-Forwarded-For": "203.0.113.7"}
        query = parse_qsl(url.query, keep_blank_values=True)
        many: dict[str, list[str]] = {}
        for name, value in query:
            many.setdefault(name, []).append(value)
        return {
            "resource": resource,
            "path": unquote(url.path.removeprefix(f"/{STAGE}") or "/"),
            "httpMethod": method,
            "headers": sent,
            "multiValueHeaders": {name: [value] for name, value in sent.items()},
            "queryStringParameters": dict(query) or None,
            "multiValueQueryStringParameters": many or None,
            "pathParameters": captured or None,
            "stageVariables": None,
            "requestContext": {
                "requestId": context["requestId"],
                "resourcePath": resource,
                "httpMethod": method,
                "path": url.path,
                "stage": STAGE,
                "protocol": "HTTP/1.1",
                "domainName": context["domainName"],
                "identity": {"sourceIp": "203.0.113.7"},
            },
            "body": (base64.b64encode(body).decode() if self._binary else body.decode()) if body else None,
            "isBase64Encoded": bool(body) and self._binary,
        }

    def _own(self, kind: str, context: Mapping[str, str]) -> "Answer":
        """An answer that the function is not asked for, as the template has it."""
        declared = self._responses[kind]
        text = str(self._resolver.value(declared["responseTemplates"]["application/json"]))
        headers = {}
        for name, value in declared.get("responseParameters", {}).items():
            filled = value.strip("'") if value.startswith("'") else context[value.partition(".")[2]]
            headers[name.removeprefix("gatewayresponse.header.")] = filled
        filled = re.sub(r"\$context\.(\w+)", lambda found: context[found[1]], text)
        return int(declared["statusCode"]), headers, filled.encode()


Answer = tuple[int, dict[str, str], bytes]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, path: str, body: bytes) -> Answer:
        """By the gateway."""
        raise NotImplementedError

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, headers, content = self.answer(self.path, body)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _serve  # noqa: N815 - http.server's

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def _reply(reply: Mapping[str, Any]) -> Answer:
    headers = {name: str(value) for name, value in (reply.get("headers") or {}).items()}
    for name, values in (reply.get("multiValueHeaders") or {}).items():
        headers[name] = str(values[-1])
    named = {_RENAMED.get(name.lower(), name): value for name, value in headers.items()}
    named = {name: value for name, value in named.items() if name.lower() != "content-length"}
    body = reply.get("body") or ""
    content = base64.b64decode(body) if reply.get("isBase64Encoded") else body.encode()
    return int(reply["statusCode"]), named, content
