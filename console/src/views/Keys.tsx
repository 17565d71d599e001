// API keys: made, copied once, revoked.
import { useState } from "preact/hooks";
import { ask } from "../api";
import { CATALOGUE } from "../catalogue";
import { labelOf } from "../convert/jobs";
import { createApiKey, listApiKeys, revokeApiKey } from "../generated/sdk.gen";
import type { ApiKeyOut } from "../generated/types.gen";
import { isDemo } from "../session";
import { useLoaded } from "../state";
import { moment, useTexts } from "../texts";
import { Button, Check, Code, Dialog, Field, Form, Page, Sure, Wrong } from "../ui/kit";
import { Table } from "../ui/tables";
import type { ViewProps } from "./App";

export function Keys({ me }: ViewProps) {
  const t = useTexts();
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<ApiKeyOut>();
  const list = useLoaded(async () => (isDemo(me) ? [] : (await ask(() => listApiKeys({ query: { limit: 200 } }))).items), []);
  const revoke = async () => {
    await ask(() => revokeApiKey({ path: { key_id: ending!.key_id } }));
    await list.reload();
  };
  const may = (one: ApiKeyOut) => one.actions?.map((action) => labelOf(CATALOGUE.find((c) => c.action === action)?.slug ?? "")).join(", ") ?? t.keys.mayAll;
  return (
    <Page
      title={t.keys.title}
      lead={t.keys.lead}
      actions={
        !isDemo(me) && (
          <Button kind="main" onClick={() => setMaking(true)}>
            {t.keys.create}
          </Button>
        )
      }
    >
      <Wrong problem={list.problem} />
      <div class="card">
        <Table
          caption={t.keys.title}
          rows={list.value}
          empty={t.keys.empty}
          columns={[
            { head: t.keys.name, cell: (one) => one.name },
            { head: t.keys.begins, cell: (one) => <code>{one.prefix}…</code> },
            { head: t.keys.may, cell: may },
            { head: t.keys.used, narrow: true, cell: (one) => moment(one.last_used_at) },
            { head: t.keys.expires, narrow: true, cell: (one) => (one.expires_at ? moment(one.expires_at) : t.keys.never) },
            {
              head: t.history.actions,
              right: true,
              cell: (one) => (
                <Button kind="quiet" aria-label={`${t.act.revoke}: ${one.name}`} onClick={() => setEnding(one)}>
                  {t.act.revoke}
                </Button>
              ),
            },
          ]}
        />
      </div>
      {making && <NewKey onMade={list.reload} onClose={() => setMaking(false)} />}
      {ending && <Sure title={t.act.revoke} text={t.keys.revokeSure(ending.name)} label={t.act.revoke} act={revoke} onClose={() => setEnding(undefined)} />}
    </Page>
  );
}

function NewKey({ onMade, onClose }: { onMade: () => Promise<void>; onClose: () => void }) {
  const t = useTexts();
  const [name, setName] = useState("");
  const [until, setUntil] = useState("");
  const [actions, setActions] = useState<string[]>([]);
  const [key, setKey] = useState("");
  const make = async () => {
    const expires = until ? new Date(`${until}T23:59:59`).toISOString() : undefined;
    const body = { name, expires_at: expires, actions: (actions.length ? actions : undefined) as undefined };
    setKey((await ask(() => createApiKey({ body }))).key);
    await onMade();
  };
  const flip = (action: string, on: boolean) => setActions(on ? [...actions, action] : actions.filter((one) => one !== action));
  return (
    <Dialog title={t.keys.create} onClose={onClose}>
      {key ? (
        <>
          <p class="note good">{t.keys.once}</p>
          <Code text={key} label={t.keys.title} />
        </>
      ) : (
        <Form label={t.act.create} onSend={make}>
          <Field label={t.keys.name} required value={name} onInput={(e) => setName(e.currentTarget.value)} />
          <Field label={t.keys.expires} help={t.keys.expiresHint} type="date" value={until} onInput={(e) => setUntil(e.currentTarget.value)} />
          <fieldset>
            <legend>
              {t.keys.may}: {actions.length ? actions.length : t.keys.mayAll}
            </legend>
            {CATALOGUE.map((one) => (
              <Check key={one.action} label={labelOf(one.slug)} checked={actions.includes(one.action)} onFlip={(on) => flip(one.action, on)} />
            ))}
          </fieldset>
        </Form>
      )}
    </Dialog>
  );
}
