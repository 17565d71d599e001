"""What a machine asks first: is it alive, and how is it called."""

from chalicelib.api.access import Access
from chalicelib.api.call import Call, Reply
from chalicelib.api.endpoint import Returns, Routes
from chalicelib.api.schemas.base import HealthOut

ROUTES = Routes("Meta")


@ROUTES.add("GET", "/health", Access.PUBLIC, Returns(200, "It lives.", HealthOut), is_private=False)
def health(call: Call) -> HealthOut:
    """Liveness and build."""
    return HealthOut(build=call.service.settings.build)


@ROUTES.add("GET", "/openapi.json", Access.PUBLIC, Returns(200, "OpenAPI 3.1.", dict), is_private=False)
def openapi(call: Call) -> Reply:
    """This API's description."""
    # Here, because the generator reads all routes, this one too.
    from chalicelib.api.openapi import document_text

    return Reply(document_text(call.base_url), headers={"Content-Type": "application/json"})
