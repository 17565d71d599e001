// Many results as one file, packed here: results are compressed already, so they are stored.
import { Zip, ZipPassThrough } from "fflate";
import { resultOf } from "../api";
import type { ConversionOut } from "../generated/types.gen";

/** The ZIP of what could be fetched, and how many could not. */
export async function pack(conversions: ConversionOut[]): Promise<{ zip: Blob; missing: number }> {
  const parts: BlobPart[] = [];
  const zip = new Zip((error, data) => {
    if (error) throw error;
    parts.push(data as BlobPart);
  });
  const taken = new Set<string>();
  let missing = 0;
  for (const one of conversions) {
    try {
      const body = new Uint8Array(await (await resultOf(one)).arrayBuffer());
      const entry = new ZipPassThrough(free(one.output_filename ?? one.conversion_id, taken));
      zip.add(entry);
      entry.push(body, true);
    } catch {
      missing++;
    }
  }
  zip.end();
  return { zip: new Blob(parts, { type: "application/zip" }), missing };
}

function free(name: string, taken: Set<string>): string {
  const plain = name.replaceAll(/[/\\]/g, "_");
  const dot = plain.lastIndexOf(".");
  let unique = plain;
  for (let n = 2; taken.has(unique.toLowerCase()); n++) {
    unique = dot > 0 ? `${plain.slice(0, dot)} (${n})${plain.slice(dot)}` : `${plain} (${n})`;
  }
  taken.add(unique.toLowerCase());
  return unique;
}
