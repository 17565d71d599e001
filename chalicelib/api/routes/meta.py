"""What a machine asks first: is it alive, and how is it called."""

from collections.abc import Callable
from functools import cache
from typing import Any

from chalicelib.api.access import Access
from chalicelib.api.call import Call, Reply
from chalicelib.api.endpoint import Endpoint, Returns, Routes
from chalicelib.api.openapi_document import describe, text_of
from chalicelib.api.schemas.base import HealthOut

ROUTES = Routes("Meta")


@ROUTES.add("GET", "/health", Access.PUBLIC, Returns(200, "It lives.", HealthOut), is_private=False)
def health(call: Call) -> HealthOut:
    """Liveness and build."""
    return HealthOut(build=call.service.settings.build)


def declare_description(endpoints: Callable[[], tuple[Endpoint, ...]]) -> None:
    """Declare the route that describes all ``endpoints``, itself among them."""

    @cache
    def document() -> dict[str, Any]:
        return describe(endpoints())

    @ROUTES.add("GET", "/openapi.json", Access.PUBLIC, Returns(200, "OpenAPI 3.1.", dict), is_private=False)
    def openapi(call: Call) -> Reply:
        """This API's description."""
        return Reply(text_of(document(), call.base_url), headers={"Content-Type": "application/json"})
