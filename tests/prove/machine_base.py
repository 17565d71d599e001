"""What the machine's rules share: doing a thing under a fate, and comparing the product with the books."""

from collections import Counter
from collections.abc import Callable
from itertools import count
from typing import ClassVar

from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant

from chalicelib.conversions import BY_SLUG
from chalicelib.domain.conversion import Lease
from chalicelib.domain.errors import ConvertProError
from chalicelib.domain.users import Role, User
from chalicelib.services import Service
from chalicelib.store.tables import UserItem
from chalicelib.store.user_counts import role_counts
from tests.prove.books import Books
from tests.prove.faults import Fate, Passage
from tests.prove.world import World

SPEC = BY_SLUG["remove-pages-from-pdf"]
users: Bundle[str] = Bundle("users")
conversions: Bundle[str] = Bundle("conversions")
numbers = count(1)


def lease(service: Service) -> Lease:
    """A lease from now on."""
    return Lease("worker", service.now_s() + service.settings.lease_s, service.settings.max_attempts)


class BookKeeper(RuleBasedStateMachine):
    """The product on one side, the books on the other; the same is done to both."""

    stage: ClassVar[World]
    done: ClassVar[Counter[str]] = Counter()
    """Examples, and rules in them, of this process."""

    def __init__(self) -> None:
        super().__init__()
        self.books = Books()
        self.service = self.stage.service()
        self.touched: set[str] = set()
        self.done["examples"] += 1

    def forget_everybody(self) -> None:
        """As on the first day, but for users whom no example knows."""
        for guard in ("guard#supers", *(f"count#{role.value}" for role in Role)):
            UserItem(user_id=guard).delete()
        self.service.store.rules.set_flat_cost(self.books.price)

    def do(self, fate: Fate, act: Callable[[], object], refusal: str | None) -> None:
        """Do ``act`` under ``fate``; it must end with the error of the code ``refusal``, or with none."""
        self.done["rules"] += 1
        code = None
        with self.stage.acting(self.service, Passage(fate, self.stage.met, lambda: None)):
            try:
                act()
            except ConvertProError as error:
                code = error.code
        assert code == refusal, f"it ended with {code} instead of {refusal}"

    def user(self, user_id: str) -> User:
        """The user as it stands."""
        found = self.service.store.users.get(user_id)
        assert found
        return found

    def is_super(self, user_id: str) -> bool:
        """Whether an account may do what only super users may."""
        account = self.books.accounts[user_id]
        return account.is_active and account.role is Role.SUPER

    @invariant()
    def accounts_agree(self) -> None:
        """Whoever was touched is what the books say."""
        for user_id in self.touched:
            self._compare(user_id)
        self.touched.clear()

    def teardown(self) -> None:
        """At the end everybody and everything is compared."""
        for user_id in self.books.accounts:
            self._compare(user_id)
        for conversion_id, job in self.books.jobs.items():
            row = self.service.store.conversions.get(conversion_id)
            assert row
            net = 0 if job.state == "failed" else job.cost
            assert (row.status.value, row.points_charged) == (job.state, net)
        for one in role_counts(Role):
            owned = [account for account in self.books.accounts.values() if account.role is one.role]
            assert (one.total, one.active) == (len(owned), sum(account.is_active for account in owned))

    def _compare(self, user_id: str) -> None:
        account, user = self.books.accounts[user_id], self.user(user_id)
        entries = [
            (entry.status.value, entry.amount) for entry in self.service.store.ledger.page(user_id, None, 200).rows
        ]
        assert entries[::-1] == account.entries
        totals = user.points
        figures = {"topup": totals.topup, "spent": totals.spent, "refunded": totals.refunded, "opening": totals.opening}
        assert figures == {kind: account.total(kind) for kind in figures}
        assert totals.balance == account.balance >= 0
        assert (user.role, user.is_active, user.may(SPEC.action)) == (
            account.role,
            account.is_active,
            account.may_convert(),
        )
