// One person whole, and what may be done about it.
import { useState } from "preact/hooks";
import { ask } from "../api";
import { byAction } from "../catalogue";
import { labelOf } from "../convert/jobs";
import { checkUser, correctPoints, deleteUser, disableUser, enableUser, renameUser, resetUserPassword, setPermission, setUserRole, topUp } from "../generated/sdk.gen";
import type { CheckedUserOut, MeOut, Role } from "../generated/types.gen";
import { to } from "../router";
import { isSuper } from "../session";
import { asProblem, useLoaded } from "../state";
import { moment, number, percent, points, useTexts } from "../texts";
import { Act, Button, Check, Dialog, Field, Form, Page, Select, Sure, Wrong, sentence, tell } from "../ui/kit";
import { Figure } from "../ui/tables";
import { Conversions } from "./History";
import { Ledger } from "./Points";

type Window = "top-up" | "correct" | "rename" | "reset" | "disable" | "delete";

export function PersonView({ me, id }: { me: MeOut; id: string }) {
  const t = useTexts();
  const [turn, setTurn] = useState(0);
  const { value, problem, reload } = useLoaded(() => ask(() => checkUser({ path: { user_id: id } })), [id]);
  const again = async () => {
    await reload();
    setTurn(turn + 1);
  };
  return (
    <Page title={value?.user.email ?? t.people.title} lead={value && `${value.user.username} · ${t.roles[value.user.role]}`}>
      <p class="actions page-actions">
        <a href={to("people")}>{t.act.back}</a>
      </p>
      <Wrong problem={problem} />
      {value && <Body key={turn} me={me} of={value} reload={again} />}
    </Page>
  );
}

function Body({ me, of, reload }: { me: MeOut; of: CheckedUserOut; reload: () => Promise<void> }) {
  const t = useTexts();
  const [open, setOpen] = useState<Window>();
  const { user } = of;
  const close = () => setOpen(undefined);
  const button = (what: Window, text: string) => <Button onClick={() => setOpen(what)}>{text}</Button>;
  const path = { user_id: user.id };
  const isOther = user.id !== me.id;
  const has = user.role !== "super_user";
  const enable = async () => {
    await ask(() => enableUser({ path }));
    await reload();
  };
  return (
    <>
      <section class="card">
        <dl class="figures">
          <Figure label={t.person.points} value={points(of.points.balance)} />
          <Figure label={t.person.success} value={number(of.conversions.success)} />
          <Figure label={t.person.failures} value={number(of.conversions.failed)} />
          <Figure label={t.admin.rate} value={percent(of.conversions.success_rate)} />
        </dl>
        <p class="quiet">
          {t.people.logIn}: {moment(of.last_login_at)} · {t.people.seen}: {moment(of.last_activity_at)} · {user.is_active ? t.people.active : t.people.disabled}
        </p>
        <div class="actions page-actions">
          {has && button("top-up", t.person.topUp)}
          {has && isSuper(me) && button("correct", t.person.correct)}
          {isOther && (
            <>
              {button("rename", t.person.rename)}
              {button("reset", t.person.reset)}
              {user.is_active ? button("disable", t.person.disable) : <Act act={enable}>{t.person.enable}</Act>}
              {button("delete", t.person.remove)}
            </>
          )}
        </div>
        {isSuper(me) && isOther && <RoleOf of={of} reload={reload} />}
      </section>
      <Permissions me={me} of={of} reload={reload} />
      <Ledger userId={user.id} />
      <section aria-labelledby="conversions">
        <h2 id="conversions">{t.person.conversions}</h2>
        <Conversions userId={user.id} />
      </section>
      {(open === "top-up" || open === "correct") && <Amount of={of} isCorrection={open === "correct"} reload={reload} onClose={close} />}
      {open === "rename" && <Rename of={of} reload={reload} onClose={close} />}
      {open === "reset" && <Reset of={of} onClose={close} />}
      {open === "disable" && (
        <Sure title={t.person.disable} text={t.person.disableSure(user.email)} label={t.person.disable} act={async () => (await ask(() => disableUser({ path })), reload())} onClose={close} />
      )}
      {open === "delete" && (
        <Sure
          title={t.person.remove}
          text={t.person.removeSure(user.email)}
          label={t.person.remove}
          act={async () => (await ask(() => deleteUser({ path })), void (location.hash = to("people")))}
          onClose={close}
        />
      )}
    </>
  );
}

