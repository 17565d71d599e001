// Top-ups: to whom, how many, when, by whom.
import { ask } from "../api";
import { listGivenPoints } from "../generated/sdk.gen";
import { usePages } from "../state";
import { moment, number, useTexts } from "../texts";
import { Page, Wrong } from "../ui/kit";
import { Table } from "../ui/tables";
import type { ViewProps } from "./App";
import { Person } from "./Overview";

export function Given(_: ViewProps) {
  const t = useTexts();
  const list = usePages((cursor) => ask(() => listGivenPoints({ query: { cursor } })), []);
  return (
    <Page title={t.given.title}>
      <Wrong problem={list.problem} />
      <div class="card">
        <Table
          caption={t.given.title}
          rows={list.items}
          next={list.next}
          empty={t.given.empty}
          columns={[
            { head: t.history.when, narrow: true, cell: (one) => moment(one.created_at) },
            { head: t.given.to, cell: (one) => <Person of={one.to} /> },
            { head: t.given.by, cell: (one) => <Person of={one.given_by} /> },
            { head: t.points.note, cell: (one) => one.note ?? "" },
            { head: t.points.amount, right: true, cell: (one) => number(one.amount) },
          ]}
        />
      </div>
    </Page>
  );
}
