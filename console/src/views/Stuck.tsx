// Dead letters and stuck work: what the doctor says, as far as it is known at once.
import { ask } from "../api";
import { byAction } from "../catalogue";
import { labelOf } from "../convert/jobs";
import { getStuckWork } from "../generated/sdk.gen";
import type { FindingOut, QueueOut, StuckWorkOut } from "../generated/types.gen";
import { useLoaded } from "../state";
import { moment, number, useTexts } from "../texts";
import { Act, Page, Wrong } from "../ui/kit";
import { TableCard } from "../ui/tables";
import type { ViewProps } from "./App";
import { Person } from "./Overview";

export function Stuck(_: ViewProps) {
  const t = useTexts();
  const { value, problem, reload } = useLoaded(() => ask(() => getStuckWork()), []);
  return (
    <Page title={t.stuck.title} lead={t.stuck.lead} actions={<Act act={reload}>{t.act.reload}</Act>}>
      <Wrong problem={problem} />
      {!value && !problem && <p class="quiet">{t.app.loading}</p>}
      {value && (
        <>
          {value.findings.length ? value.findings.map((one) => <Finding key={one.fault} of={one} />) : <p class="note good">{t.stuck.well}</p>}
          <Conversions found={value} />
          <Batches found={value} />
          <Queues queues={value.queues} />
        </>
      )}
    </Page>
  );
}

/** The advice is the service's own where the language has none. */
function Finding({ of }: { of: FindingOut }) {
  const t = useTexts().stuck;
  const [what, advice] = t.faults[of.fault] ?? [of.fault, ""];
  return (
    <div class="note bad">
      <p>
        <strong>
          {what}: {number(of.count)}
        </strong>
      </p>
      <p lang={advice ? undefined : "en"}>{advice || of.advice}</p>
    </div>
  );
}

function Conversions({ found }: { found: StuckWorkOut }) {
  const t = useTexts();
  if (!found.conversions.length) return null;
  return (
    <TableCard
      id="stuck-conversions"
      caption={t.stuck.conversions}
      rows={found.conversions}
      empty={t.stuck.well}
      columns={[
        { head: t.stuck.since, narrow: true, cell: (one) => moment(one.created_at) },
        { head: t.admin.who, cell: (one) => <Person of={one.user} /> },
        { head: t.history.action, cell: (one) => labelOf(byAction(one.action)?.slug ?? "") },
        { head: t.stuck.what, cell: (one) => t.stuck.faults[one.fault]?.[0] ?? one.fault },
        { head: t.stuck.attempts, right: true, cell: (one) => number(one.attempts) },
        { head: t.stuck.due, narrow: true, cell: (one) => moment(one.due_at) },
        { head: t.stuck.id, cell: (one) => <code>{one.conversion_id}</code> },
      ]}
    />
  );
}

function Batches({ found }: { found: StuckWorkOut }) {
  const t = useTexts();
  if (!found.batches.length) return null;
  return (
    <TableCard
      id="stuck-batches"
      caption={t.stuck.batches}
      rows={found.batches}
      empty={t.stuck.well}
      columns={[
        { head: t.stuck.due, narrow: true, cell: (one) => (one.due_at ? moment(one.due_at) : "–") },
        { head: t.admin.who, cell: (one) => <Person of={one.user} /> },
        { head: t.stuck.id, cell: (one) => <code>{one.batch_id}</code> },
      ]}
    />
  );
}

function Queues({ queues }: { queues: QueueOut[] }) {
  const t = useTexts();
  const count = (one: number | null) => (one === null ? "–" : number(one));
  return (
    <TableCard
      id="queues"
      caption={t.stuck.queues}
      rows={queues}
      empty={t.stuck.well}
      columns={[
        { head: t.stuck.queue, cell: (one) => t.stuck.names[one.name] ?? one.name },
        { head: t.stuck.waiting, right: true, cell: (one) => count(one.waiting) },
        { head: t.stuck.atWork, right: true, cell: (one) => count(one.at_work) },
        {
          head: t.stuck.dead,
          right: true,
          cell: (one) => (one.dead ? <strong class="bad-text">{count(one.dead)}</strong> : one.dead === null ? <span class="quiet">{t.stuck.elsewhere}</span> : "0"),
        },
      ]}
    />
  );
}
