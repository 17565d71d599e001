// What this page was given to convert, and what the service says of it: one list, also after coming back.
import { Problem, ask } from "../api";
import { bySlug } from "../catalogue";
import { cancelConversion, deleteConversion, getConversion, listConversions } from "../generated/sdk.gen";
import type { ConversionOut } from "../generated/types.gen";
import { refresh, session } from "../session";
import { Cell, asProblem } from "../state";
import { texts } from "../texts";
import { tell } from "../ui/kit";
import { type Options, send } from "./transfer";

export interface Job {
  id: string;
  name: string;
  slug: string;
  files: File[];
  options: Options;
  state: "queued" | "sending" | "waiting" | "ended" | "failed";
  sent: number;
  tries: number;
  conversion?: ConversionOut;
  problem?: Problem;
  abort: AbortController;
}

/** What this page sent, newest first. */
export const jobs = new Cell<Job[]>([]);
/** What the service has of the last day and this page did not send, newest first. */
export const earlier = new Cell<ConversionOut[]>([]);

const AT_ONCE = 3;
const OVERLOADED = [429, 503];
const MOST_TRIES = 6;
const A_DAY_MS = 86_400_000;
const ONE_BY_ONE = 4;
const PAUSES_MS = [400, 600, 1000, 1500, 2500];
let polling = false;

const changed = () => (jobs.value = [...jobs.value]);
const isOpen = (one: ConversionOut) => one.status === "processing";

// Nothing of one account is on the screen of the next.
session.follow(() => {
  if (session.value.state !== "out") return;
  jobs.value.forEach((one) => one.abort.abort());
  jobs.value = [];
  earlier.value = [];
});

export function start(slug: string, files: File[], options: Options, id: string = crypto.randomUUID()): void {
  const name = files.length > 1 ? `${files[0]!.name} + ${files.length - 1}` : files[0]!.name;
  const job: Job = { id, name, slug, files, options, state: "queued", sent: 0, tries: 0, abort: new AbortController() };
  jobs.value = [job, ...jobs.value];
  work();
}

function work(): void {
  const open = jobs.value.filter((one) => one.state === "sending").length;
  const next = [...jobs.value].reverse().filter((one) => one.state === "queued");
  next.slice(0, Math.max(0, AT_ONCE - open)).forEach((one) => void run(one));
}

async function run(job: Job): Promise<void> {
  job.state = "sending";
  changed();
  try {
    const sent = (share: number) => {
      job.sent = share;
      changed();
    };
    const conversion = await send({ slug: job.slug, files: job.files, options: job.options, key: job.id, signal: job.abort.signal, onSent: sent });
    job.state = "waiting";
    take(job, conversion);
    void refresh();
    void poll();
  } catch (error) {
    const problem = asProblem(error);
    if (OVERLOADED.includes(problem.status) && job.tries++ < MOST_TRIES) {
      // Meanwhile its place among those at once is kept, so that no others run into the same.
      await new Promise((resolve) => setTimeout(resolve, 1000 * (problem.waitS ?? 5)));
      return run(job);
    }
    job.problem = problem;
    job.state = "failed";
    if (job.problem.code === "cancelled") jobs.value = jobs.value.filter((one) => one !== job);
  }
  changed();
  work();
}

function take(job: Job, conversion: ConversionOut): void {
  job.conversion = conversion;
  if (isOpen(conversion) || job.state === "ended") return;
  job.state = "ended";
  const t = texts().convert;
  tell(conversion.status === "success" ? t.finished(job.name) : t.failed(job.name), conversion.status !== "success");
}

/** Take a job off before the service has it. */
export function cancel(job: Job): void {
  if (job.state === "queued") jobs.value = jobs.value.filter((one) => one !== job);
  else job.abort.abort();
}