interface Part {
  of: CheckedUserOut;
  reload: () => Promise<void>;
  onClose: () => void;
}

/** Points to give or to put right; pressed twice it is booked once. */
function Amount({ of, isCorrection, reload, onClose }: Part & { isCorrection: boolean }) {
  const t = useTexts().person;
  const [amount, setAmount] = useState("");
  const [note, setNote] = useState("");
  const [key] = useState(() => crypto.randomUUID());
  const book = async () => {
    const headers = { "Idempotency-Key": key };
    const about = { user_id: of.user.id, amount: Number(amount) };
    const booked = isCorrection
      ? await ask(() => correctPoints({ body: { ...about, note }, headers }))
      : await ask(() => topUp({ body: { ...about, note: note || undefined }, headers }));
    tell(t.given(points(booked.balance)));
    onClose();
    await reload();
  };
  const title = isCorrection ? t.correct : t.topUp;
  return (
    <Dialog title={`${title}: ${of.user.email}`} onClose={onClose}>
      <Form label={title} onSend={book}>
        <Field label={isCorrection ? t.amountSigned : t.amount} type="number" min={isCorrection ? undefined : 1} required value={amount} onInput={(e) => setAmount(e.currentTarget.value)} />
        <Field label={isCorrection ? t.noteNeeded : t.note} required={isCorrection} value={note} onInput={(e) => setNote(e.currentTarget.value)} />
      </Form>
    </Dialog>
  );
}

function Rename({ of, reload, onClose }: Part) {
  const t = useTexts();
  const [email, setEmail] = useState(of.user.email);
  const [username, setUsername] = useState(of.user.username);
  const rename = async () => {
    await ask(() => renameUser({ path: { user_id: of.user.id }, body: { email, username } }));
    onClose();
    await reload();
  };
  return (
    <Dialog title={t.person.rename} onClose={onClose}>
      <Form label={t.act.save} onSend={rename}>
        <Field label={t.people.email} type="email" required value={email} onInput={(e) => setEmail(e.currentTarget.value)} />
        <Field label={t.people.name} required value={username} onInput={(e) => setUsername(e.currentTarget.value)} />
      </Form>
    </Dialog>
  );
}

function Reset({ of, onClose }: Pick<Part, "of" | "onClose">) {
  const t = useTexts().person;
  const [password, setPassword] = useState("");
  const reset = async () => {
    await ask(() => resetUserPassword({ path: { user_id: of.user.id }, body: { new_password: password } }));
    tell(t.resetDone);
    onClose();
  };
  return (
    <Dialog title={`${t.reset}: ${of.user.email}`} onClose={onClose}>
      <Form label={t.reset} onSend={reset}>
        <Field label={t.newPassword} type="password" autocomplete="new-password" minLength={8} required value={password} onInput={(e) => setPassword(e.currentTarget.value)} />
      </Form>
    </Dialog>
  );
}

function RoleOf({ of, reload }: Pick<Part, "of" | "reload">) {
  const t = useTexts();
  const set = (role: string) => {
    const sent = ask(() => setUserRole({ path: { user_id: of.user.id }, body: { role: role as Role } }));
    sent.then(() => tell(t.act.saved), (error) => tell(sentence(asProblem(error)), true)).then(reload);
  };
  return (
    <div class="role">
      <Select label={t.person.role} value={of.user.role} choices={Object.entries(t.roles)} onPick={set} />
    </div>
  );
}

function Permissions({ me, of, reload }: { me: MeOut } & Pick<Part, "of" | "reload">) {
  const t = useTexts().person;
  const may = isSuper(me) && of.user.role !== "super_user";
  const flip = (action: string, isAllowed: boolean) => {
    const path = { user_id: of.user.id, action };
    ask(() => setPermission({ path, body: { is_allowed: isAllowed } })).catch((error) => tell(sentence(asProblem(error)), true)).then(reload);
  };
  return (
    <section class="card" aria-labelledby="permissions">
      <h2 id="permissions">{t.permissions}</h2>
      <p class="quiet">{may ? t.permissionsHint : t.permissionsSeen}</p>
      <div class="grid permissions">
        {of.permissions.map((one) => (
          <Check
            key={one.action}
            label={labelOf(byAction(one.action)?.slug ?? "")}
            help={one.updated_at ? moment(one.updated_at) : undefined}
            checked={one.is_allowed}
            disabled={!may}
            onFlip={(on) => flip(one.action, on)}
          />
        ))}
      </div>
    </section>
  );
}
