// Sends files: in the request when they are small, else to the bucket first; tells how much is sent.
import { BASE, accessToken, ask, problemOf, Problem } from "../api";
import { createUpload } from "../generated/sdk.gen";
import type { ConversionOut } from "../generated/types.gen";

export type Options = Record<string, string | string[] | number | boolean>;
export interface Sending {
  slug: string;
  files: File[];
  options: Options;
  key: string;
  signal: AbortSignal;
  onSent: (share: number) => void;
}

const IN_THE_REQUEST = 3_500_000;
/** Bytes: below what a gateway and a function carry, with the form around it. */

/** Start a conversion. Throws Problem; the same key never starts or costs two. */
export async function send(job: Sending): Promise<ConversionOut> {
  const total = job.files.reduce((sum, one) => sum + one.size, 0);
  return total <= IN_THE_REQUEST ? sendForm(job) : sendUploads(job, total);
}

async function sendForm(job: Sending): Promise<ConversionOut> {
  const form = new FormData();
  for (const [name, value] of Object.entries(job.options)) {
    for (const one of Array.isArray(value) ? value : [value]) form.append(name, String(one));
  }
  for (const file of job.files) form.append("file", file, file.name);
  return convert(job, form, job.onSent);
}

async function sendUploads(job: Sending, total: number): Promise<ConversionOut> {
  const ids: string[] = [];
  let before = 0;
  for (const file of job.files) {
    const room = await ask(() => createUpload({ body: { filename: file.name, size: file.size } }));
    if (!("fields" in room)) throw new Problem(0, "broken", "");
    const form = new FormData();
    for (const [name, value] of Object.entries(room.fields)) form.append(name, value);
    form.append("file", file);
    await post(room.url, form, {}, job.signal, (sent) => job.onSent(Math.min(1, (before + sent) / total)));
    before += file.size;
    ids.push(room.upload_id);
  }
  const which = job.files.length > 1 ? { upload_ids: ids } : { upload_id: ids[0] };
  return convert(job, JSON.stringify({ ...which, ...job.options }), () => undefined);
}

async function convert(job: Sending, body: FormData | string, onSent: (share: number) => void): Promise<ConversionOut> {
  const headers: Record<string, string> = {
    Authorization: `Bearer ${await accessToken()}`,
    "Idempotency-Key": job.key,
    Prefer: "respond-async",
  };
  if (typeof body === "string") headers["Content-Type"] = "application/json";
  const total = job.files.reduce((sum, one) => sum + one.size, 0) || 1;
  const url = `${BASE}/api/v3/conversions/${job.slug}`;
  const answer = await post(url, body, headers, job.signal, (sent) => onSent(Math.min(1, sent / total)));
  return JSON.parse(answer) as ConversionOut;
}

function post(url: string, body: FormData | string, headers: Record<string, string>, signal: AbortSignal, onSent: (bytes: number) => void): Promise<string> {
  // fetch tells nothing of how much was sent.
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new Problem(0, "cancelled", ""));
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal.addEventListener("abort", abort);
    request.upload.onprogress = (event) => onSent(event.loaded);
    request.onloadend = () => {
      signal.removeEventListener("abort", abort);
      if (request.status >= 200 && request.status < 300) return resolve(request.responseText);
      reject(signal.aborted ? new Problem(0, "cancelled", "") : refusal(request));
    };
    request.open("POST", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.send(body);
  });
}

function refusal(request: XMLHttpRequest): Problem {
  if (!request.status) return new Problem(0, "offline", "");
  let problem = problemOf(request.status, null);
  try {
    problem = problemOf(request.status, JSON.parse(request.responseText));
  } catch {
    // The bucket speaks XML; its status says enough.
  }
  problem.waitS = Number(request.getResponseHeader("Retry-After")) || undefined;
  return problem;
}
