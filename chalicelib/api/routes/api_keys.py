"""API keys of the caller."""

from chalicelib.api.access import Access
from chalicelib.api.call import Call, Reply
from chalicelib.api.endpoint import Returns, Routes
from chalicelib.api.schemas.api_keys import ApiKeyIn, ApiKeyOut, ApiKeysOut, NewApiKeyOut
from chalicelib.api.schemas.base import PageQuery
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.services import api_keys
from chalicelib.store.api_keys import ApiKey

ROUTES = Routes("API keys")
_ALL = "/api/v2/auth/api-keys"


@ROUTES.add("POST", _ALL, Access.WRITER, Returns(201, "The key.", NewApiKeyOut), body=ApiKeyIn, may_refuse=(Conflict,))
def create(call: Call) -> Reply:
    """Make a key; its text is shown this once."""
    body = call.json(ApiKeyIn)
    new = api_keys.NewKey(body.name, tuple(body.actions or ()), body.expires_at)
    key, text = api_keys.create(call.service, call.caller, new, call.address)
    return Reply(NewApiKeyOut(**_out(key).model_dump(), key=text), status=201)


@ROUTES.add("GET", _ALL, Access.WRITER, Returns(200, "The caller's keys.", ApiKeysOut), query=PageQuery)
def list_keys(call: Call) -> ApiKeysOut:
    """The caller's keys, oldest first."""
    query = call.query(PageQuery)
    page = call.service.store.api_keys.page(call.caller.user_id, call.unseal(query.cursor), query.limit)
    return ApiKeysOut(items=[_out(key) for key in page.rows], limit=query.limit, next_cursor=call.seal(page.next))


@ROUTES.add("DELETE", f"{_ALL}/{{key_id}}", Access.WRITER, Returns(204, "It is revoked."), may_refuse=(NotFound,))
def revoke(call: Call) -> Reply:
    """Revoke a key, from the next request on."""
    api_keys.revoke(call.service, call.caller, call.path("key_id"), call.address)
    return Reply(status=204)


def _out(key: ApiKey) -> ApiKeyOut:
    return ApiKeyOut(
        key_id=key.key_id,
        name=key.name,
        prefix=key.prefix,
        actions=list(key.actions) or None,
        created_at=key.created_at,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
    )
