// A conversion with its options as a program orders it, waits for it and saves what came.
import type { Conversion } from "../catalogue";
import type { Options } from "../convert/transfer";
import { type Snippet, grouped, python, quoted, shell } from "../reference/snippets";

/** A password is not shown: whoever copies it puts it there. */
const SECRET = "password";

export function orders(spec: Conversion, chosen: Options, base: string): Snippet[] {
  const pairs = Object.entries(chosen).flatMap(([name, value]) => {
    const given = name === SECRET ? "…" : value;
    return (Array.isArray(given) ? given : [given]).map((one) => [name, String(one)] as [string, string]);
  });
  const file = `document.${spec.accepts[0]}`;
  const path = `/api/v3/conversions/${spec.slug}`;
  return [
    ["curl", curl(base + path, file, pairs)],
    ["Python", inPython(base, path, file, pairs)],
    ["TypeScript", inTypeScript(base + path, file, pairs)],
    ["Command", command(spec.slug, file, pairs)],
  ];
}

function curl(address: string, file: string, pairs: [string, string][]): string {
  const fields = pairs.map(([name, value]) => `  -F ${shell(`${name}=${value}`)} \\\n`).join("");
  return `# TOKEN is an access token or an API key
CONVERSION=$(curl -s ${shell(address)} \\
  -H "Authorization: Bearer $TOKEN" \\
${fields}  -F ${shell(`file=@${file}`)})

curl -LOJ -H "Authorization: Bearer $TOKEN" "$(echo "$CONVERSION" | jq -r .download_url)"`;
}

function inPython(base: string, path: string, file: string, pairs: [string, string][]): string {
  const data = pairs.length ? `data=${python(grouped(pairs))}, ` : "";
  return `import os

import httpx

headers = {"Authorization": f"Bearer {os.environ['TOKEN']}"}  # an access token or an API key
with httpx.Client(base_url=${quoted(base)}, headers=headers, timeout=60, follow_redirects=True) as api:
    with open(${quoted(file)}, "rb") as file:
        answer = api.post(${quoted(path)}, ${data}files={"file": file})
    conversion = answer.raise_for_status().json()
    while conversion["status"] == "processing":
        address = f"/api/v3/conversions/{conversion['conversion_id']}"
        conversion = api.get(address, headers={"Prefer": "wait=20"}).raise_for_status().json()
    result = api.get(conversion["download_url"]).raise_for_status()
    with open(conversion["output_filename"], "wb") as file:
        file.write(result.content)`;
}

function inTypeScript(address: string, file: string, pairs: [string, string][]): string {
  const fields = pairs.map(([name, value]) => `body.append(${quoted(name)}, ${quoted(value)});\n`).join("");
  const at = quoted(address.slice(0, address.lastIndexOf("/")) + "/");
  return `import { openAsBlob } from "node:fs";
import { writeFile } from "node:fs/promises";

const headers = { Authorization: \`Bearer \${process.env.TOKEN}\` }; // an access token or an API key
const body = new FormData();
${fields}body.append("file", await openAsBlob(${quoted(file)}), ${quoted(file)});
let answer = await fetch(${quoted(address)}, { method: "POST", headers, body });
if (!answer.ok) throw new Error(await answer.text());
let conversion = await answer.json();
while (conversion.status === "processing") {
  answer = await fetch(${at} + conversion.conversion_id, { headers: { ...headers, Prefer: "wait=20" } });
  conversion = await answer.json();
}
const result = await fetch(conversion.download_url, { headers });
if (!result.ok) throw new Error(await result.text());
await writeFile(conversion.output_filename, Buffer.from(await result.arrayBuffer()));`;
}

function command(slug: string, file: string, pairs: [string, string][]): string {
  const joined = Object.entries(grouped(pairs)).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : value] as const);
  const more = joined.map(([name, value]) => ` \\\n  --option ${shell(`${name}=${value}`)}`).join("");
  return `convertpro convert ${file} --to ${slug}${more}`;
}
