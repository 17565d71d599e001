// The fields of a body, as deep as a reader opens them.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type Description, type Schema, typeOf, unwrap } from "./description";

export function Fields({ of, schema }: { of: Description; schema: Schema }) {
  const { schema: whole } = unwrap(of, schema);
  const inner = whole.items ? unwrap(of, whole.items).schema : whole;
  const fields = Object.entries(inner.properties ?? {});
  if (!fields.length) return <p class="quiet">{typeOf(of, schema)}</p>;
  return (
    <ul class="fields">
      {fields.map(([name, field]) => (
        <Field key={name} of={of} name={name} schema={field} isRequired={!!inner.required?.includes(name)} />
      ))}
    </ul>
  );
}

function Field({ of, name, schema, isRequired }: { of: Description; name: string; schema: Schema; isRequired: boolean }) {
  const { schema: one } = unwrap(of, schema);
  const inner = one.items ? unwrap(of, one.items).schema : one;
  const standing = one.default === undefined || one.default === null ? "" : `; ${JSON.stringify(one.default)} by default`;
  return (
    <li>
      <code>{name}</code>{" "}
      <span class="quiet">
        {inner.properties ? (one.items ? "list of objects" : "object") : typeOf(of, schema)}
        {isRequired ? "" : "; may be left out"}
        {standing}
      </span>
      {(schema.description ?? one.description) && <p>{schema.description ?? one.description}</p>}
      {inner.properties && (
        <Opened title={`Fields of ${name}`}>{() => <Fields of={of} schema={inner} />}</Opened>
      )}
    </li>
  );
}

/** What is made when it is first opened. */
export function Opened({ title, children, opened, id, class: more }: { title: ComponentChildren; children: () => ComponentChildren; opened?: boolean; id?: string; class?: string }) {
  const [isOpen, setOpen] = useState(!!opened);
  const [was, setWas] = useState(!!opened);
  return (
    <details
      id={id}
      class={more}
      open={isOpen}
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
        if (event.currentTarget.open) setWas(true);
      }}
    >
      <summary>{title}</summary>
      {was && children()}
    </details>
  );
}
