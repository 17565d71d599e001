"""What a machine asks first: is it alive, and how is it called."""

from functools import cache
from typing import Any

from chalicelib.api.access import Access
from chalicelib.api.call import Call, Reply
from chalicelib.api.endpoint import Returns, Routes
from chalicelib.api.routes import endpoints
from chalicelib.api.schemas.base import HealthOut

ROUTES = Routes("Meta")


@ROUTES.add("GET", "/health", Access.PUBLIC, Returns(200, "It lives.", HealthOut), is_private=False)
def health(call: Call) -> HealthOut:
    """Liveness and build."""
    return HealthOut(build=call.service.settings.build)


@ROUTES.add("GET", "/openapi.json", Access.PUBLIC, Returns(200, "OpenAPI 3.1.", dict), is_private=False)
def openapi(call: Call) -> Reply:
    """This API's description."""
    from chalicelib.api.openapi_document import text_of

    return Reply(text_of(_document(), call.base_url), headers={"Content-Type": "application/json"})


@cache
def _document() -> dict[str, Any]:
    """Of every route, which loads all of them."""
    from chalicelib.api.openapi_document import describe

    return describe(endpoints())
