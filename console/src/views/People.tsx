// Everybody in sight: found, created, looked at.
import { useState } from "preact/hooks";
import { ask } from "../api";
import { createUser, listActiveUsers } from "../generated/sdk.gen";
import type { Role, SeenUserOut } from "../generated/types.gen";
import { to } from "../router";
import { isSuper } from "../session";
import { useLoaded } from "../state";
import { moment, points, useTexts } from "../texts";
import { Button, Dialog, Field, Form, Page, Select, Wrong, tell } from "../ui/kit";
import { Table } from "../ui/tables";
import type { MeOut } from "../generated/types.gen";
import type { ViewProps } from "./App";
import { PersonView } from "./PersonView";

const MOST_PAGES = 25;
const AT_ONCE = 50;

export function People({ me, id }: ViewProps) {
  return id ? <PersonView me={me} id={id} /> : <List me={me} />;
}

async function everybody(): Promise<SeenUserOut[]> {
  const all: SeenUserOut[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query: { limit: number; cursor?: string } = { limit: 200, cursor: cursor ?? undefined };
    const some = await ask(() => listActiveUsers({ query }));
    all.push(...some.items);
    cursor = some.next_cursor;
    if (!cursor) break;
  }
  return all;
}

function List({ me }: { me: MeOut }) {
  const t = useTexts();
  const [word, setWord] = useState("");
  const [role, setRole] = useState("");
  const [state, setState] = useState("");
  const [shown, setShown] = useState(AT_ONCE);
  const [making, setMaking] = useState(false);
  const list = useLoaded(everybody, []);
  const wanted = word.trim().toLowerCase();
  const found = list.value?.filter(
    (one) =>
      (!wanted || `${one.email} ${one.username} ${one.id}`.toLowerCase().includes(wanted)) &&
      (!role || one.role === role) &&
      (!state || (state === "active") === one.is_active),
  );
  const roles = [["", t.act.all] as const, ...Object.entries(t.roles)];
  const states = [["", t.act.all] as const, ["active", t.people.active] as const, ["disabled", t.people.disabled] as const];
  return (
    <Page
      title={t.people.title}
      actions={
        <Button kind="main" onClick={() => setMaking(true)}>
          {t.people.create}
        </Button>
      }
    >
      <div class="filters">
        <Field label={t.people.search} type="search" value={word} onInput={(e) => setWord(e.currentTarget.value)} />
        <Select label={t.people.role} value={role} choices={roles} onPick={setRole} />
        <Select label={t.people.state} value={state} choices={states} onPick={setState} />
      </div>
      <Wrong problem={list.problem} />
      <div class="card">
        <Table
          caption={t.people.title}
          rows={found?.slice(0, shown)}
          next={found && found.length > shown ? async () => setShown(shown + AT_ONCE) : undefined}
          empty={t.people.empty}
          columns={[
            { head: t.people.email, cell: (one) => <a href={to("people", one.id)}>{one.email}</a> },
            { head: t.people.name, cell: (one) => one.username },
            { head: t.people.role, cell: (one) => t.roles[one.role] },
            { head: t.people.state, cell: (one) => <span class={`status ${one.is_active ? "success" : ""}`}>{one.is_active ? t.people.active : t.people.disabled}</span> },
            { head: t.people.balance, right: true, cell: (one) => points(one.balance) },
            { head: t.people.seen, narrow: true, cell: (one) => moment(one.last_activity_at ?? one.last_login_at) },
          ]}
        />
      </div>
      {making && <NewPerson me={me} onMade={list.reload} onClose={() => setMaking(false)} />}
    </Page>
  );
}

function NewPerson({ me, onMade, onClose }: { me: MeOut; onMade: () => Promise<void>; onClose: () => void }) {
  const t = useTexts();
  const [email, setEmail] = useState("");
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<Role>("general_user");
  const make = async () => {
    await ask(() => createUser({ body: { email, password, role, ...(username ? { username } : {}) } }));
    tell(t.people.created(email));
    onClose();
    await onMade();
  };
  const roles = (Object.entries(t.roles) as [Role, string][]).filter(([one]) => isSuper(me) || one === "general_user" || one === "demo_user").reverse();
  return (
    <Dialog title={t.people.create} onClose={onClose}>
      <Form label={t.act.create} onSend={make}>
        <Field label={t.people.email} type="email" autocomplete="off" required value={email} onInput={(e) => setEmail(e.currentTarget.value)} />
        <Field label={t.people.name} help={t.people.nameHint} autocomplete="off" value={username} onInput={(e) => setUsername(e.currentTarget.value)} />
        <Field label={t.people.password} type="password" autocomplete="new-password" required minLength={8} value={password} onInput={(e) => setPassword(e.currentTarget.value)} />
        <Select label={t.people.role} value={role} choices={roles} onPick={(one) => setRole(one as Role)} />
      </Form>
    </Dialog>
  );
}
