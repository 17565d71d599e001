"""Turns declared routes into a Chalice application; a route's module is loaded when the first request asks for it.

A cold start imports what every request needs, and for the rest only what its own request does.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from chalice.app import Chalice

from chalicelib.api import routes
from chalicelib.services import Service, open_service

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
CATCH_ALL_DEPTH = 9
ANY_TYPE = ["*/*"]
"""Chalice's own check of the content type comes before the view, so before 401: routes take all and decide."""

Entries = dict[str, Any]
"""Chalice's route entries of a path, by method."""


@cache
def service() -> Service:
    """The service of this process, made when the first request needs it."""
    return open_service()


class _Routes(defaultdict[str, Entries]):
    """Chalice's table: a path that is not in it yet is looked for in its group; who walks through it gets all."""

    def __init__(self, load: Callable[[str], None]) -> None:
        super().__init__(dict)
        self._load = load

    def __missing__(self, path: str) -> Entries:
        self._load(routes.group_of(path))
        return self.setdefault(path, {})

    def __iter__(self) -> Iterator[str]:
        self._load_all()
        return super().__iter__()

    def __len__(self) -> int:
        self._load_all()
        return super().__len__()

    def items(self) -> Any:
        """Of every path."""
        self._load_all()
        return super().items()

    def _load_all(self) -> None:
        for group in routes.GROUPS:
            self._load(group)


class Application(Chalice):
    """Chalice, whose own answers (a method without a route, above all) become problems too."""

    def __init__(self) -> None:
        super().__init__(app_name="convertpro", configure_logs=False)
        # Set before the first route: gateways keep a change of binary types from taking effect after the first deploy.
        self.api.binary_types.extend(["multipart/form-data", "application/pdf"])
        self._loaded: set[str] = set()
        self.routes = _Routes(self._declare)

    @property
    def service(self) -> Service:
        """The service of this process."""
        return service()

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """Answer one event of the gateway."""
        response: dict[str, Any] = super().__call__(event, context)
        headers = {name.lower() for name in response.get("headers") or {}}
        if response["statusCode"] < 400 or "x-request-id" in headers or self.current_request is None:
            return response
        from chalicelib.api import answering
        from chalicelib.api.call import Call

        call = Call(self.current_request, self.service)
        return answering.refused_by_chalice(call, response).to_dict(self.api.binary_types)

    def _declare(self, group: str) -> None:
        """Have Chalice know the routes of a group, once."""
        if group in self._loaded:
            return
        self._loaded.add(group)
        from chalicelib.api import answering

        endpoints = routes.of_group(group)
        for endpoint in endpoints:
            view = answering.view(self, endpoint)
            self.route(endpoint.path, methods=[endpoint.method], content_types=ANY_TYPE)(view)
        for path in dict.fromkeys(endpoint.path for endpoint in endpoints):
            methods = [endpoint.method for endpoint in endpoints if endpoint.path == path]
            self.route(path, methods=["OPTIONS"], content_types=ANY_TYPE)(answering.preflight(self, methods))
        if group == routes.LAST:
            for depth in range(1, CATCH_ALL_DEPTH + 1):
                path = "".join(f"/{{p{part}}}" for part in range(depth))
                view = answering.nothing_here(self)
                self.route(path, methods=[*METHODS, "OPTIONS"], content_types=ANY_TYPE)(view)


def build() -> Application:
    """The application that serves every route, and a problem for every other path."""
    return Application()
