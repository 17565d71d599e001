"""What accounts, points and keys should be, in plain Python: the model that the product is held against."""

from dataclasses import dataclass, field

from chalicelib.domain.users import MANAGED_BY, OPENING_POINTS, Role

Entry = tuple[str, int]
"""Kind and signed amount."""


@dataclass
class Account:
    """An account as it should be."""

    role: Role
    is_active: bool = True
    is_allowed: bool = True
    entries: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        if OPENING_POINTS[self.role]:
            self.entries.append(("opening", OPENING_POINTS[self.role]))

    @property
    def balance(self) -> int:
        """The sum of the entries."""
        return sum(amount for _, amount in self.entries)

    def total(self, kind: str) -> int:
        """Points of one kind, without their sign."""
        return abs(sum(amount for one, amount in self.entries if one == kind))

    def may_convert(self) -> bool:
        """Whether the role and the explicit decision permit it."""
        return self.role is Role.SUPER or (self.role is not Role.DEMO and self.is_allowed)


@dataclass
class Job:
    """A conversion as it should be. ``used_up``: its key still stands for it."""

    owner: str
    cost: int
    state: str = "processing"
    used_up: bool = True


@dataclass
class Use:
    """What a key of an account made, of which request."""

    request: int
    made: str


@dataclass
class Books:
    """Everything that the model knows."""

    accounts: dict[str, Account] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    uses: dict[tuple[str, str], Use] = field(default_factory=dict)
    gifts: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    """What a key of a giver gave: to whom, and how much."""
    price: int = 3

    def cost_for(self, user_id: str) -> int:
        """What the next conversion costs."""
        return 0 if self.accounts[user_id].role is Role.SUPER else self.price

    def refusal(self, user_id: str, request: int, key: str) -> str | None:
        """The code of the error that a request for a conversion should meet; None: it is taken, or a replay."""
        account, use = self.accounts[user_id], self.uses.get((user_id, key))
        if not account.may_convert():
            return "forbidden"
        if use and self.jobs[use.made].used_up:
            return None if use.request == request else "idempotency-key-reused"
        is_covered = account.role is Role.SUPER or account.balance >= self.price
        return None if is_covered else "insufficient-points"

    def take(self, user_id: str, request: int, key: str, conversion_id: str) -> bool:
        """Book an accepted request; False when it should have been a replay."""
        use = self.uses.get((user_id, key))
        if use and self.jobs[use.made].used_up:
            return False
        cost = self.cost_for(user_id)
        self.jobs[conversion_id] = Job(user_id, cost)
        if cost:
            self.accounts[user_id].entries.append(("spent", -cost))
        if key:
            self.uses[user_id, key] = Use(request, conversion_id)
        return True

    def refusal_of_gift(self, giver: str, target: str, is_other: bool) -> str | None:
        """The code of the error that a top-up should meet. ``is_other``: its key was used for another one."""
        role = self.accounts[target].role
        if role not in MANAGED_BY[self.accounts[giver].role]:
            return "not-found"
        if role is Role.SUPER:
            return "invalid-request"
        return "idempotency-key-reused" if is_other else None

    def end(self, conversion_id: str, state: str, is_ours: bool) -> None:
        """Book the end of a conversion; a second end changes nothing."""
        job = self.jobs[conversion_id]
        if job.state != "processing":
            return
        job.state, job.used_up = state, not is_ours
        if state == "failed" and job.cost:
            self.accounts[job.owner].entries.append(("refunded", job.cost))

    def lapse(self) -> None:
        """A day has gone by: keys are free again."""
        self.uses.clear()
        self.gifts.clear()

    def is_last_super(self, user_id: str) -> bool:
        """Whether this account is the last active super user."""
        supers = [name for name, one in self.accounts.items() if one.role is Role.SUPER and one.is_active]
        return supers == [user_id]
