// What somebody writes over the generated TypeScript client: log in, convert a file and an upload, download.
import { readFile, writeFile } from "node:fs/promises";
import { client } from "./client/client.gen.js";
import {
  convertPdfToWord,
  createUpload,
  downloadResult,
  getBalance,
  getConversion,
  logIn,
  removePagesFromPdfByUpload,
} from "./client/sdk.gen.js";
import type { ConversionOut } from "./client/types.gen.js";

const [baseUrl, email, password] = process.argv.slice(2) as [string, string, string];

/** The conversion when it has ended: an answer may be a 202. */
async function finished(conversion: ConversionOut): Promise<ConversionOut> {
  let last = conversion;
  while (last.status === "processing") {
    const headers = { Prefer: "wait=20" };
    last = (await getConversion({ path: { conversion_id: last.conversion_id }, headers, throwOnError: true })).data;
  }
  if (last.status !== "success") throw new Error(last.error?.detail);
  return last;
}

/** The result as a file in the working directory. */
async function save(conversion: ConversionOut, name: string): Promise<void> {
  const asked = { path: { conversion_id: conversion.conversion_id }, query: { redirect: false } };
  const { data } = await downloadResult({ ...asked, throwOnError: true });
  await writeFile(name, Buffer.from(await (await fetch(data.url)).arrayBuffer()));
}

client.setConfig({ baseUrl });
const { data: tokens } = await logIn({ body: { email, password }, throwOnError: true });
client.setConfig({ baseUrl, auth: () => tokens.access_token });
const document = new File([await readFile("document.pdf")], "document.pdf");

const form = { file: document, pages: "1", ocr: "off" } as const;
await save(await finished((await convertPdfToWord({ body: form, throwOnError: true })).data), "typescript.docx");

const { data: room } = await createUpload({ body: { filename: document.name, size: document.size }, throwOnError: true });
if (!("fields" in room)) throw new Error("a form was asked for");
const sent = new FormData();
for (const [name, value] of Object.entries(room.fields)) sent.append(name, value);
sent.append("file", document);
if (!(await fetch(room.url, { method: "POST", body: sent })).ok) throw new Error("the bucket refused the form");
const order = { upload_id: room.upload_id, pages: "1" };
const { data: begun } = await removePagesFromPdfByUpload({ body: order, throwOnError: true });
await save(await finished(begun), "typescript.pdf");

const { error: refusal } = await convertPdfToWord({ body: { file: new File(["no PDF"], "document.pdf") } });
const { data: left } = await getBalance({ throwOnError: true });
console.log(refusal?.status, left.balance);
