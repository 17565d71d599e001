"""Invariants of conversions: each ends in time, lines hold those that have not, and each end is counted."""

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from chalicelib.domain.conversion import Conversion, LineKey
from chalicelib.services import line, settle, stuck, tally
from chalicelib.services.stuck import Fault
from infra import recount
from infra.doctor.site import Finding, Site

_SAID = {Fault.BEYOND_LIMIT: "open beyond its limit", Fault.UNATTENDED: "nobody looks after it"}


def open_ones(site: Site) -> Iterator[Finding]:
    """No conversion is open beyond its limit, or out of the sweeper's sight."""
    for row in site.conversions():
        fault = stuck.fault_of(site.service, row, site.settles_s)
        if fault:
            mend = _fail if fault is Fault.BEYOND_LIMIT else _remember
            yield Finding(f"conversion {row.conversion_id}: {_SAID[fault]}", partial(mend, site, row))


def lines(site: Site) -> Iterator[Finding]:
    """Lines hold open conversions only, and nobody waits while there is room."""
    waiting: dict[LineKey, list[str]] = defaultdict(list)
    for row in site.conversions():
        if row.is_open and row.is_waiting and row.line and site.is_settled(row):
            waiting[row.line].append(row.conversion_id)
    table = site.service.settings.tables.lines
    keys = {LineKey.parse(item["line_id"]["S"]) for item in site.items(table)}
    for key in sorted(keys | waiting.keys(), key=str):
        seen = site.service.store.lines.get(key)
        gone = [one for one in sorted(seen.admitted) if _has_ended(site, one)]
        room = line.limit(site.service, key.lane) - len(seen.admitted)
        left = [one for one in waiting[key] if one not in seen.admitted]
        if gone:
            yield Finding(f"line {key}: holds {', '.join(gone)}, not open any more", partial(_put_right, site, key))
        elif room > 0 and left:
            yield Finding(
                f"line {key}: {len(left)} wait, and there is room for {room}", partial(_call, site, key, left)
            )


def counters(site: Site) -> Iterator[Finding]:
    """Each end is counted, and the counters are what a count of the rows gives."""
    for row, is_counted in recount.ended_rows(site.service.settings, site.dynamodb):
        if not is_counted and row.ended_s <= site.now_s - site.settles_s:
            what = f"conversion {row.conversion_id}: has ended, and is not counted"
            yield Finding(what, lambda row=row: tally.count(site.service, [row]) >= 0)  # type: ignore[misc]
    for difference in recount.compare(site.service, site.dynamodb):
        if difference.steady:
            mend = partial(recount.correct, site.service.settings, site.dynamodb, difference)
            yield Finding(f"counter {difference}", mend)


def _has_ended(site: Site, conversion_id: str) -> bool:
    row = site.service.store.conversions.get(conversion_id)
    return row is None or (not row.is_open and site.is_settled(row))


def _fail(site: Site, row: Conversion) -> bool:
    return settle.give_up(site.service, row)


def _remember(site: Site, row: Conversion) -> bool:
    """Put the row back into the sweeper's sight."""
    return site.service.store.conversions.postpone(row, site.now_s)


def _put_right(site: Site, key: LineKey) -> bool:
    line.advance(site.service, key)
    return not any(_has_ended(site, one) for one in site.service.store.lines.get(key).admitted)


def _call(site: Site, key: LineKey, waiting: list[str]) -> bool:
    for conversion_id in sorted(waiting):
        row = site.service.store.conversions.get(conversion_id)
        if row and row.is_open and row.is_waiting:
            line.enter(site.service, row)
    return bool(site.service.store.lines.get(key).admitted)
