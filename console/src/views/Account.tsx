// One's own account: who one is, the password, what one may.
import { useState } from "preact/hooks";
import { Problem, ask } from "../api";
import { byAction } from "../catalogue";
import { labelOf } from "../convert/jobs";
import { changePassword, logOut } from "../generated/sdk.gen";
import { enter, isDemo } from "../session";
import { moment, useTexts } from "../texts";
import { Field, Form, Page, tell } from "../ui/kit";
import type { MeOut } from "../generated/types.gen";
import type { ViewProps } from "./App";

export function Account({ me }: ViewProps) {
  const t = useTexts();
  return (
    <Page title={t.account.title}>
      <section class="card">
        <dl class="pairs large">
          <dt>{t.account.email}</dt>
          <dd>{me.email}</dd>
          <dt>{t.account.username}</dt>
          <dd>{me.username}</dd>
          <dt>{t.account.role}</dt>
          <dd>{t.roles[me.role]}</dd>
          <dt>{t.account.since}</dt>
          <dd>{moment(me.created_at)}</dd>
        </dl>
      </section>
      <section class="card" aria-labelledby="password">
        <h2 id="password">{t.account.password}</h2>
        {isDemo(me) ? <p class="quiet">{t.account.demo}</p> : <Password me={me} />}
      </section>
      <section class="card" aria-labelledby="may">
        <h2 id="may">{t.account.may}</h2>
        <ul class="plain-list">
          {me.active_apis.map((one) => (
            <li key={one.action}>
              {labelOf(byAction(one.action)?.slug ?? "")} <Allowed is={one.allowed} />
            </li>
          ))}
        </ul>
      </section>
    </Page>
  );
}

function Allowed({ is }: { is: boolean }) {
  const t = useTexts().account;
  return <span class={`status ${is ? "success" : ""}`}>{is ? t.allowed : t.forbidden}</span>;
}

function Password({ me }: { me: MeOut }) {
  const t = useTexts().account;
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const change = async () => {
    if (next !== again) throw new Problem(422, "differ", t.differ);
    const body = { current_password: current, new_password: next };
    const pair = await ask(() => changePassword({ body })).catch((error: Problem) => {
      throw error.status === 403 ? new Problem(403, "wrong", t.wrong) : error;
    });
    // All sessions ended, this one too: a new one by cookie takes the place of the pair that came.
    await enter(me.email, next);
    await ask(() => logOut({ body: { refresh_token: pair.refresh_token } })).catch(() => undefined);
    tell(t.changed);
  };
  return (
    <Form label={t.password} onSend={change}>
      <Field label={t.current} type="password" autocomplete="current-password" required value={current} onInput={(e) => setCurrent(e.currentTarget.value)} />
      <Field label={t.next} type="password" autocomplete="new-password" required minLength={8} value={next} onInput={(e) => setNext(e.currentTarget.value)} />
      <Field label={t.again} type="password" autocomplete="new-password" required minLength={8} value={again} onInput={(e) => setAgain(e.currentTarget.value)} />
    </Form>
  );
}
