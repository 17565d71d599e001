// The service at a glance, for who manages it.
import { ask } from "../api";
import { byAction } from "../catalogue";
import { labelOf } from "../convert/jobs";
import { getDashboardSummary } from "../generated/sdk.gen";
import type { PersonOut } from "../generated/types.gen";
import { to } from "../router";
import { useLoaded } from "../state";
import { day, moment, number, percent, useTexts } from "../texts";
import { Page, Status, Wrong } from "../ui/kit";
import { Chart, Figure, TableCard } from "../ui/tables";
import type { ViewProps } from "./App";

const seconds = (ms: number | null) => (ms === null ? "–" : `${(ms / 1000).toFixed(1)} s`);

export function Overview(_: ViewProps) {
  const t = useTexts();
  const { value, problem } = useLoaded(() => ask(() => getDashboardSummary()), []);
  const label = (action: string) => labelOf(byAction(action)?.slug ?? "");
  return (
    <Page title={t.admin.title} lead={t.admin.lead}>
      <Wrong problem={problem} />
      {!value && !problem && <p class="quiet">{t.app.loading}</p>}
      {value && (
        <>
          <dl class="card figures">
            {value.users_by_role.map((one) => (
              <Figure key={one.role} label={t.roles[one.role]} value={number(one.total)} />
            ))}
          </dl>
          <div class="card">
            <Chart
              title={t.admin.chart}
              bars={value.by_day.map((one) => ({ value: one.requests, bad: one.failed, mark: day(one.day), label: t.admin.chartOf(day(one.day), one.requests, one.failed) }))}
            />
          </div>
          <TableCard
            id="by-action"
            caption={t.admin.failures}
            rows={value.failures_by_action}
            empty={t.admin.empty}
            columns={[
              { head: t.history.action, cell: (one) => label(one.action) },
              { head: t.admin.requests, right: true, cell: (one) => number(one.requests) },
              { head: t.admin.failed, right: true, cell: (one) => number(one.failed) },
              { head: t.admin.rate, right: true, cell: (one) => percent(one.success_rate) },
              { head: t.admin.latency, right: true, cell: (one) => seconds(one.average_latency_ms) },
            ]}
          />
          <TableCard
            id="recent"
            caption={t.admin.recent}
            rows={value.recent_activity}
            empty={t.admin.empty}
            columns={[
              { head: t.history.when, narrow: true, cell: (one) => moment(one.ended_at) },
              { head: t.admin.who, cell: (one) => <Person of={one.user} /> },
              { head: t.history.action, cell: (one) => label(one.action) },
              { head: t.history.status, cell: (one) => <Status status={one.status} /> },
            ]}
          />
          <TableCard
            id="holders"
            caption={t.admin.holders}
            rows={value.top_holders}
            empty={t.admin.empty}
            columns={[
              { head: t.admin.who, cell: (one) => <Person of={one} /> },
              { head: t.people.role, cell: (one) => t.roles[one.role] },
              { head: t.people.balance, right: true, cell: (one) => number(one.balance) },
            ]}
          />
        </>
      )}
    </Page>
  );
}

/** A person by name, where the caller sees it. */
export function Person({ of }: { of: PersonOut | null }) {
  if (!of) return <>–</>;
  return of.email ? <a href={to("people", of.user_id)}>{of.email}</a> : <code>{of.user_id}</code>;
}
