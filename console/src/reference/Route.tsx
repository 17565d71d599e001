// One route: what it takes, a form to try it with, and what it answers.
import { useEffect, useState } from "preact/hooks";
import { BASE } from "../api";
import { asProblem, Cell, useCell } from "../state";
import { Button, Field, Select, sentence } from "../ui/kit";
import { Came as CameView } from "./Came";
import { Fields, Opened } from "./Fields";
import { Snippets } from "./Snippets";
import { type Call, type Came, type Saved, type Values, callOf, ended, fieldsOf, fileOf, send, takesFile } from "./call";
import { type Description, type Operation, type Schema, bodiesOf, unwrap } from "./description";
import { snippetsOf } from "./snippets";

/** Of the log-in, or a key: in memory, for every call that follows. */
export const token = new Cell<string | undefined>(undefined);

export function Route({ of, operation }: { of: Description; operation: Operation }) {
  const opened = location.hash.slice(1) === operation.operationId;
  const title = (
    <>
      <span class={`method ${operation.method.toLowerCase()}`}>{operation.method}</span> <code class="path">{operation.path}</code>{" "}
      <span class="says">{operation.summary}</span>
    </>
  );
  return (
    <Opened id={operation.operationId} class="route" title={title} opened={opened}>
      {() => <Opening of={of} operation={operation} />}
    </Opened>
  );
}

function Opening({ of, operation }: { of: Description; operation: Operation }) {
  return (
    <div class="route-in">
      {operation.description && <p>{operation.description}</p>}
      <Trial of={of} operation={operation} />
      <h3>Answers</h3>
      {Object.entries(operation.responses).map(([status, outcome]) => {
        const [type, media] = Object.entries(outcome.content ?? {}).find(([one]) => /json/.test(one)) ?? [];
        const shown = Number(status) < 400 && media;
        return shown ? (
          <Opened key={status} title={`${status}: ${outcome.description}`} class="outcome">
            {() => (
              <>
                <p class="quiet">{Object.keys(outcome.content ?? {}).join(", ")}</p>
                {media.schema && <Fields of={of} schema={media.schema} />}
                {media.example !== undefined && <Example title={`Example of ${status}, ${type}`} text={JSON.stringify(media.example, null, 2)} />}
              </>
            )}
          </Opened>
        ) : (
          <p key={status} class="outcome">
            {status}: {outcome.description}
          </p>
        );
      })}
    </div>
  );
}

const Example = ({ title, text }: { title: string; text: string }) => (
  <pre tabIndex={0} role="region" aria-label={title}>
    {text}
  </pre>
);

function Trial({ of, operation }: { of: Description; operation: Operation }) {
  const kinds = bodiesOf(operation);
  const [media, setMedia] = useState(kinds[0]);
  const [values, setValues] = useState<Values>(() => ({ json: exampleOf(operation) }));
  const set = (name: string) => (value: string | File[]) => setValues((old) => ({ ...old, [name]: value }));
  const call = callOf(of, operation, values, media);
  return (
    <>
      <Asked of={of} operation={operation} call={call}>
        {(operation.parameters ?? []).map((one) => (
          <Control key={one.name} name={one.name} schema={{ ...unwrap(of, one.schema).schema, description: one.description ?? one.schema.description }} isRequired={one.required} set={set(`${one.in}:${one.name}`)} />
        ))}
        {kinds.length > 1 && <Select label="Body" value={media!} choices={kinds.map((one) => [one, one] as const)} onPick={setMedia} />}
        {media === "multipart/form-data" &&
          fieldsOf(of, operation).map(([name, schema]) => (
            <Control key={name} name={name} schema={schema} isRequired={takesFile(schema)} set={set(`form:${name}`)} accepts={operation["x-conversion"]?.accepts} />
          ))}
        {media === "application/json" && <Json value={String(values.json)} set={set("json")} />}
      </Asked>
      {media === "application/json" && operation.requestBody?.content[media]?.schema && (
        <Opened title="Fields of the body">{() => <Fields of={of} schema={operation.requestBody!.content[media]!.schema!} />}</Opened>
      )}
      <Snippets label="As a program sends it" all={snippetsOf(withFile(of, operation, call), BASE)} />
    </>
  );
}

