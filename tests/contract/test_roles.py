"""Who may call what: a decision for every route and role."""

import pytest

from chalicelib.api.endpoint import Endpoint
from chalicelib.api.routes import endpoints
from chalicelib.conversions import BY_ACTION, CATALOGUE
from chalicelib.conversions.spec import ConversionSpec
from chalicelib.domain.users import Role
from tests.support.conversions import post_document
from tests.support.gateway import Gateway
from tests.support.knocking import knock, name_of
from tests.support.people import People

PUBLIC = None
ANY = frozenset(Role)
WRITERS = ANY - {Role.DEMO}
MANAGERS = frozenset({Role.ADMIN, Role.SUPER})
SUPERS = frozenset({Role.SUPER})

SLUGS = (
    "pdf-to-word",
    "pdf-to-excel",
    "docx-to-pdf",
    "excel-to-pdf",
    "image-to-pdf",
    "remove-pages-from-pdf",
    "remove-background",
    "pptx-to-pdf",
)
DECISIONS: dict[str, frozenset[Role] | None] = {
    "POST /api/v2/auth/login": PUBLIC,
    "POST /api/v2/auth/refresh": PUBLIC,
    "POST /api/v2/auth/logout": ANY,
    "POST /api/v2/auth/session": PUBLIC,
    "POST /api/v2/auth/session/token": PUBLIC,
    "DELETE /api/v2/auth/session": PUBLIC,
    "GET /api/v2/auth/me": ANY,
    "PUT /api/v2/auth/password": WRITERS,
    "POST /api/v2/auth/api-keys": WRITERS,
    "GET /api/v2/auth/api-keys": WRITERS,
    "DELETE /api/v2/auth/api-keys/{key_id}": WRITERS,
    "POST /api/v2/users": MANAGERS,
    "GET /api/v2/users": MANAGERS,
    "GET /api/v2/users/{user_id}": MANAGERS,
    "PATCH /api/v2/users/{user_id}": MANAGERS,
    "DELETE /api/v2/users/{user_id}": MANAGERS,
    "PATCH /api/v2/users/{user_id}/role": SUPERS,
    "PATCH /api/v2/users/{user_id}/disable": MANAGERS,
    "PATCH /api/v2/users/{user_id}/enable": MANAGERS,
    "PATCH /api/v2/users/{user_id}/reset-password": MANAGERS,
    "GET /api/v3/conversions/history": ANY,
    "GET /api/v3/conversions/{conversion_id}": ANY,
    "GET /api/v3/conversions/{conversion_id}/download": ANY,
    "GET /api/v3/conversions/{conversion_id}/preview": ANY,
    "POST /api/v3/conversions/{conversion_id}/cancel": WRITERS,
    "DELETE /api/v3/conversions/{conversion_id}": WRITERS,
    "GET /api/v3/points/balance": ANY,
    "GET /api/v3/points/ledger": ANY,
    "GET /api/v3/points/rules": ANY,
    "PUT /api/v3/points/rules": SUPERS,
    "GET /api/v3/points/my-point": ANY,
    "POST /api/v3/points/topup": MANAGERS,
    "POST /api/v3/points/corrections": SUPERS,
    "GET /api/v3/permissions/actions": ANY,
    "GET /api/v3/permissions/my-api": ANY,
    "GET /api/v3/permissions/users/{user_id}/permissions": MANAGERS,
    "PUT /api/v3/permissions/users/{user_id}/permissions": SUPERS,
    "PATCH /api/v3/permissions/users/{user_id}/permissions/{action}": SUPERS,
    "GET /api/v3/dashboard/overview": ANY,
    "GET /api/v3/dashboard/usage-history": ANY,
    "GET /api/v3/admin/dashboard-summary": MANAGERS,
    "GET /api/v3/admin/active-users": MANAGERS,
    "GET /api/v3/admin/check-users/{user_id}": MANAGERS,
    "GET /api/v3/admin/points/giving-history": MANAGERS,
    "GET /api/v3/admin/audit": SUPERS,
    "GET /api/v3/admin/stuck-work": MANAGERS,
    "POST /api/v3/uploads": WRITERS,
    "GET /api/v3/uploads/{upload_id}": ANY,
    "POST /api/v3/batches": WRITERS,
    "GET /api/v3/batches": ANY,
    "GET /api/v3/batches/{batch_id}": ANY,
    "GET /api/v3/batches/{batch_id}/download": ANY,
    "POST /api/v3/batches/{batch_id}/retry": WRITERS,
    "DELETE /api/v3/batches/{batch_id}": WRITERS,
    "POST /api/v3/batches/credentials": WRITERS,
    "POST /api/v3/webhooks": WRITERS,
    "GET /api/v3/webhooks": ANY,
    "PATCH /api/v3/webhooks/{webhook_id}": WRITERS,
    "DELETE /api/v3/webhooks/{webhook_id}": WRITERS,
    "GET /api/v3/webhooks/{webhook_id}/deliveries": ANY,
    "POST /api/v3/webhooks/{webhook_id}/test": WRITERS,
    "POST /api/v3/webhooks/{webhook_id}/rotate": WRITERS,
    "GET /health": PUBLIC,
    "GET /openapi.json": PUBLIC,
    "GET /docs": PUBLIC,
    "GET /app": PUBLIC,
    "GET /app/{asset}": PUBLIC,
    "GET /llms.txt": PUBLIC,
    "GET /problems/{code}": PUBLIC,
    "GET /docs/{asset}": PUBLIC,
    "GET /": PUBLIC,
    **{f"POST /api/v3/conversions/{slug}": WRITERS for slug in SLUGS},
    **{f"POST /api/v3/conversions/{slug}/by-upload": WRITERS for slug in SLUGS},
    **{f"POST /api/v2/conversions/{slug}": WRITERS for slug in SLUGS},
    **{f"GET /api/v2/conversions/{slug}/files": WRITERS for slug in SLUGS},
    **{f"GET /api/v2/conversions/{slug}/files/{{filename}}": WRITERS for slug in SLUGS},
    **{f"POST /api/v1/conversions/{slug}": PUBLIC for slug in SLUGS},
    **{f"GET /api/v1/conversions/{slug}/files/{{filename}}": PUBLIC for slug in SLUGS},
}
"""Roles that pass; ``PUBLIC`` asks for no token. The routes of the contract, those to come included."""

