"""The HTTP contract as one table: every route, who calls it with what, the status and the fields that come."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from chalicelib.api.routes import endpoints
from chalicelib.domain.users import Role
from chalicelib.services import Service, points
from tests.support.conversions import REQUIRED_OPTIONS, WorkingQueues, hand_in, upload, work
from tests.support.ended import ended_row, settle
from tests.support.gateway import Gateway
from tests.support.knocking import name_of
from tests.support.people import PASSWORD, People
from tests.support.stack import START

GENERAL, ADMIN, SUPER, DEMO = Role.GENERAL, Role.ADMIN, Role.SUPER, Role.DEMO
NOBODY = None
ELSEWHERE = (
    "/api/v3/uploads",
    "/api/v3/batches",
    "/api/v3/webhooks",
    "/api/v3/conversions/{conversion_id}/preview",
    "/api/v3/conversions/{conversion_id}/cancel",
    "/docs/",
    "/problems/",
    "/app",
    "/api/v2/auth/session",
)
"""Told by tests of their own, or a part of a page."""

PRODUCES = {
    "pdf-to-word": "docx",
    "pdf-to-excel": "xlsx",
    "docx-to-pdf": "pdf",
    "excel-to-pdf": "pdf",
    "image-to-pdf": "pdf",
    "remove-pages-from-pdf": "pdf",
    "remove-background": "png",
    "pptx-to-pdf": "pdf",
}

TOKENS = "access_token refresh_token token_type expires_in role"
USER = "id email username role is_active created_at"
KEY = "key_id name prefix actions created_at expires_at last_used_at"
CONVERSION = (
    "conversion_id action status progress input_filename output_filename output_size output_sha256 download_url "
    "expires_at points_charged remaining_balance warnings report error created_at updated_at"
)
ENTRY = "id action amount status conversion_id balance_after note created_by created_at"
QUEUE = "name waiting at_work dead"
PERMISSION = "action is_allowed updated_at updated_by"
COUNTS = "requests success failed points success_rate average_latency_ms"


def under(name: str, fields: str) -> str:
    """``fields`` of the object, or of the list's items, at ``name``."""
    return " ".join(f"{name}.{field}" for field in fields.split())


def page_of(fields: str) -> str:
    """A page of a list."""
    return f"items limit next_cursor {under('items[]', fields)}"


TOTALS = "total_topup total_spent total_refunded total_corrected"
ME = " ".join(
    (
        USER,
        "active_api_count",
        under("points", f"balance {TOTALS}"),
        under("active_apis[]", "action label allowed points"),
    )
)
MY_POINT = f"user_id available_points point_status {TOTALS} {under('history[]', ENTRY)}"
OVERVIEW = " ".join(
    (
        under("user", USER),
        under("summary", "month requests points success_rate average_latency_ms balance totals.success totals.failed"),
        under("performance_30_days[]", f"day {COUNTS}"),
        under("active_apis[]", "action label allowed points requests success failed success_rate last_used_at"),
        under("recent_history[]", CONVERSION),
    )
)
USAGE = f"user_id days {under('by_day[]', f'day {COUNTS}')} {under('by_action[]', f'action label {COUNTS}')}"
SUMMARY = " ".join(
    (
        under("users_by_role[]", "role total active"),
        under("by_day[]", f"day {COUNTS}"),
        under("failures_by_action[]", "action label failed"),
        under("top_holders[]", "user_id email username role balance"),
        under("recent_activity[]", "conversion_id user.email action status points_charged created_at ended_at"),
    )
)
CHECKED = " ".join(
    (
        under("user", USER),
        under("points", "balance " + TOTALS),
        under("conversions", f"{COUNTS} by_action"),
        under("permissions[]", PERMISSION),
        "last_login_at last_activity_at",
    )
)
GIFT = "id to.user_id to.email amount note given_by.user_id created_at"
CHANGE = "id change actor.user_id target.user_id at address details"
LEGACY = "success message filename download_url"
LEGACY_FILES = f"total_count {under('files[]', 'filename original_name conversion_date file_size status')}"


