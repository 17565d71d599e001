// Everything that one converted, by what one looks for.
import { useState } from "preact/hooks";
import { ask } from "../api";
import { CATALOGUE, byAction } from "../catalogue";
import { labelOf } from "../convert/jobs";
import { listConversions } from "../generated/sdk.gen";
import type { ConversionOut } from "../generated/types.gen";
import { usePages } from "../state";
import { moment, number, useTexts } from "../texts";
import { Act, Button, Field, Page, Select, Status, Wrong } from "../ui/kit";
import { Table } from "../ui/tables";
import type { ViewProps } from "./App";
import { Preview } from "./Preview";
import { Report } from "./Report";
import { download } from "./Results";

const A_DAY_MS = 86_400_000;

export function History(_: ViewProps) {
  const t = useTexts();
  return (
    <Page title={t.history.title} lead={t.history.lead}>
      <Conversions />
    </Page>
  );
}

/** The conversions of a user: one's own, or of somebody in sight. */
export function Conversions({ userId }: { userId?: string }) {
  const t = useTexts();
  const [action, setAction] = useState("");
  const [status, setStatus] = useState("");
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState("");
  const [open, setOpen] = useState<{ one: ConversionOut; what: "report" | "preview" }>();
  const query = {
    user_id: userId,
    action: action || undefined,
    status: (status || undefined) as "success" | undefined,
    from: from ? new Date(`${from}T00:00`).toISOString() : undefined,
    to: until ? new Date(new Date(`${until}T00:00`).getTime() + A_DAY_MS).toISOString() : undefined,
    limit: 50,
  };
  const list = usePages((cursor) => ask(() => listConversions({ query: { ...query, cursor } })), [userId, action, status, from, until]);
  const actions = [["", t.act.all] as const, ...CATALOGUE.map((one) => [one.action, labelOf(one.slug)] as const)];
  const states = ["", "success", "failed", "processing"] as const;
  return (
    <>
      <div class="filters">
        <Select label={t.history.action} value={action} choices={actions} onPick={setAction} />
        <Select label={t.history.status} value={status} choices={states.map((one) => [one, one ? t.status[one] : t.act.all] as const)} onPick={setStatus} />
        <Field label={t.act.from} type="date" value={from} onInput={(e) => setFrom(e.currentTarget.value)} />
        <Field label={t.act.until} type="date" value={until} onInput={(e) => setUntil(e.currentTarget.value)} />
      </div>
      <Wrong problem={list.problem} />
      <div class="card">
        <Table
          caption={t.history.title}
          rows={list.items}
          next={list.next}
          empty={t.history.empty}
          columns={[
            { head: t.history.file, cell: (one) => one.input_filename },
            { head: t.history.action, cell: (one) => labelOf(byAction(one.action)?.slug ?? "") },
            { head: t.history.status, cell: (one) => <Status status={one.status} /> },
            { head: t.history.points, right: true, cell: (one) => number(one.points_charged) },
            { head: t.history.when, narrow: true, cell: (one) => moment(one.created_at) },
            {
              head: t.history.actions,
              right: true,
              cell: (one) => (
                <span class="row-act">
                  {one.download_url && !userId && (
                    <>
                      <Button kind="quiet" aria-label={t.convert.previewOf(one.input_filename)} onClick={() => setOpen({ one, what: "preview" })}>
                        {t.convert.preview}
                      </Button>
                      <Act kind="quiet" aria-label={t.convert.downloadOf(one.output_filename ?? "")} act={() => download(one)}>
                        {t.act.download}
                      </Act>
                    </>
                  )}
                  <Button kind="quiet" aria-label={t.convert.detailsOf(one.input_filename)} onClick={() => setOpen({ one, what: "report" })}>
                    {t.convert.details}
                  </Button>
                </span>
              ),
            },
          ]}
        />
      </div>
      {open?.what === "report" && <Report conversion={open.one} onClose={() => setOpen(undefined)} />}
      {open?.what === "preview" && <Preview conversion={open.one} onClose={() => setOpen(undefined)} />}
    </>
  );
}
