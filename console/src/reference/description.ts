// The service's own description (OpenAPI 3.1), as far as the reference shows it.
import { BASE, problemOf } from "../api";

export interface Schema {
  $ref?: string;
  type?: string | string[];
  title?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  default?: unknown;
  format?: string;
  contentMediaType?: string;
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  description?: string;
  schema: Schema;
}

export interface Media {
  schema?: Schema;
  example?: unknown;
}

export interface Outcome {
  description: string;
  headers?: Record<string, unknown>;
  content?: Record<string, Media>;
}

interface Told {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, Outcome>;
  security?: unknown[];
  deprecated?: boolean;
  "x-conversion"?: { accepts: string[]; many: boolean };
}

export interface Operation extends Told {
  method: string;
  path: string;
  tag: string;
}

export interface Description {
  info: { title: string; version: string };
  operations: Operation[];
  schemas: Record<string, Schema>;
}

interface Raw {
  info: Description["info"];
  paths: Record<string, Record<string, Told>>;
  components: { schemas: Record<string, Schema> };
}

export async function load(): Promise<Description> {
  const answer = await fetch(`${BASE}/openapi.json`);
  if (!answer.ok) throw problemOf(answer.status, null);
  const raw = (await answer.json()) as Raw;
  const operations = Object.entries(raw.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, told]) => ({ ...told, method: method.toUpperCase(), path, tag: told.tags[0] ?? "" })),
  );
  return { info: raw.info, operations, schemas: raw.components.schemas };
}

/** What a reference stands for. */
export function resolve(of: Description, schema: Schema): Schema {
  const found = schema.$ref && of.schemas[schema.$ref.split("/").pop()!];
  return found ? { ...found, ...(schema.description ? { description: schema.description } : {}) } : schema;
}

/** The schema beside null, and whether null may be there. */
export function unwrap(of: Description, schema: Schema): { schema: Schema; orNull: boolean } {
  const whole = resolve(of, schema);
  const parts = whole.anyOf ?? whole.oneOf;
  if (!parts) return { schema: whole, orNull: false };
  const some = parts.filter((one) => one.type !== "null");
  const orNull = some.length < parts.length;
  if (some.length !== 1) return { schema: whole, orNull };
  const { anyOf: _, ...rest } = whole;
  return { schema: { ...resolve(of, some[0]!), ...rest }, orNull };
}

/** A type in words. */
export function typeOf(of: Description, schema: Schema): string {
  const { schema: one, orNull } = unwrap(of, schema);
  const end = orNull ? " or null" : "";
  if (one.enum) return one.enum.map(String).join(" / ") + end;
  if (one.items) return `list of ${typeOf(of, one.items)}${end}`;
  const parts = one.anyOf ?? one.oneOf;
  if (parts) return parts.filter((part) => part.type !== "null").map((part) => typeOf(of, part)).join(" or ") + end;
  if (isFile(one)) return "file";
  const type = Array.isArray(one.type) ? one.type.join(" or ") : (one.type ?? "anything");
  return (one.format === "date-time" ? "time" : type) + end;
}

export const isFile = (schema: Schema): boolean => schema.format === "binary" || schema.contentMediaType === "application/octet-stream";

/** The media types of a request's body, the form of files first. */
export const bodiesOf = (operation: Operation): string[] => Object.keys(operation.requestBody?.content ?? {});
