// A request as a person would write it in a shell, in Python and in TypeScript.
import type { Call } from "./call";

export type Snippet = readonly [language: string, text: string];

/** For a shell: nothing in it is read by the shell. */
export const shell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
/** A string of Python and of TypeScript alike. */
export const quoted = (text: string): string => JSON.stringify(text);

/** JSON as Python writes it. */
export function python(value: unknown): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  if (typeof value === "object") return `{${Object.entries(value as object).map(([key, one]) => `${quoted(key)}: ${python(one)}`).join(", ")}}`;
  return typeof value === "string" ? quoted(value) : String(value);
}

const named = (value: string | File) => (typeof value === "string" ? undefined : value.name);

export function snippetsOf(call: Call, base: string): Snippet[] {
  return [
    ["curl", curl(call, base)],
    ["Python", inPython(call, base)],
    ["TypeScript", inTypeScript(call, base)],
  ];
}

function curl(call: Call, base: string): string {
  const lines = [`curl${call.method === "GET" ? "" : ` -X ${call.method}`} ${shell(base + call.path)}`];
  if (call.needsToken) lines.push(`-H "Authorization: Bearer $TOKEN"`);
  for (const [name, value] of Object.entries(call.headers)) lines.push(`-H ${shell(`${name}: ${value}`)}`);
  for (const [name, value] of call.form ?? []) lines.push(`-F ${shell(named(value) ? `${name}=@${named(value)}` : `${name}=${String(value)}`)}`);
  if (call.json !== undefined) lines.push(`-H 'Content-Type: application/json'`, `-d ${shell(call.json)}`);
  return lines.join(" \\\n  ");
}

function inPython(call: Call, base: string): string {
  const lines = [`    ${quoted(call.method)}, ${quoted(base + call.path)},`];
  const headers = Object.entries(call.headers).map(([name, value]) => `${quoted(name)}: ${quoted(value)}`);
  if (call.needsToken) headers.unshift(`"Authorization": f"Bearer {token}"`);
  if (headers.length) lines.push(`    headers={${headers.join(", ")}},`);
  const files = (call.form ?? []).flatMap(([name, value]) => (named(value) ? [`(${quoted(name)}, open(${quoted(named(value)!)}, "rb"))`] : []));
  if (files.length) lines.push(`    files=[${files.join(", ")}],`);
  const fields = grouped(call.form ?? []);
  if (Object.keys(fields).length) lines.push(`    data=${python(fields)},`);
  if (call.json !== undefined) lines.push(`    json=${asPython(call.json)},`);
  return `import httpx\n\nanswer = httpx.request(\n${lines.join("\n")}\n    timeout=60,\n)\nanswer.raise_for_status()`;
}

/** Fields by name; those given more than once as a list. */
export function grouped(form: [string, string | File][]): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {};
  for (const [name, value] of form) {
    if (typeof value !== "string") continue;
    const before = fields[name];
    fields[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return fields;
}

function asPython(json: string): string {
  try {
    return python(JSON.parse(json));
  } catch {
    return json;
  }
}

function inTypeScript(call: Call, base: string): string {
  const before: string[] = [];
  const options = [`  method: ${quoted(call.method)},`];
  const headers = Object.entries(call.headers).map(([name, value]) => `${quoted(name)}: ${quoted(value)}`);
  if (call.needsToken) headers.unshift("Authorization: `Bearer ${token}`");
  if (call.json !== undefined) headers.push(`"Content-Type": "application/json"`);
  if (headers.length) options.push(`  headers: { ${headers.join(", ")} },`);
  if (call.form) {
    if (call.form.some(([, value]) => named(value))) before.push(`import { openAsBlob } from "node:fs";`, "");
    before.push("const body = new FormData();");
    for (const [name, value] of call.form) {
      const file = named(value);
      before.push(file ? `body.append(${quoted(name)}, await openAsBlob(${quoted(file)}), ${quoted(file)});` : `body.append(${quoted(name)}, ${quoted(String(value))});`);
    }
    options.push("  body,");
  }
  if (call.json !== undefined) options.push(`  body: JSON.stringify(${call.json}),`);
  return [...before, `const answer = await fetch(${quoted(base + call.path)}, {`, ...options, "});", "if (!answer.ok) throw new Error(await answer.text());"].join("\n");
}
