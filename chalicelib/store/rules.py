"""Rules that a super user sets at run time."""

from chalicelib.domain.points import DEFAULT_FLAT_COST
from chalicelib.store.tables import RuleItem

_FLAT_COST = "flat_cost_per_request"


class Rules:
    """Reads and writes of the rules table."""

    def flat_cost(self) -> int:
        """Points that a conversion costs, read consistently: a change holds from the next charge on."""
        try:
            return int(RuleItem.get(_FLAT_COST, consistent_read=True).value)
        except RuleItem.DoesNotExist:
            return DEFAULT_FLAT_COST

    def set_flat_cost(self, points: int) -> None:
        """Make conversions cost ``points``."""
        RuleItem(name=_FLAT_COST, value=points).save()
