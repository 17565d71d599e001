// The options of a conversion as controls, made from their schemas.
import { type Schema, bySlug } from "../catalogue";
import { options, setOption } from "../convert/selection";
import { labelOf } from "../convert/jobs";
import type { Options } from "../convert/transfer";
import { useCell } from "../state";
import { useLanguage, useTexts } from "../texts";
import { Check, Field, Select } from "../ui/kit";

const PER_FILE = ["pages"];
const MODELS = ["quality", "fast", "fur"];

export function OptionsOf({ slug }: { slug: string }) {
  const t = useTexts();
  const schemas = Object.entries(bySlug(slug).options).filter(([name]) => !PER_FILE.includes(name));
  const own = useCell(options)[slug] ?? {};
  const set = Object.keys(own).length;
  return (
    <details class="options">
      <summary>
        {t.convert.options(labelOf(slug))} {set > 0 && <span class="count">{set}</span>}
      </summary>
      <form class="grid" onSubmit={(event) => event.preventDefault()}>
        {schemas.map(([name, schema]) => (
          <Control key={name} slug={slug} name={name} schema={schema} value={own[name]} />
        ))}
      </form>
    </details>
  );
}

interface ControlProps {
  slug: string;
  name: string;
  schema: Schema;
  value?: Options[string];
}

export function Control({ slug, name, schema, value }: ControlProps) {
  const t = useTexts();
  const [label, help] = t.options[`${slug}.${name}`] ?? t.options[name] ?? [name, schema.description ?? ""];
  const choice = (one: string) => [one, t.values[`${slug}.${name}.${one}`] ?? t.values[one] ?? one] as const;
  const set = (next: Options[string] | undefined) => setOption(slug, name, next === schema.default ? undefined : next);
  if (name === "background") return <Background label={label} help={help} value={value} set={set} />;
  if (name === "language") return <Scans label={label} help={help} codes={schema.items?.enum ?? []} value={value} set={set} />;
  if (name === "model") {
    return <Select label={label} help={help} value={String(value ?? MODELS[0])} choices={MODELS.map(choice)} onPick={(one) => set(one === MODELS[0] ? undefined : one)} />;
  }
  if (schema.enum) {
    return <Select label={label} help={help} value={String(value ?? schema.default)} choices={schema.enum.map(choice)} onPick={set} />;
  }
  if (schema.type === "boolean") return <Check label={label} help={help} checked={value === true} onFlip={set} />;
  if (schema.type === "number" || schema.type === "integer") {
    return (
      <Field
        label={label}
        help={help}
        type="number"
        min={schema.minimum}
        max={schema.maximum}
        value={String(value ?? schema.default ?? "")}
        onInput={(e) => set(e.currentTarget.value === "" ? undefined : Number(e.currentTarget.value))}
      />
    );
  }
  if (schema.type === "array") {
    const list = (text: string) => text.split(",").map((one) => one.trim()).filter(Boolean);
    return <Field label={label} help={help} value={Array.isArray(value) ? value.join(", ") : ""} onChange={(e) => set(list(e.currentTarget.value).length ? list(e.currentTarget.value) : undefined)} />;
  }
  const isSecret = name === "password";
  return <Field label={label} help={help} type={isSecret ? "password" : "text"} autocomplete="off" value={String(value ?? "")} onInput={(e) => set(e.currentTarget.value || undefined)} />;
}

interface Part {
  label: string;
  help: string;
  value?: Options[string];
  set: (next: Options[string] | undefined) => void;
}

function Background({ label, help, value, set }: Part) {
  const t = useTexts().values;
  const colour = typeof value === "string" ? value : undefined;
  return (
    <div class="field">
      <Select
        label={label}
        help={help}
        value={colour ? "colour" : "transparent"}
        choices={[
          ["transparent", t.transparent!],
          ["colour", t.colour!],
        ]}
        onPick={(one) => set(one === "colour" ? "#ffffff" : undefined)}
      />
      {colour && <input type="color" aria-label={`${label}: ${t.colour}`} value={colour} onInput={(e) => set(e.currentTarget.value)} />}
    </div>
  );
}

function Scans({ label, help, codes, value, set }: Part & { codes: string[] }) {
  const names = new Intl.DisplayNames(useLanguage(), { type: "language" });
  const picked = Array.isArray(value) ? value : [];
  const named = codes.map((one) => [one, names.of(one) ?? one] as const).sort((a, b) => a[1].localeCompare(b[1]));
  const flip = (code: string) => {
    const next = picked.includes(code) ? picked.filter((one) => one !== code) : [...picked, code];
    set(next.length ? next : undefined);
  };
  return (
    <div class="field">
      <Select label={label} help={help} value="" choices={[["", "+"], ...named.filter(([one]) => !picked.includes(one))]} disabled={picked.length >= 5} onPick={(one) => one && flip(one)} />
      {!!picked.length && (
        <p class="chips">
          {picked.map((one) => (
            <button type="button" key={one} class="chip" onClick={() => flip(one)}>
              {names.of(one)} <span aria-hidden="true">×</span>
            </button>
          ))}
        </p>
      )}
    </div>
  );
}
