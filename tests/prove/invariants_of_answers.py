"""What must hold of the answers that clients were given."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from chalicelib.domain.points import EntryStatus
from chalicelib.store.tables import ConversionItem, LedgerItem
from tests.prove.operations import file_name, note_of
from tests.prove.violations import Kind, Violation
from tests.prove.world import Wish, World

KEY_LIVES = timedelta(hours=24)
SKEW = timedelta(minutes=5)
Violations = Iterator[Violation]


def answers_kept(world: World, conversions: Iterable[ConversionItem], entries: Iterable[LedgerItem]) -> Violations:
    """What clients were told is so, and a key made one thing."""
    made: dict[str, list[ConversionItem]] = defaultdict(list)
    for row in sorted(conversions, key=lambda row: row.created_at):
        made[row.inputs[0]["name"]].append(row)
    for wish in world.conversions:
        yield from _wish(wish, made[file_name(wish)])
    gifts: dict[str, list[LedgerItem]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: entry.at):
        if entry.status == EntryStatus.TOPUP.value:
            gifts[entry.note].append(entry)
    for wish in world.gifts:
        yield from _gift(wish, gifts[note_of(wish)])


def _wish(wish: Wish, rows: list[ConversionItem]) -> Violations:
    told = f"wish {wish.number}, key {wish.key}: {[(row.conversion_id, row.status) for row in rows]}"
    for missing in sorted(set(wish.made) - {row.conversion_id for row in rows}):
        yield Violation(Kind.LOST_CONVERSION, f"{told}; {missing} was promised")
    for first, second in pairwise(rows):
        is_new = _is_ours(first) or _is_long_after(first.created_at, second.created_at)
        if "upload" in wish.asked or not (wish.key and is_new):
            yield Violation(Kind.KEY_REUSED, told)
    if rows and not wish.made and not wish.silences:
        yield Violation(Kind.BROKEN_WORD, f"{told} was refused: {wish.refusals}")


def _gift(wish: Wish, entries: list[LedgerItem]) -> Violations:
    told = f"gift {wish.number}, key {wish.key}: {[entry.entry_id for entry in entries]}"
    for missing in sorted(set(wish.made) - {entry.entry_id for entry in entries}):
        yield Violation(Kind.UNBALANCED, f"{told}; {missing} was promised")
    for first, second in pairwise(entries):
        if not (wish.key and _is_long_after(first.created_at, second.created_at)):
            yield Violation(Kind.KEY_REUSED, told)
    if entries and not wish.made and not wish.silences:
        yield Violation(Kind.BROKEN_WORD, f"{told} was refused: {wish.refusals}")


def _is_ours(row: ConversionItem) -> bool:
    """Whether it failed on our side, which does not use up the key."""
    return row.status == "failed" and row.problem is not None and not row.problem["client_fault"]


def _is_long_after(first: str, second: str) -> bool:
    return datetime.fromisoformat(second) - datetime.fromisoformat(first) > KEY_LIVES - SKEW
