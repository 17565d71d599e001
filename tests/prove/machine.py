"""Accounts, charges, refunds, top-ups, replays and changes in any order and under faults, held against the books."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, multiple, rule

from chalicelib.domain.errors import ConversionInterrupted, CorruptDocument
from chalicelib.domain.users import Role, User
from chalicelib.services import accounts, permissions, points, settle
from chalicelib.services.accept import accept
from chalicelib.services.charge import require_permitted
from chalicelib.services.incoming import SentFile
from chalicelib.services.submission import Submission
from tests.prove.books import Account
from tests.prove.faults import Fate, Trouble
from tests.prove.machine_base import SPEC, BookKeeper, conversions, lease, numbers, users
from tests.support.fakes import PDF

DAY_S = 86_400
FATES = st.sampled_from(
    [Fate()] * 8
    + [Fate(trouble=one, troubled_calls=calls, only="TransactWriteItems") for one in Trouble for calls in (1, 5)]
)
"""1 trouble in a row botocore mends, 5 the store itself has to: whatever comes, the answer is the same."""
KEYS = st.sampled_from(["", "", "k1", "k2"])
REQUESTS = st.integers(1, 2)
ROLES = st.sampled_from(list(Role))


class Machine(BookKeeper):
    """What people do, in any order."""

    @initialize(target=users)
    def open(self) -> Any:
        """Nobody is there but a new super user and a general one; the price is the default."""
        self.forget_everybody()
        return multiple(self._hire(Role.SUPER, Fate()), self._hire(Role.GENERAL, Fate()))

    @rule(target=users, role=ROLES, fate=FATES)
    def hire(self, role: Role, fate: Fate) -> str:
        """Somebody gets an account."""
        return self._hire(role, fate)

    def _hire(self, role: Role, fate: Fate) -> str:
        name = f"u{next(numbers)}"
        new = accounts.NewUser(f"{name}@example.com", "a password", name, role)
        made: list[User] = []
        self.do(fate, lambda: made.append(accounts.bootstrap(self.service, new)), None)
        self.books.accounts[made[0].user_id] = Account(role)
        self.touched.add(made[0].user_id)
        return made[0].user_id

    @rule(target=conversions, user_id=users, request=REQUESTS, key=KEYS, fate=FATES)
    def convert(self, user_id: str, request: int, key: str, fate: Fate) -> Any:
        """Somebody asks for a conversion, perhaps again."""
        user = self.user(user_id)
        if not user.is_active:
            return multiple()
        made: list[Any] = []

        def ask() -> None:
            require_permitted(user, SPEC.action)
            document = SentFile("a.pdf", PDF + str(request).encode())
            made.append(accept(self.service, user, Submission(SPEC, [document], {"pages": "1"}), key or None))

        refusal = self.books.refusal(user_id, request, key)
        cost = self.books.cost_for(user_id)
        self.do(fate, ask, refusal)
        if refusal:
            return multiple()
        conversion = made[0].conversion
        is_new = self.books.take(user_id, request, key, conversion.conversion_id)
        assert made[0].replayed != is_new
        if not is_new:
            assert conversion.conversion_id == self.books.uses[user_id, key].made
            return multiple()
        balance = self.books.accounts[user_id].balance
        assert conversion.points_charged == cost
        assert conversion.balance_after == (None if user.is_super else balance)
        self.touched.add(user_id)
        return conversion.conversion_id

    @rule(conversion_id=conversions, how=st.sampled_from(["success", "refused", "interrupted"]), fate=FATES)
    def end(self, conversion_id: str, how: str, fate: Fate) -> None:
        """A worker settles a conversion, perhaps once more."""
        seen = self.service.store.conversions.get(conversion_id)
        assert seen
        errors = {"refused": CorruptDocument("Damaged."), "interrupted": ConversionInterrupted("Interrupted.")}
        if how == "success":
            held = self.service.store.conversions.claim(conversion_id, lease(self.service), self.service.now_s())
            if held:
                self.do(fate, lambda: self.service.store.conversions.succeed(held, "worker"), None)
        else:
            self.do(fate, lambda: settle.fail(self.service, seen, errors[how]), None)
        state = "success" if how == "success" else "failed"
        self.books.end(conversion_id, state, is_ours=how == "interrupted")
        self.touched.add(self.books.jobs[conversion_id].owner)

    @rule(giver=users, whom=users, amount=st.integers(1, 9), key=KEYS, fate=FATES)
    def give(self, giver: str, whom: str, amount: int, key: str, fate: Fate) -> None:
        """Somebody tops somebody up, perhaps again."""
        actor = self.user(giver)
        if not actor.is_active or actor.role not in (Role.ADMIN, Role.SUPER):
            return
        wanted, route = points.Topup(whom, amount), "/topup"
        account, use = self.books.accounts[whom], self.books.gifts.get((giver, key))
        refusal = self.books.refusal_of_gift(giver, whom, is_other=use not in (None, (whom, amount)))
        self.do(fate, lambda: points.grant(self.service, actor, wanted, route, key or None), refusal)
        if refusal is None and not use:
            account.entries.append(("topup", amount))
            if key:
                self.books.gifts[giver, key] = (whom, amount)
        self.touched.add(whom)

    @rule(actor=users, whom=users, role=ROLES, fate=FATES)
    def change_role(self, actor: str, whom: str, role: Role, fate: Fate) -> None:
        """A super user changes a role; the last one stays."""
        account = self.books.accounts[whom]
        if not self.is_super(actor):
            return
        refusal = "conflict" if role is not Role.SUPER and self.books.is_last_super(whom) else None
        self.do(fate, lambda: accounts.set_role(self.service, self.user(actor), whom, role), refusal)
        account.role = account.role if refusal else role
        self.touched.add(whom)

    @rule(actor=users, whom=users, is_active=st.booleans(), fate=FATES)
    def enable(self, actor: str, whom: str, is_active: bool, fate: Fate) -> None:
        """A super user disables or enables somebody; the last one stays."""
        account = self.books.accounts[whom]
        if not self.is_super(actor):
            return
        refusal = "conflict" if not is_active and self.books.is_last_super(whom) else None
        self.do(fate, lambda: accounts.set_active(self.service, self.user(actor), whom, is_active), refusal)
        account.is_active = account.is_active if refusal else is_active
        self.touched.add(whom)

    @rule(actor=users, whom=users, is_allowed=st.booleans(), fate=FATES)
    def permit(self, actor: str, whom: str, is_allowed: bool, fate: Fate) -> None:
        """A super user decides on the conversion."""
        if self.is_super(actor):
            wanted = {SPEC.action: is_allowed}
            self.do(fate, lambda: permissions.write(self.service, self.user(actor), whom, wanted), None)
            self.books.accounts[whom].is_allowed = is_allowed

    @rule(actor=users, price=st.sampled_from([0, 3, 10, 25]), fate=FATES)
    def set_price(self, actor: str, price: int, fate: Fate) -> None:
        """A super user sets the price."""
        if self.is_super(actor):
            self.do(fate, lambda: points.set_flat_cost(self.service, self.user(actor), price), None)
            self.books.price = price

    @rule()
    def lapse(self) -> None:
        """A day goes by."""
        self.stage.timeline.sleep(DAY_S + 1)
        self.books.lapse()