@dataclass(frozen=True)
class Row:
    """A line of the contract. What stands in ``{}`` is a property of the :class:`World`."""

    request: str
    caller: Role | None
    body: dict[str, Any] | None
    status: int
    fields: str = ""

    @property
    def route(self) -> str:
        """Method and path, without the query."""
        return self.request.partition("?")[0]


CORRECTION = {"user_id": "{user_id}", "amount": -5, "note": "Given twice."}
V1, V2, V3 = "/api/v1", "/api/v2", "/api/v3"
OPEN_TO_ALL = ("GET /", "GET /docs", "GET /llms.txt", "GET /health", "GET /openapi.json")
OWN_PERMISSIONS = f"{V3}/permissions/users/{{user_id}}/permissions"
ROWS = [
    Row(f"POST {V2}/auth/login", NOBODY, {"email": "{email}", "password": PASSWORD}, 200, TOKENS),
    Row(f"POST {V2}/auth/refresh", NOBODY, {"refresh_token": "{refresh_token}"}, 200, TOKENS),
    Row(f"POST {V2}/auth/logout", DEMO, {"refresh_token": "{refresh_token}"}, 204),
    Row(f"GET {V2}/auth/me", DEMO, None, 200, ME),
    Row(f"PUT {V2}/auth/password", GENERAL, {"current_password": PASSWORD, "new_password": "new words"}, 200, TOKENS),
    Row(f"POST {V2}/auth/api-keys", GENERAL, {"name": "nightly"}, 201, f"{KEY} key"),
    Row(f"GET {V2}/auth/api-keys", GENERAL, None, 200, page_of(KEY)),
    Row(f"DELETE {V2}/auth/api-keys/{{key_id}}", GENERAL, None, 204),
    Row(f"POST {V2}/users", ADMIN, {"email": "{new_email}", "password": PASSWORD}, 201, USER),
    Row(f"GET {V2}/users?role=general_user", ADMIN, None, 200, under("[]", USER)),
    Row(f"GET {V2}/users/{{user_id}}", ADMIN, None, 200, USER),
    Row(f"PATCH {V2}/users/{{user_id}}", ADMIN, {"username": "somebody-else"}, 200, USER),
    Row(f"DELETE {V2}/users/{{user_id}}", ADMIN, None, 204),
    Row(f"PATCH {V2}/users/{{user_id}}/role", SUPER, {"role": "admin_user"}, 200, USER),
    Row(f"PATCH {V2}/users/{{user_id}}/disable", ADMIN, None, 200, USER),
    Row(f"PATCH {V2}/users/{{user_id}}/enable", ADMIN, None, 200, USER),
    Row(f"PATCH {V2}/users/{{user_id}}/reset-password", ADMIN, {"new_password": "new words"}, 204),
    Row(f"GET {V3}/conversions/{{conversion_id}}", GENERAL, None, 200, CONVERSION),
    Row(f"GET {V3}/conversions/{{conversion_id}}/download", GENERAL, None, 307),
    Row(f"GET {V3}/conversions/{{conversion_id}}/download?redirect=false", GENERAL, None, 200, "url expires_at"),
    Row(f"DELETE {V3}/conversions/{{conversion_id}}", GENERAL, None, 204),
    Row(f"GET {V3}/conversions/history", GENERAL, None, 200, page_of(CONVERSION)),
    Row(f"GET {V3}/points/balance", DEMO, None, 200, "balance"),
    Row(f"GET {V3}/points/ledger", GENERAL, None, 200, page_of(ENTRY)),
    Row(f"GET {V3}/points/ledger?user_id={{user_id}}", ADMIN, None, 200, page_of(ENTRY)),
    Row(f"GET {V3}/points/rules", DEMO, None, 200, "flat_cost_per_request"),
    Row(f"PUT {V3}/points/rules", SUPER, {"flat_cost_per_request": 3}, 200, "flat_cost_per_request"),
    Row(f"GET {V3}/points/my-point", GENERAL, None, 200, MY_POINT),
    Row(f"POST {V3}/points/corrections", SUPER, CORRECTION, 200, "user_id balance entry_id"),
    Row(f"POST {V3}/points/topup", ADMIN, {"user_id": "{user_id}", "amount": 5}, 200, "user_id balance entry_id"),
    Row(f"GET {V3}/permissions/actions", DEMO, None, 200, under("[]", "action label")),
    Row(f"GET {V3}/permissions/my-api", DEMO, None, 200, under("[]", "action label allowed route method points")),
    Row(f"GET {OWN_PERMISSIONS}", ADMIN, None, 200, f"user_id {under('permissions[]', PERMISSION)}"),
    Row(
        f"PUT {OWN_PERMISSIONS}",
        SUPER,
        {"permissions": [{"action": "pdf_to_docs", "is_allowed": False}]},
        200,
        f"user_id {under('permissions[]', PERMISSION)}",
    ),
    Row(f"PATCH {OWN_PERMISSIONS}/pdf_to_docs", SUPER, {"is_allowed": False}, 200, PERMISSION),
    Row(f"GET {V3}/dashboard/overview", GENERAL, None, 200, OVERVIEW),
    Row(f"GET {V3}/dashboard/usage-history?days=90", GENERAL, None, 200, USAGE),
    Row(f"GET {V3}/dashboard/usage-history?user_id={{user_id}}", ADMIN, None, 200, USAGE),
    Row(f"GET {V3}/admin/dashboard-summary", ADMIN, None, 200, SUMMARY),
    Row(
        f"GET {V3}/admin/active-users",
        ADMIN,
        None,
        200,
        page_of(f"{USER} balance last_login_at last_activity_at"),
    ),
    Row(f"GET {V3}/admin/check-users/{{user_id}}", ADMIN, None, 200, CHECKED),
    Row(f"GET {V3}/admin/points/giving-history", SUPER, None, 200, page_of(GIFT)),
    Row(f"GET {V3}/admin/stuck-work", ADMIN, None, 200, f"findings {under('queues[]', QUEUE)} conversions batches"),
    Row(f"GET {V3}/admin/audit", SUPER, None, 200, page_of(CHANGE)),
    Row("GET /health", NOBODY, None, 200, "status build"),
    Row("GET /openapi.json", NOBODY, None, 200, "openapi info paths components servers"),
    Row("GET /docs", NOBODY, None, 200),
    Row("GET /llms.txt", NOBODY, None, 200),
    Row("GET /", NOBODY, None, 200),
]
CONVERTERS = {
    name
    for slug in PRODUCES
    for name in (
        f"POST {V3}/conversions/{slug}",
        f"POST {V3}/conversions/{slug}/by-upload",
        *(f"POST {old}/conversions/{slug}" for old in (V1, V2)),
        *(f"GET {old}/conversions/{slug}/files/{{filename}}" for old in (V1, V2)),
        f"GET {V2}/conversions/{slug}/files",
    )
}


