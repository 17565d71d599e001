// One's points: what there is, what was used, and every movement.
import { ask, fetchText } from "../api";
import { byAction } from "../catalogue";
import { labelOf } from "../convert/jobs";
import { getMyPoints, getUsageHistory, listLedger } from "../generated/sdk.gen";
import { useLoaded, usePages } from "../state";
import { day, moment, number, points, useTexts } from "../texts";
import { Act, Page, Wrong, save } from "../ui/kit";
import { Chart, Figure, Table } from "../ui/tables";
import type { ViewProps } from "./App";

export function Points({ me }: ViewProps) {
  const t = useTexts().points;
  const mine = useLoaded(() => ask(() => getMyPoints()), []);
  const usage = useLoaded(() => ask(() => getUsageHistory({ query: { days: 30 } })), []);
  const one = mine.value;
  return (
    <Page title={t.title} lead={me.points.balance === null ? undefined : `${t.cost(me.active_apis[0]?.points ?? 0)} ${t.how}`}>
      <Wrong problem={mine.problem ?? usage.problem} />
      {one && (
        <dl class="card figures">
          <Figure label={t.left} value={points(one.available_points)} />
          <Figure label={t.given} value={number(one.total_topup)} />
          <Figure label={t.spent} value={number(one.total_spent)} />
          <Figure label={t.refunded} value={number(one.total_refunded)} />
          {one.total_corrected !== 0 && <Figure label={t.corrected} value={number(one.total_corrected)} />}
        </dl>
      )}
      {usage.value && (
        <div class="card">
          <Chart
            title={t.chart}
            bars={usage.value.by_day.map((one) => ({ value: one.points, mark: day(one.day), label: t.chartOf(day(one.day), one.points, one.requests) }))}
          />
        </div>
      )}
      <Ledger />
    </Page>
  );
}

/** Every movement of a user's points. */
export function Ledger({ userId }: { userId?: string }) {
  const t = useTexts();
  const list = usePages((cursor) => ask(() => listLedger({ query: { user_id: userId, cursor, limit: 50 } })), [userId]);
  const csv = async () => {
    const query = userId ? `?user_id=${encodeURIComponent(userId)}` : "";
    save(new Blob([await fetchText(`/api/v3/points/ledger${query}`, "text/csv")], { type: "text/csv" }), "points.csv");
  };
  const why = (status: string, action: string | null) => {
    const slug = action ? byAction(action)?.slug : undefined;
    return `${t.points.entry[status] ?? status}${slug ? ` · ${labelOf(slug)}` : ""}`;
  };
  return (
    <section class="card" aria-labelledby="ledger">
      <div class="card-head">
        <h2 id="ledger">{t.points.ledger}</h2>
        <Act act={csv}>{t.points.csv}</Act>
      </div>
      <Wrong problem={list.problem} />
      <Table
        caption={t.points.ledger}
        rows={list.items}
        next={list.next}
        empty={t.points.empty}
        columns={[
          { head: t.history.when, narrow: true, cell: (one) => moment(one.created_at) },
          { head: t.points.why, cell: (one) => why(one.status, one.action) },
          { head: t.points.note, cell: (one) => one.note ?? "" },
          { head: t.points.amount, right: true, cell: (one) => <span class={one.amount > 0 ? "plus" : ""}>{`${one.amount > 0 ? "+" : ""}${number(one.amount)}`}</span> },
          { head: t.points.after, right: true, cell: (one) => number(one.balance_after) },
        ]}
      />
    </section>
  );
}