const exampleOf = (operation: Operation) => JSON.stringify(operation.requestBody?.content["application/json"]?.example ?? {}, null, 2);

/** Before a file is chosen, the examples name one. */
function withFile(of: Description, operation: Operation, call: Call): Call {
  const field = call.form && fieldsOf(of, operation).find(([, one]) => takesFile(one))?.[0];
  if (!field || call.form!.some(([, value]) => typeof value !== "string")) return call;
  return { ...call, form: [[field, new File([], `document.${operation["x-conversion"]?.accepts[0] ?? "pdf"}`)], ...call.form!] };
}

function Asked({ operation, call, children }: { of: Description; operation: Operation; call: Call; children: preact.ComponentChildren }) {
  const held = useCell(token);
  const [busy, setBusy] = useState(false);
  const [came, setCame] = useState<Came>();
  const [saved, setSaved] = useState<Saved>();
  const [wrong, setWrong] = useState("");
  useEffect(() => () => void (saved?.href.startsWith("blob:") && URL.revokeObjectURL(saved.href)), [saved]);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setWrong("");
    setSaved(undefined);
    try {
      const first = await send(asksForAddress(operation, call), held);
      setCame(first);
      const given = (first.body as { access_token?: unknown } | undefined)?.access_token;
      if (typeof given === "string") token.value = given;
      setSaved(await fileOf(await ended(first, held, setCame), held));
    } catch (error) {
      setWrong(sentence(asProblem(error)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="try" onSubmit={submit}>
      {children}
      <p class="actions">
        <Button kind="main" type="submit" disabled={busy} aria-busy={busy}>
          Send
        </Button>
        {call.needsToken && !held && <span class="quiet">Log in above first.</span>}
      </p>
      <div aria-live="polite">
        {wrong && <p class="note bad">{wrong}</p>}
        {saved && (
          <p class="note good">
            <a class="save" href={saved.href} download={saved.name}>
              Save {saved.name}
            </a>
          </p>
        )}
        {came && <CameView came={came} />}
      </div>
    </form>
  );
}

/** A file lies with the bucket: this page asks where, and offers to save it. */
function asksForAddress(operation: Operation, call: Call): Call {
  const may = operation.parameters?.some((one) => one.name === "redirect");
  if (!may || /[?&]redirect=/.test(call.path)) return call;
  return { ...call, path: `${call.path}${call.path.includes("?") ? "&" : "?"}redirect=false` };
}

interface ControlProps {
  name: string;
  schema: Schema;
  isRequired: boolean;
  set: (value: string | File[]) => void;
  accepts?: string[];
}

function Control({ name, schema, isRequired, set, accepts }: ControlProps) {
  const [value, setValue] = useState("");
  const put = (next: string) => (setValue(next), set(next));
  const help = schema.description;
  if (takesFile(schema)) return <Files name={name} many={!!schema.items} accepts={accepts} set={set} />;
  const choices = schema.type === "boolean" ? ["true", "false"] : schema.enum?.map(String);
  if (choices) {
    const standing = schema.default === undefined || schema.default === null ? "" : `(${String(schema.default)})`;
    return <Select label={name} help={help} value={value} choices={[["", standing], ...choices.map((one) => [one, one] as const)]} onPick={put} />;
  }
  const standing = schema.default === undefined || schema.default === null ? "" : `${JSON.stringify(schema.default)} by default. `;
  const type = name === "password" ? "password" : "text";
  return <Field label={name} help={standing + (help ?? "") || undefined} type={type} autocomplete="off" required={isRequired} value={value} onInput={(event) => put(event.currentTarget.value)} />;
}

function Files({ name, many, accepts, set }: { name: string; many: boolean; accepts?: string[]; set: (files: File[]) => void }) {
  return (
    <div class="field">
      <label>
        {name}
        <input type="file" multiple={many} required onChange={(event) => set([...(event.currentTarget.files ?? [])])} />
      </label>
      {accepts && <p class="help">{accepts.join(", ")}</p>}
    </div>
  );
}

function Json({ value, set }: { value: string; set: (text: string) => void }) {
  return (
    <div class="field wide">
      <label>
        Body, as JSON
        <textarea rows={Math.min(14, value.split("\n").length + 1)} spellcheck={false} value={value} onInput={(event) => set(event.currentTarget.value)} />
      </label>
    </div>
  );
}