class World:
    """What the requests of the table are about, made when it is asked for."""

    def __init__(self, gateway: Gateway, service: Service, people: People) -> None:
        self._gateway, self._service, self._people = gateway, service, people
        self._target, self._caller = people.new(), people.new()
        self.user_id, self.email = self._target.user_id, self._target.email
        self.new_email = f"new-{self.email}"

    def call(self, row: Row) -> httpx.Response:
        """Send the request of ``row``."""
        token = self._token(row.caller) if row.caller else None
        method, _, path = row.request.partition(" ")
        body = {"json": self._filled(row.body)} if row.body else {}
        return self._gateway.request(method, self._filled(path), token, **body)

    @property
    def refresh_token(self) -> str:
        """The caller's."""
        return self._people.session(self._caller).refresh_token

    @property
    def key_id(self) -> str:
        """A key of the caller."""
        made = self._gateway.post(f"{V2}/auth/api-keys", self._people.token(self._caller), json={"name": "weekly"})
        key_id: str = made.json()["key_id"]
        return key_id

    @property
    def conversion_id(self) -> str:
        """A conversion of the caller that succeeded."""
        conversion_id = hand_in(self._service, self._caller).conversion.conversion_id
        return work(self._service, conversion_id).conversion_id

    def _token(self, role: Role) -> str:
        """A token of a caller who has something in each of its lists."""
        self._caller = self._people.new(role)
        token = self._people.token(self._caller)
        if role is GENERAL:
            settle(self._service, [ended_row(self._caller, START)])
            self._gateway.post(f"{V2}/auth/api-keys", token, json={"name": "nightly"})
        elif role is not DEMO:
            settle(self._service, [ended_row(self._target, START)])
            points.grant(self._service, self._caller, points.Topup(self.user_id, 1, "note"), "/x", None)
        return token

    def _filled(self, part: Any) -> Any:
        if isinstance(part, dict):
            return {name: self._filled(value) for name, value in part.items()}
        return re.sub(r"{(\w+)}", lambda found: getattr(self, found[1]), part) if isinstance(part, str) else part


