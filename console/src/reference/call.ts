// A request of the reference: made of what is filled in, sent, and what came.
import { BASE } from "../api";
import { type Description, type Operation, isFile, resolve, unwrap } from "./description";

export type Values = Record<string, string | File[]>;

/** A request as the examples and the sending need it. Files are named where none is chosen yet. */
export interface Call {
  method: string;
  path: string;
  headers: Record<string, string>;
  form?: [string, string | File][];
  json?: string;
  needsToken: boolean;
}

export interface Came {
  status: number;
  reason: string;
  headers: [string, string][];
  body?: unknown;
  text?: string;
  blob?: Blob;
  name?: string;
}

const text = (value: Values[string] | undefined) => (typeof value === "string" ? value : "");

export function callOf(of: Description, operation: Operation, values: Values, media?: string): Call {
  const query = new URLSearchParams();
  const headers: Record<string, string> = {};
  let path = operation.path;
  for (const one of operation.parameters ?? []) {
    const value = text(values[`${one.in}:${one.name}`]);
    if (one.in === "path") path = path.replace(`{${one.name}}`, value ? encodeURIComponent(value) : `{${one.name}}`);
    else if (value && one.in === "query") query.set(one.name, value);
    else if (value) headers[one.name] = value;
  }
  const asked = query.toString();
  const call: Call = { method: operation.method, path: path + (asked && `?${asked}`), headers, needsToken: !!operation.security?.length };
  if (media === "multipart/form-data") call.form = formOf(of, operation, values);
  else if (media) call.json = text(values.json);
  return call;
}

function formOf(of: Description, operation: Operation, values: Values): [string, string | File][] {
  const form: [string, string | File][] = [];
  for (const [name, field] of fieldsOf(of, operation)) {
    const value = values[`form:${name}`];
    if (Array.isArray(value)) form.push(...value.map((file) => [name, file] as [string, File]));
    else if (value && field.items) form.push(...value.split(",").map((one) => [name, one.trim()] as [string, string]));
    else if (value) form.push([name, value]);
  }
  return form;
}

/** The fields of a form, and what each takes. */
export function fieldsOf(of: Description, operation: Operation) {
  const schema = resolve(of, operation.requestBody?.content["multipart/form-data"]?.schema ?? {});
  return Object.entries(schema.properties ?? {}).map(([name, one]) => [name, unwrap(of, one).schema] as const);
}

export const takesFile = (field: { items?: object } & object): boolean => isFile(field) || (!!field.items && isFile(field.items));

export async function send(call: Call, token: string | undefined): Promise<Came> {
  const headers: Record<string, string> = { ...call.headers };
  if (token && call.needsToken) headers.Authorization = `Bearer ${token}`;
  let body: FormData | string | undefined;
  if (call.form) {
    body = new FormData();
    for (const [name, value] of call.form) {
      if (typeof value === "string") body.append(name, value);
      else body.append(name, value, value.name);
    }
  } else if (call.json !== undefined) {
    headers["Content-Type"] = "application/json";
    body = call.json;
  }
  return read(await fetch(BASE + call.path, { method: call.method, headers, body }));
}

async function read(answer: Response): Promise<Came> {
  const came: Came = { status: answer.status, reason: answer.statusText, headers: [...answer.headers] };
  const type = answer.headers.get("Content-Type") ?? "";
  if (/json/.test(type)) came.body = await answer.json();
  else if (/^text\//.test(type)) came.text = await answer.text();
  else if (answer.status !== 204) came.blob = await answer.blob();
  return came;
}

export interface Saved {
  name: string;
  href: string;
}

const field = (body: unknown, name: string) => (body as Record<string, unknown> | undefined)?.[name];

/** Ask until a conversion that is under way has ended. */
export async function ended(came: Came, token: string | undefined, show: (came: Came) => void): Promise<Came> {
  const id = field(came.body, "conversion_id");
  while (field(came.body, "status") === "processing" && typeof id === "string") {
    const call = { method: "GET", path: `/api/v3/conversions/${id}`, headers: { Prefer: "wait=20" }, needsToken: true };
    came = await send(call, token);
    show(came);
  }
  return came;
}

/** The file that an answer leads to: at an address for a short while, or in the answer. */
export async function fileOf(came: Came, token: string | undefined): Promise<Saved | undefined> {
  if (came.blob) return { name: came.name ?? "file", href: URL.createObjectURL(came.blob) };
  const url = field(came.body, "url");
  if (typeof url === "string" && field(came.body, "expires_at") && !field(came.body, "fields")) return { name: nameIn(url), href: url };
  const address = field(came.body, "download_url");
  if (came.status >= 300 || typeof address !== "string") return undefined;
  // The address is the service's public one; this page asks where it came from.
  const path = address.slice(address.indexOf("/api/v"));
  const name = field(came.body, "output_filename") ?? field(came.body, "filename");
  const isCurrent = path.startsWith("/api/v3/");
  const found = await send({ method: "GET", path: isCurrent ? `${path}?redirect=false` : path, headers: {}, needsToken: true }, token);
  const saved = found.status === 200 ? await fileOf(found, token) : undefined;
  return saved && typeof name === "string" ? { ...saved, name } : saved;
}

/** A bucket's address tells under which name it serves the file. */
function nameIn(url: string): string {
  const told = new URL(url).searchParams.get("response-content-disposition") ?? "";
  const name = /filename\*=UTF-8''([^;]+)/i.exec(told)?.[1] ?? /filename="?([^";]+)/i.exec(told)?.[1];
  return name ? decodeURIComponent(name) : "the file";
}
