// The interactive reference: every route of the description, searched, opened and tried.
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ask, problemOf } from "../api";
import { logIn } from "../generated/sdk.gen";
import { useCell, useLoaded } from "../state";
import { Button, Field, Form, Wrong } from "../ui/kit";
import { type Description, type Operation, load } from "./description";
import { Route, token } from "./Route";

function Reference() {
  const { value, problem } = useLoaded(load, []);
  const [wanted, setWanted] = useState("");
  useEffect(() => document.getElementById(location.hash.slice(1))?.scrollIntoView(), [value]);
  if (!value) return problem ? <Wrong problem={problem} /> : <p class="quiet">Loading …</p>;
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const found = value.operations.filter((one) => words.every((word) => textOf(one).includes(word)));
  return (
    <>
      <Session />
      <Field label="Search routes" type="search" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
      <p class="quiet" role="status">
        {wanted ? `${found.length} of ${value.operations.length} routes` : ""}
      </p>
      {groups(found).map(([tag, routes]) => (
        <Group key={tag} of={value} tag={tag} routes={routes} isSearched={!!words.length} />
      ))}
    </>
  );
}

const textOf = (one: Operation) =>
  [one.method, one.path, one.tag, one.summary, one.operationId, ...(one.parameters ?? []).map((all) => all.name)].join(" ").toLowerCase();

function groups(operations: Operation[]): [string, Operation[]][] {
  const by = new Map<string, Operation[]>();
  for (const one of operations) by.set(one.tag, [...(by.get(one.tag) ?? []), one]);
  return [...by];
}

/** What is deprecated is folded away until it is looked for. */
function Group({ of, tag, routes, isSearched }: { of: Description; tag: string; routes: Operation[]; isSearched: boolean }) {
  const list = routes.map((one) => <Route key={one.operationId} of={of} operation={one} />);
  const id = `tag-${tag.toLowerCase().replaceAll(" ", "-")}`;
  if (!routes.every((one) => one.deprecated)) {
    return (
      <section aria-labelledby={id}>
        <h2 id={id}>{tag}</h2>
        {list}
      </section>
    );
  }
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{tag}</h2>
      <details class="legacy" open={isSearched}>
        <summary>{routes.length} routes of older versions, for integrations that exist</summary>
        {list}
      </details>
    </section>
  );
}

/** Who calls: the token of a log-in or an API key, for every call that follows. */
function Session() {
  const held = useCell(token);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [key, setKey] = useState("");
  if (held) {
    return (
      <p class="note good session">
        <span role="status">Calls are sent with your token.</span> <Button onClick={() => (token.value = undefined)}>Forget it</Button>
      </p>
    );
  }
  const enter = async () => {
    if (key) token.value = key.trim();
    else if (!email || !password) throw problemOf(422, { detail: "Give an e-mail address and a password, or an API key." });
    else token.value = (await ask(() => logIn({ body: { email, password } }), false)).access_token;
  };
  return (
    <details class="session" open>
      <summary>Log in, to try what needs a token</summary>
      <Form label="Log in" onSend={enter}>
        <Field label="E-mail address" type="email" autocomplete="username" value={email} onInput={(event) => setEmail(event.currentTarget.value)} />
        <Field label="Password" type="password" autocomplete="current-password" value={password} onInput={(event) => setPassword(event.currentTarget.value)} />
        <Field label="Or an API key" type="password" autocomplete="off" value={key} onInput={(event) => setKey(event.currentTarget.value)} />
      </Form>
    </details>
  );
}

render(<Reference />, document.getElementById("reference")!);
