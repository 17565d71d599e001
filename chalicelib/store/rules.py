"""Rules that a super user sets at run time."""

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.points import DEFAULT_FLAT_COST
from chalicelib.store.audit import told
from chalicelib.store.tables import RuleItem
from chalicelib.store.transactions import Transactor, Write

_FLAT_COST = "flat_cost_per_request"


class Rules:
    """Reads and writes of the rules table."""

    def __init__(self, transactor: Transactor) -> None:
        self._transactor = transactor

    def flat_cost(self) -> int:
        """Points that a conversion costs, read consistently: a change holds from the next charge on."""
        try:
            return int(RuleItem.get(_FLAT_COST, consistent_read=True).value)
        except RuleItem.DoesNotExist:
            return DEFAULT_FLAT_COST

    def set_flat_cost(self, points: int, entry: AuditEntry | None = None) -> None:
        """Make conversions cost ``points``, and tell the audit."""
        self._transactor.commit([Write("rule", RuleItem(name=_FLAT_COST, value=points)), *told(entry)])
