"""What must hold of the lines in which conversions of a user wait."""

from collections.abc import Iterator

from chalicelib.domain.conversion import LineKey
from chalicelib.services import line
from chalicelib.store.tables_lines import LineItem
from tests.prove.violations import Kind, Violation
from tests.prove.world import World

Violations = Iterator[Violation]


def lines_kept(world: World) -> Violations:
    """At no moment are more admitted than may be."""
    for item in LineItem.scan(consistent_read=True):
        admitted, most = set(item.admitted or ()), line.limit(world.base, LineKey.parse(item.line_id).lane)
        if len(admitted) > most:
            yield Violation(Kind.OVERTAKEN, f"{item.line_id} has admitted {len(admitted)} of {most}")


def lines_empty() -> Violations:
    """In the end nobody is left in a line."""
    for item in LineItem.scan(consistent_read=True):
        if item.admitted or item.last_refused:
            left = f"{sorted(item.admitted or ())} admitted, {item.last_refused} refused last"
            yield Violation(Kind.STUCK, f"line {item.line_id}: {left}")
