// The first rows of a CSV file, read as a spreadsheet reads them.
const FIRST_BYTES = 40_000;
const MOST_ROWS = 30;
const SEPARATORS = [",", ";", "\t"];

export async function readCsv(file: Blob): Promise<string[][]> {
  const text = decoded(new Uint8Array(await file.slice(0, FIRST_BYTES).arrayBuffer()));
  const whole = file.size > FIRST_BYTES ? text.slice(0, text.lastIndexOf("\n")) : text;
  return rowsOf(whole, separatorOf(whole)).slice(0, MOST_ROWS);
}

/** UTF-8, or UTF-16 by its mark; what is neither is from an office program of the West. */
function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    // A character that the cut went through is no error.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** The one that is most often in the first line, outside of quotes. */
function separatorOf(text: string): string {
  const line = text.split(/\r?\n/, 1)[0]!.replace(/"[^"]*"/g, "");
  const count = (one: string) => line.split(one).length;
  return SEPARATORS.reduce((best, one) => (count(one) > count(best) ? one : best));
}

function rowsOf(text: string, separator: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let isQuoted = false;
  const end = () => (rows.at(-1)!.push(cell), (cell = ""));
  for (let at = 0; at < text.length; at++) {
    const one = text[at]!;
    if (isQuoted) {
      if (one !== '"') cell += one;
      else if (text[at + 1] === '"') cell += text[++at];
      else isQuoted = false;
    } else if (one === '"' && !cell) isQuoted = true;
    else if (one === separator) end();
    else if (one === "\n") end(), rows.push([]);
    else if (one !== "\r") cell += one;
  }
  if (cell || rows.at(-1)!.length) end();
  else rows.pop();
  return rows;
}
