// Webhooks: made, tried, and what became of each delivery.
import { useState } from "preact/hooks";
import { ask } from "../api";
import { createWebhook, deleteWebhook, listDeliveries, listWebhooks, rotateWebhookSecret, testWebhook } from "../generated/sdk.gen";
import type { SecretWebhookOut, WebhookIn, WebhookOut } from "../generated/types.gen";
import { isDemo } from "../session";
import { useLoaded, usePages } from "../state";
import { moment, useTexts } from "../texts";
import { Act, Button, Check, Code, Dialog, Field, Form, Page, Sure, Wrong, tell } from "../ui/kit";
import { Table } from "../ui/tables";
import type { ViewProps } from "./App";

type Event = WebhookIn["events"][number];
const EVENTS: Event[] = ["conversion.succeeded", "conversion.failed", "batch.finished"];
type Window = { what: "new" } | { what: "deliveries" | "delete"; one: WebhookOut } | { what: "secret"; secret: string };

export function Webhooks({ me }: ViewProps) {
  const t = useTexts();
  const [open, setOpen] = useState<Window>();
  const list = useLoaded(async () => (await ask(() => listWebhooks({ query: { limit: 200 } }))).items, []);
  const close = () => setOpen(undefined);
  const shown = async (made: SecretWebhookOut) => {
    setOpen({ what: "secret", secret: made.secret });
    await list.reload();
  };
  const remove = async (one: WebhookOut) => {
    await ask(() => deleteWebhook({ path: { webhook_id: one.webhook_id } }));
    await list.reload();
  };
  return (
    <Page
      title={t.webhooks.title}
      lead={t.webhooks.lead}
      actions={
        !isDemo(me) && (
          <Button kind="main" onClick={() => setOpen({ what: "new" })}>
            {t.webhooks.create}
          </Button>
        )
      }
    >
      <Wrong problem={list.problem} />
      <div class="card">
        <Table
          caption={t.webhooks.title}
          rows={list.value}
          empty={t.webhooks.empty}
          columns={[
            { head: t.webhooks.url, cell: (one) => one.url },
            { head: t.webhooks.events, cell: (one) => one.events.map((event) => t.webhooks.names[event] ?? event).join(", ") },
            { head: t.webhooks.state, cell: (one) => <span class={`status ${one.is_active ? "success" : "failed"}`}>{one.is_active ? t.webhooks.active : t.webhooks.disabled}</span> },
            {
              head: t.history.actions,
              right: true,
              cell: (one) => (
                <span class="row-act">
                  <Button kind="quiet" aria-label={t.webhooks.deliveriesOf(one.url)} onClick={() => setOpen({ what: "deliveries", one })}>
                    {t.webhooks.deliveries}
                  </Button>
                  {!isDemo(me) && (
                    <>
                      <Act kind="quiet" aria-label={`${t.webhooks.rotate}: ${one.url}`} act={async () => shown(await ask(() => rotateWebhookSecret({ path: { webhook_id: one.webhook_id } })))}>
                        {t.webhooks.rotate}
                      </Act>
                      <Button kind="quiet" aria-label={`${t.act.remove}: ${one.url}`} onClick={() => setOpen({ what: "delete", one })}>
                        {t.act.remove}
                      </Button>
                    </>
                  )}
                </span>
              ),
            },
          ]}
        />
      </div>
      {open?.what === "new" && <NewWebhook onMade={shown} onClose={close} />}
      {open?.what === "secret" && (
        <Dialog title={t.webhooks.secretTitle} onClose={close}>
          <p class="note good">{t.webhooks.secret}</p>
          <Code text={open.secret} label={t.webhooks.secretTitle} />
        </Dialog>
      )}
      {open?.what === "deliveries" && <Deliveries of={open.one} canTest={!isDemo(me)} onClose={close} />}
      {open?.what === "delete" && <Sure title={t.act.remove} text={t.webhooks.deleteSure(open.one.url)} label={t.act.remove} act={() => remove(open.one)} onClose={close} />}
    </Page>
  );
}

function NewWebhook({ onMade, onClose }: { onMade: (made: SecretWebhookOut) => Promise<void>; onClose: () => void }) {
  const t = useTexts();
  const [url, setUrl] = useState("https://");
  const [events, setEvents] = useState<Event[]>(EVENTS);
  const flip = (event: Event, on: boolean) => setEvents(EVENTS.filter((one) => (one === event ? on : events.includes(one))));
  return (
    <Dialog title={t.webhooks.create} onClose={onClose}>
      <Form label={t.act.create} onSend={async () => onMade(await ask(() => createWebhook({ body: { url, events } })))}>
        <Field label={t.webhooks.url} type="url" required value={url} onInput={(e) => setUrl(e.currentTarget.value)} />
        <fieldset>
          <legend>{t.webhooks.events}</legend>
          {EVENTS.map((one) => (
            <Check key={one} label={t.webhooks.names[one] ?? one} checked={events.includes(one)} onFlip={(on) => flip(one, on)} />
          ))}
        </fieldset>
      </Form>
    </Dialog>
  );
}

function Deliveries({ of, canTest, onClose }: { of: WebhookOut; canTest: boolean; onClose: () => void }) {
  const t = useTexts();
  const path = { webhook_id: of.webhook_id };
  const list = usePages((cursor) => ask(() => listDeliveries({ path, query: { cursor } })), [of.webhook_id]);
  const test = async () => {
    await ask(() => testWebhook({ path }));
    tell(t.webhooks.tested);
    await list.reload();
  };
  return (
    <Dialog title={t.webhooks.deliveriesOf(of.url)} onClose={onClose} wide>
      <div class="actions page-actions">
        {canTest && of.is_active && <Act act={test}>{t.webhooks.test}</Act>}
        <Act act={list.reload}>{t.act.reload}</Act>
      </div>
      <Wrong problem={list.problem} />
      <Table
        caption={t.webhooks.deliveries}
        rows={list.items}
        next={list.next}
        empty={t.webhooks.none}
        columns={[
          { head: t.webhooks.when, narrow: true, cell: (one) => moment(one.created_at) },
          { head: t.webhooks.event, cell: (one) => t.webhooks.names[one.type] ?? one.type },
          { head: t.webhooks.state, cell: (one) => <span class={`status ${one.state === "delivered" ? "success" : one.state}`}>{t.webhooks.states[one.state]}</span> },
          { head: t.webhooks.tries, right: true, cell: (one) => one.tries.length },
          { head: t.webhooks.answer, cell: (one) => answer(one.tries.at(-1)) },
        ]}
      />
    </Dialog>
  );
}

function answer(last: { status: number | null; note: string | null } | undefined): string {
  return last ? String(last.note ?? last.status ?? "") : "";
}
