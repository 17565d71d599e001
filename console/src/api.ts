// The public API as this page calls it: the token is in memory, the refresh token in a cookie that no script can read.
import { client } from "./generated/client.gen";
import { endSession, openSession, renewAccess } from "./generated/sdk.gen";
import type { ConversionOut, ProblemOut, SessionOut } from "./generated/types.gen";

/** Where all paths begin: under a stage's prefix, too. */
export const BASE = new URL(document.documentElement.dataset.root ?? "./", location.href).href.replace(/\/$/, "");

const EARLY_MS = 60_000;
let token: string | undefined;
let goodUntil = 0;
let renewing: Promise<string | undefined> | undefined;
const listeners = new Set<() => void>();

/** An answer that is none: RFC 9457, or what stands for it where nothing came. */
export class Problem extends Error {
  /** After how many seconds another try makes sense, where the service said so. */
  waitS?: number;

  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly body: Partial<ProblemOut> = {},
  ) {
    super(detail);
  }
}

export function problemOf(status: number, body: unknown): Problem {
  const known = (body && typeof body === "object" ? body : {}) as Partial<ProblemOut>;
  const fields = (known.errors ?? []).map((one) => `${one.loc.slice(1).join(" ")}: ${one.msg}`);
  const detail = fields.length ? fields.join("; ") : (known.detail ?? "");
  return new Problem(status, known.type?.split("/").pop() ?? "", detail, known);
}

function hold(session: SessionOut): string {
  token = session.access_token;
  goodUntil = Date.now() + session.expires_in * 1000 - EARLY_MS;
  return token;
}

function forget(): void {
  token = undefined;
  goodUntil = 0;
}

/** The access token, renewed before it ends; undefined when the session is over. */
export async function accessToken(): Promise<string | undefined> {
  if (token && Date.now() < goodUntil) return token;
  renewing ??= renew().finally(() => (renewing = undefined));
  return renewing;
}

async function renew(): Promise<string | undefined> {
  const { data, response } = await renewAccess();
  if (data) return hold(data);
  if (response?.status === 401) over();
  return undefined;
}

/** Whether there is a session already: on coming back to the page. */
export async function resume(): Promise<boolean> {
  return (await accessToken()) !== undefined;
}

export async function logIn(email: string, password: string): Promise<void> {
  hold(await ask(() => openSession({ body: { email, password } }), false));
}

export async function logOut(): Promise<void> {
  await endSession();
  over();
}

export function onSessionOver(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function over(): void {
  forget();
  listeners.forEach((one) => one());
}

type Result<T> = { data?: T; error?: unknown; response?: Response };

/** The body of an answer. Throws Problem; a token that was revoked meanwhile ends the session. */
export async function ask<T>(send: () => Promise<Result<T>>, again = true): Promise<T> {
  let result: Result<T>;
  try {
    result = await send();
  } catch {
    throw new Problem(0, "offline", "");
  }
  const status = result.response?.status ?? 0;
  if (result.response?.ok) return result.data as T;
  if (status === 401 && again) {
    forget();
    if (await accessToken()) return ask(send, false);
  }
  throw status ? problemOf(status, result.error) : new Problem(0, "offline", "");
}

/** A request that no generated function makes: other media types. */
export async function fetchText(path: string, accept: string): Promise<string> {
  const answer = await fetch(`${BASE}${path}`, {
    headers: { Authorization: `Bearer ${await accessToken()}`, Accept: accept },
  });
  if (!answer.ok) throw problemOf(answer.status, await answer.json().catch(() => null));
  return answer.text();
}

/** The file of a conversion that succeeded, from the bucket. */
export async function resultOf(conversion: ConversionOut): Promise<Blob> {
  const answer = await fetch((await placeOf(conversion.conversion_id)).url);
  if (!answer.ok) throw problemOf(answer.status, null);
  return answer.blob();
}

export async function placeOf(id: string, what = "conversions"): Promise<{ url: string }> {
  const path = `/api/v3/${what}/${encodeURIComponent(id)}/download?redirect=false`;
  return JSON.parse(await fetchText(path, "application/json")) as { url: string };
}

client.setConfig({ baseUrl: BASE, auth: (one) => (one.scheme === "bearer" ? accessToken() : undefined), credentials: "same-origin" });
