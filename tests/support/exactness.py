"""The invariants of points, checked on the rows themselves."""

from chalicelib.domain.users import User
from chalicelib.services import Service


def assert_exact(service: Service, user: User) -> User:
    """Assert that balance, totals and ledger agree; the user as it stands."""
    fresh = service.store.users.get(user.user_id)
    assert fresh
    points, entries = fresh.points, service.store.ledger.all(user.user_id)
    assert points.balance == points.opening + points.topup - points.spent + points.refunded + points.corrected
    assert points.balance == sum(entry.amount for entry in entries)
    assert points.balance >= 0
    assert len({entry.entry_id for entry in entries}) == len(entries)
    return fresh


def movements(service: Service, user: User) -> list[tuple[str, int]]:
    """Kind and amount of every entry since the opening, oldest first."""
    page = service.store.ledger.page(user.user_id, None, 200)
    entries = [(entry.status.value, entry.amount) for entry in reversed(page.rows)]
    return [entry for entry in entries if entry[0] != "opening"]