/** Take back what waits for its turn; an engine that has begun goes on. */
export async function takeBack(conversion: ConversionOut): Promise<void> {
  const path = { conversion_id: conversion.conversion_id };
  const over = await ask(() => cancelConversion({ path })).catch((error) => error as Problem);
  if (over instanceof Problem && over.status !== 409) throw over;
  // Begun with meanwhile, or ended: how it stands is told, and asked for until it has ended.
  const now = over instanceof Problem ? await ask(() => getConversion({ path })) : over;
  const job = jobs.value.find((one) => one.conversion?.conversion_id === now.conversion_id);
  if (over instanceof Problem) tell(texts().convert.begun(conversion.input_filename), true);
  else if (job) job.state = "ended";
  if (job) take(job, now);
  earlier.value = earlier.value.map((one) => (one.conversion_id === now.conversion_id ? now : one));
  changed();
  await refresh();
}

/**
 * The same files again. Under the same key while nobody knows whether the service has them, as after a lost answer: they
 * are never charged twice. What failed was not charged, and needs a new one.
 */
export function retry(job: Job, password?: string): void {
  jobs.value = jobs.value.filter((one) => one !== job);
  const id = job.conversion || password ? undefined : job.id;
  start(job.slug, job.files, password ? { ...job.options, password } : job.options, id);
}

export async function remove(conversion: ConversionOut): Promise<void> {
  await ask(() => deleteConversion({ path: { conversion_id: conversion.conversion_id } }));
  jobs.value = jobs.value.filter((one) => one.conversion?.conversion_id !== conversion.conversion_id);
  earlier.value = earlier.value.filter((one) => one.conversion_id !== conversion.conversion_id);
}

/** How the last day stands: what a closed page had begun is there. */
export async function recall(): Promise<void> {
  const from = new Date(Date.now() - A_DAY_MS).toISOString();
  const page = await ask(() => listConversions({ query: { from, limit: 100 } }));
  const own = new Set(jobs.value.map((one) => one.conversion?.conversion_id));
  earlier.value = page.items.filter((one) => !own.has(one.conversion_id));
  void poll();
}

async function poll(): Promise<void> {
  if (polling) return;
  polling = true;
  try {
    for (let turn = 0; openOnes().length; turn++) {
      await new Promise((resolve) => setTimeout(resolve, PAUSES_MS[Math.min(turn, PAUSES_MS.length - 1)]));
      if (!document.hidden) await look().catch(() => undefined);
    }
  } finally {
    polling = false;
  }
  await refresh().catch(() => undefined);
}

function openOnes(): ConversionOut[] {
  const sent = jobs.value.filter((one) => one.state === "waiting").map((one) => one.conversion!);
  return [...sent, ...earlier.value.filter(isOpen)];
}

async function look(): Promise<void> {
  const open = openOnes();
  const found = open.length <= ONE_BY_ONE ? await each(open) : await together(open);
  for (const one of found) {
    const job = jobs.value.find((held) => held.conversion?.conversion_id === one.conversion_id);
    if (job) take(job, one);
  }
  const by = new Map(found.map((one) => [one.conversion_id, one]));
  earlier.value = earlier.value.map((one) => by.get(one.conversion_id) ?? one);
  changed();
}

async function each(open: ConversionOut[]): Promise<ConversionOut[]> {
  const asked = open.map((one) => ask(() => getConversion({ path: { conversion_id: one.conversion_id } })).catch(() => one));
  return Promise.all(asked);
}

async function together(open: ConversionOut[]): Promise<ConversionOut[]> {
  const oldest = open.map((one) => one.created_at).sort()[0]!;
  const page = await ask(() => listConversions({ query: { from: oldest, limit: 200 } }));
  const listed = new Set(page.items.map((one) => one.conversion_id));
  // The list may lag behind by a moment, and end before the oldest.
  const rest = await each(open.filter((one) => !listed.has(one.conversion_id)).slice(0, ONE_BY_ONE));
  return [...page.items, ...rest];
}

/** How many of one's own stand before a conversion that no engine has begun with. */
export function before(conversion: ConversionOut): number {
  return openOnes().filter((one) => one.conversion_id < conversion.conversion_id).length;
}

/** Whether closing the page now would lose something. */
export function isSending(): boolean {
  return jobs.value.some((one) => one.state === "sending" || one.state === "queued");
}

export const labelOf = (slug: string): string => texts().slugs[slug] ?? bySlug(slug).label;

addEventListener("beforeunload", (event) => {
  if (isSending()) event.preventDefault();
});
