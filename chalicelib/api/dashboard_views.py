"""Counters and dashboards as the contract's JSON bodies."""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.api import views
from chalicelib.api.schemas.dashboard import (
    ActionCountsOut,
    CountsOut,
    DayOut,
    OverviewOut,
    StatusTotalsOut,
    SummaryOut,
    UsageDayOut,
    UsageOut,
    UsedApiOut,
)
from chalicelib.conversions import BY_ACTION, CATALOGUE
from chalicelib.conversions.spec import ConversionSpec
from chalicelib.domain.tally import Counts
from chalicelib.services import Service, usage
from chalicelib.services.dashboard import Overview, Usage
from chalicelib.services.usage import Day
from chalicelib.store.stats import Counter


def overview_out(service: Service, overview: Overview, base_url: str) -> OverviewOut:
    """The caller's dashboard."""
    return OverviewOut(
        user=views.user_out(overview.user),
        summary=_summary_out(overview),
        performance_30_days=days_out(overview.days),
        active_apis=[_used_api_out(overview, spec) for spec in CATALOGUE],
        recent_history=[views.conversion_out(service, one, base_url) for one in overview.recent],
    )


def usage_out(found: Usage) -> UsageOut:
    """The usage of some days."""
    by_day = [UsageDayOut(day=day.day, **_figures(day.counts), actions=actions_out(day.actions)) for day in found.days]
    return UsageOut(user_id=found.user.user_id, days=len(by_day), by_day=by_day, by_action=actions_out(found.actions))


def days_out(days: Iterable[Day]) -> list[DayOut]:
    """Days, without their actions."""
    return [DayOut(day=day.day, **_figures(day.counts)) for day in days]


def actions_out(actions: Mapping[str, Counts]) -> list[ActionCountsOut]:
    """Counts by action."""
    return [
        ActionCountsOut(action=action, label=_label(action), **_figures(counts)) for action, counts in actions.items()
    ]


def counts_out(counts: Counts) -> CountsOut:
    """Counts of any kind."""
    return CountsOut(**_figures(counts))


def _summary_out(overview: Overview) -> SummaryOut:
    ever, month = usage.total(overview.totals.values()), overview.in_month
    return SummaryOut(
        month=overview.month,
        requests=month.requests,
        points=month.points,
        success_rate=month.success_rate,
        average_latency_ms=month.average_latency_ms,
        balance=views.balance_of(overview.user),
        totals=StatusTotalsOut(success=ever.succeeded, failed=ever.failed),
    )


def _used_api_out(overview: Overview, spec: ConversionSpec) -> UsedApiOut:
    counter = overview.totals.get(spec.action, Counter("", spec.action, Counts()))
    return UsedApiOut(
        action=spec.action,
        label=spec.label,
        allowed=overview.user.may(spec.action),
        points=overview.cost,
        requests=counter.counts.requests,
        success=counter.counts.succeeded,
        failed=counter.counts.failed,
        success_rate=counter.counts.success_rate,
        last_used_at=counter.last_used_at,
    )


def _label(action: str) -> str:
    spec = BY_ACTION.get(action)
    return spec.label if spec else action


def _figures(counts: Counts) -> dict[str, Any]:
    return {
        "requests": counts.requests,
        "success": counts.succeeded,
        "failed": counts.failed,
        "points": counts.points,
        "success_rate": counts.success_rate,
        "average_latency_ms": counts.average_latency_ms,
    }