@pytest.fixture
def world(gateway: Gateway, service: Service, people: People, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world whose workers are done before a request is answered."""
    monkeypatch.setattr(service.store, "queues", WorkingQueues(service))
    return World(gateway, service, people)


def fields_of(body: Any, where: str = "") -> Iterator[str]:
    """Every field of a body, as the table writes them; of a list, those that any item has."""
    if isinstance(body, list):
        for item in body:
            yield from fields_of(item, f"{where}[]")
    elif isinstance(body, dict):
        for name, value in body.items():
            path = f"{where}.{name}" if where else name
            yield from (path, *fields_of(value, path))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.request)
def test_a_route_answers_as_the_contract_says(world: World, row: Row) -> None:
    answer = world.call(row)
    assert answer.status_code == row.status, answer.text
    told = set(fields_of(answer.json())) if row.fields else set()
    assert set(row.fields.split()) - told == set()
    assert bool(answer.content) == (row.status in (200, 201))
    assert (answer.headers.get("Cache-Control") == "no-store") == (row.request not in OPEN_TO_ALL)


@pytest.mark.parametrize("slug", PRODUCES)
def test_a_conversion_answers_as_the_contract_says_on_every_version(
    world: World, gateway: Gateway, people: People, slug: str
) -> None:
    token, kind = people.token(people.new()), PRODUCES[slug]
    sent = {"files": {"file": upload(slug)}, "data": REQUIRED_OPTIONS.get(slug, {})}
    made = gateway.post(f"{V3}/conversions/{slug}", token, **sent)
    assert (made.status_code, set(made.json())) == (200, set(CONVERSION.split()))
    assert (made.json()["status"], made.json()["output_filename"]) == ("success", f"document.{kind}")
    assert (made.json()["points_charged"], made.json()["remaining_balance"]) == (3, 27)
    for version, its_token in ((V2, token), (V1, None)):
        old = gateway.post(f"{version}/conversions/{slug}", its_token, **sent)
        assert (old.status_code, set(old.json())) == (200, set(LEGACY.split()))
        path = f"{version}/conversions/{slug}/files/{old.json()['filename']}"
        assert old.json()["download_url"] == f"{gateway.base_url}{path}"
        assert gateway.get(path, its_token).status_code == 307
    listed = gateway.get(f"{V2}/conversions/{slug}/files", token).json()
    assert set(LEGACY_FILES.split()) <= set(fields_of(listed))
    assert listed["total_count"] == 1


def test_the_table_has_every_route() -> None:
    told = {re.sub(r"(?<=permissions/)pdf_to_docs", "{action}", row.route) for row in ROWS} | CONVERTERS
    routes = {name_of(one) for one in endpoints() if not one.path.startswith(ELSEWHERE)}
    assert told == routes
