"""Points: balance, ledger, rules, top-ups, corrections."""

from chalicelib.api import spreadsheet, views
from chalicelib.api.access import Access
from chalicelib.api.call import Call, Reply
from chalicelib.api.endpoint import Returns, Routes
from chalicelib.api.schemas.points import (
    BalanceOut,
    CorrectionIn,
    GrantOut,
    LedgerEntryOut,
    LedgerOut,
    LedgerQuery,
    MyPointOut,
    RulesIn,
    RulesOut,
    TopupIn,
)
from chalicelib.domain.errors import Conflict, Forbidden, NotFound
from chalicelib.services import idempotency, points

ROUTES = Routes("Points")
_LATEST = 10


@ROUTES.add("GET", "/api/v3/points/balance", Access.USER, Returns(200, "Points left.", BalanceOut), open_to_keys=True)
def balance(call: Call) -> BalanceOut:
    """The caller's balance; null for super users: unlimited."""
    return BalanceOut(balance=views.balance_of(call.caller))


@ROUTES.add(
    "GET",
    "/api/v3/points/ledger",
    Access.USER,
    Returns(200, "Entries, newest first.", LedgerOut, headers=("Link",), or_text=(spreadsheet.MEDIA_TYPE,)),
    query=LedgerQuery,
    open_to_keys=True,
    may_refuse=(Forbidden, NotFound),
)
def ledger(call: Call) -> LedgerOut | Reply:
    """Ledger entries: one's own, or of a user in one's sight; with Accept: text/csv as a table."""
    query = call.query(LedgerQuery)
    page = points.entries(call.service, call.caller, query.user_id, call.unseal(query.cursor), query.limit)
    items = [views.entry_out(entry) for entry in page.rows]
    if call.prefers(spreadsheet.MEDIA_TYPE):
        return spreadsheet.reply(LedgerEntryOut, items, call.next_link(query, page.next))
    return LedgerOut(items=items, limit=query.limit, next_cursor=call.seal(page.next))


@ROUTES.add("GET", "/api/v3/points/rules", Access.USER, Returns(200, "The rules.", RulesOut), open_to_keys=True)
def rules(call: Call) -> RulesOut:
    """What a conversion costs."""
    return RulesOut(flat_cost_per_request=call.service.store.rules.flat_cost())


@ROUTES.add("PUT", "/api/v3/points/rules", Access.SUPER, Returns(200, "The rules.", RulesOut), body=RulesIn)
def set_rules(call: Call) -> RulesOut:
    """Set what a conversion costs, from the next charge on."""
    cost = call.json(RulesIn).flat_cost_per_request
    points.set_flat_cost(call.service, call.caller, cost, call.address)
    return RulesOut(flat_cost_per_request=cost)


@ROUTES.add(
    "GET", "/api/v3/points/my-point", Access.USER, Returns(200, "Points at a glance.", MyPointOut), open_to_keys=True
)
def my_point(call: Call) -> MyPointOut:
    """The caller's points: balance, totals, latest entries."""
    page = points.entries(call.service, call.caller, None, None, _LATEST)
    return views.my_point_out(call.caller, list(page.rows))


@ROUTES.add(
    "POST",
    "/api/v3/points/topup",
    Access.MANAGER,
    Returns(200, "The top-up is booked.", GrantOut, headers=("X-Idempotent-Replay",)),
    body=TopupIn,
    request_headers=("Idempotency-Key",),
    may_refuse=(NotFound,),
)
def topup(call: Call) -> Reply:
    """Give points to a user; once for an Idempotency-Key."""
    body = call.json(TopupIn)
    return _booked(call, points.Topup(body.user_id, body.amount, body.note))


@ROUTES.add(
    "POST",
    "/api/v3/points/corrections",
    Access.SUPER,
    Returns(200, "The correction is booked.", GrantOut, headers=("X-Idempotent-Replay",)),
    body=CorrectionIn,
    request_headers=("Idempotency-Key",),
    may_refuse=(NotFound, Conflict),
)
def correct(call: Call) -> Reply:
    """Add or take points that were booked wrongly; never below zero, once for an Idempotency-Key."""
    body = call.json(CorrectionIn)
    return _booked(call, points.Correction(body.user_id, body.amount, body.note))


def _booked(call: Call, wanted: points.Topup) -> Reply:
    key = idempotency.parse_key(call.header("Idempotency-Key"))
    given = points.grant(call.service, call.caller, wanted, call.route, key, call.address)
    entry = given.entry
    out = GrantOut(user_id=entry.user_id, balance=entry.balance_after, entry_id=entry.entry_id)
    return Reply(out, headers={"X-Idempotent-Replay": "true"} if given.replayed else {})
