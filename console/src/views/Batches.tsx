// Batches: how far each is, its files, its archive.
import { useState } from "preact/hooks";
import { ask, placeOf } from "../api";
import { labelOf } from "../convert/jobs";
import { cancelBatch, getBatch, listBatches, retryBatch } from "../generated/sdk.gen";
import type { BatchOut, BatchSummaryOut } from "../generated/types.gen";
import { to } from "../router";
import { useLoaded, usePages } from "../state";
import { moment, number, size, useTexts } from "../texts";
import { Act, Button, Page, Status, Sure, Wrong, follow } from "../ui/kit";
import { Table } from "../ui/tables";
import type { ViewProps } from "./App";

export function Batches({ id }: ViewProps) {
  return id ? <Batch id={id} /> : <List />;
}

function List() {
  const t = useTexts();
  const list = usePages((cursor) => ask(() => listBatches({ query: { cursor } })), []);
  return (
    <Page title={t.batches.title} lead={t.batches.lead} actions={<Act act={list.reload}>{t.act.reload}</Act>}>
      <Wrong problem={list.problem} />
      <div class="card">
        <Table
          caption={t.batches.title}
          rows={list.items}
          next={list.next}
          empty={t.batches.empty}
          columns={[
            { head: t.batches.made, narrow: true, cell: (one) => <a href={to("batches", one.batch_id)}>{moment(one.created_at)}</a> },
            { head: t.batches.what, cell: (one) => (one.slug ? labelOf(one.slug) : t.batches.folder) },
            { head: t.batches.files, right: true, cell: (one) => number(one.total) },
            { head: t.batches.state, cell: (one) => counts(one, t.batches.counts) },
          ]}
        />
      </div>
    </Page>
  );
}

function counts(one: BatchSummaryOut, say: (ok: number, bad: number, open: number) => string): string {
  const { success, failed, missing, waiting, processing } = one.counts;
  return say(success, failed + missing, waiting + processing);
}

function Batch({ id }: { id: string }) {
  const t = useTexts();
  const [cancelling, setCancelling] = useState(false);
  const batch = useLoaded(() => ask(() => getBatch({ path: { batch_id: id }, query: { limit: 200 } })), [id]);
  const path = { batch_id: id };
  const after = async (done: Promise<unknown>) => {
    await done;
    await batch.reload();
  };
  const one = batch.value;
  return (
    <Page title={one ? `${one.slug ? labelOf(one.slug) : t.batches.folder} · ${moment(one.created_at)}` : t.batches.title} lead={one && counts(one, t.batches.counts)}>
      <Wrong problem={batch.problem} />
      <div class="actions page-actions">
        <a href={to("batches")}>{t.act.back}</a>
        <Act act={batch.reload}>{t.act.reload}</Act>
        {one?.download_url && (
          <Act kind="main" act={async () => follow((await placeOf(id, "batches")).url)}>
            {t.batches.zip}
          </Act>
        )}
        {!!one?.counts.failed && <Act act={() => after(ask(() => retryBatch({ path })))}>{t.batches.retry}</Act>}
        {one && !one.has_ended && <Button onClick={() => setCancelling(true)}>{t.batches.cancel}</Button>}
      </div>
      <div class="card">
        <Files batch={one} />
      </div>
      {cancelling && (
        <Sure title={t.batches.cancel} text={t.batches.cancelSure} label={t.batches.cancel} act={() => after(ask(() => cancelBatch({ path })))} onClose={() => setCancelling(false)} />
      )}
    </Page>
  );
}

function Files({ batch }: { batch?: BatchOut }) {
  const t = useTexts();
  return (
    <Table
      caption={t.batches.files}
      rows={batch?.files}
      empty={t.history.empty}
      columns={[
        { head: t.history.file, cell: (one) => one.filename },
        { head: t.history.status, cell: (one) => <Status status={one.status} /> },
        { head: t.points.why, cell: (one) => one.error?.detail ?? size(one.size) },
        {
          head: t.history.actions,
          right: true,
          cell: (one) =>
            one.download_url && one.conversion_id ? (
              <Act kind="quiet" aria-label={t.convert.downloadOf(one.filename)} act={async () => follow((await placeOf(one.conversion_id!)).url)}>
                {t.act.download}
              </Act>
            ) : null,
        },
      ]}
    />
  );
}
