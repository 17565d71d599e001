// Who changed what.
import { ask } from "../api";
import { listAudit } from "../generated/sdk.gen";
import { usePages } from "../state";
import { moment, useTexts } from "../texts";
import { Page, Wrong } from "../ui/kit";
import { Table } from "../ui/tables";
import type { ViewProps } from "./App";
import { Person } from "./Overview";

export function Audit(_: ViewProps) {
  const t = useTexts();
  const list = usePages((cursor) => ask(() => listAudit({ query: { cursor } })), []);
  const details = (all: Record<string, unknown>) =>
    Object.entries(all)
      .map(([key, value]) => `${key}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
      .join(" · ");
  return (
    <Page title={t.audit.title} lead={t.audit.lead}>
      <Wrong problem={list.problem} />
      <div class="card">
        <Table
          caption={t.audit.title}
          rows={list.items}
          next={list.next}
          empty={t.audit.empty}
          columns={[
            { head: t.history.when, narrow: true, cell: (one) => moment(one.at) },
            { head: t.audit.change, cell: (one) => t.audit.changes[one.change] ?? one.change },
            { head: t.audit.who, cell: (one) => <Person of={one.actor} /> },
            { head: t.audit.whom, cell: (one) => <Person of={one.target} /> },
            { head: t.audit.details, cell: (one) => <span lang="en">{details(one.details)}</span> },
            { head: t.audit.from, cell: (one) => one.address },
          ]}
        />
      </div>
    </Page>
  );
}