SESSION = {"POST /api/v2/auth/login", "POST /api/v2/auth/refresh", "POST /api/v2/auth/logout"}
PROTECTED = [one for one in endpoints() if DECISIONS.get(name_of(one)) is not PUBLIC]
OPEN = [one for one in endpoints() if DECISIONS.get(name_of(one)) is PUBLIC and not one.by_cookie]
WRITES = [one for one in PROTECTED if one.method != "GET" and name_of(one) not in SESSION]


def test_a_decision_exists_when_a_route_does() -> None:
    assert {name_of(endpoint) for endpoint in endpoints()} - set(DECISIONS) == set()


@pytest.mark.parametrize("endpoint", PROTECTED, ids=name_of)
def test_a_route_opens_when_the_role_may_call_it(gateway: Gateway, people: People, endpoint: Endpoint) -> None:
    answers = {role: knock(gateway, endpoint, people.token(role)) for role in Role}
    refused = {role: answer for role, answer in answers.items() if answer.status_code in (401, 403)}
    assert frozenset(Role) - frozenset(refused) == DECISIONS[name_of(endpoint)]
    assert all(answer.status_code == 403 for answer in refused.values())
    assert all(answer.json()["type"].endswith("/forbidden") for answer in refused.values())


@pytest.mark.parametrize("endpoint", OPEN, ids=name_of)
def test_no_token_is_asked_for_when_a_route_is_public(gateway: Gateway, endpoint: Endpoint) -> None:
    assert knock(gateway, endpoint).status_code not in (401, 403)


@pytest.mark.parametrize("endpoint", WRITES, ids=name_of)
def test_demo_stays_read_only_when_every_action_is_permitted_to_it(
    gateway: Gateway, people: People, endpoint: Endpoint
) -> None:
    demo = people.permit(people.new(Role.DEMO), **dict.fromkeys(BY_ACTION, True))
    assert knock(gateway, endpoint, people.token(demo)).status_code == 403


@pytest.mark.parametrize("spec", CATALOGUE, ids=lambda spec: spec.slug)
@pytest.mark.parametrize(("role", "status"), [(Role.GENERAL, 403), (Role.ADMIN, 403), (Role.SUPER, 202)])
def test_only_super_users_convert_when_the_action_is_denied(
    gateway: Gateway, people: People, spec: ConversionSpec, role: Role, status: int
) -> None:
    user = people.permit(people.new(role), **{spec.action: False})
    assert post_document(gateway, people.token(user), spec.slug).status_code == status
