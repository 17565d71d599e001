// The first rows of a workbook, read here: what a person needs to see that the right table came through.
import { strFromU8, unzipSync } from "fflate";

export interface Sheet {
  name: string;
  rows: string[][];
}

export const MOST_ROWS = 30;
const MOST_COLUMNS = 15;
const MOST_SHEETS = 12;
const MOST_BYTES = 60_000_000;

/** The sheets of an .xlsx file. Throws when it is none. */
export async function readWorkbook(blob: Blob): Promise<Sheet[]> {
  const wanted = /^xl\/(workbook|sharedStrings|styles|_rels\/workbook\.xml\.rels|worksheets\/[^/]+)/;
  const files = unzipSync(new Uint8Array(await blob.arrayBuffer()), {
    filter: (one) => wanted.test(one.name) && one.originalSize < MOST_BYTES,
  });
  const xml = (name: string) => {
    const body = files[name];
    return body && new DOMParser().parseFromString(strFromU8(body), "application/xml");
  };
  const book = xml("xl/workbook.xml");
  if (!book) throw new Error("no workbook");
  const strings = [...(xml("xl/sharedStrings.xml")?.getElementsByTagName("si") ?? [])].map(textOf);
  const targets = new Map([...(xml("xl/_rels/workbook.xml.rels")?.getElementsByTagName("Relationship") ?? [])].map((one) => [one.getAttribute("Id"), one.getAttribute("Target") ?? ""]));
  const dates = dateStyles(xml("xl/styles.xml"));
  return [...book.getElementsByTagName("sheet")].slice(0, MOST_SHEETS).map((one) => {
    const target = (targets.get(one.getAttribute("r:id")) ?? "").replace(/^\/?(xl\/)?/, "xl/");
    return { name: one.getAttribute("name") ?? "", rows: rowsOf(xml(target), strings, dates) };
  });
}

function textOf(node: Element): string {
  return [...node.getElementsByTagName("t")].filter((one) => one.parentElement?.tagName !== "rPh").map((one) => one.textContent).join("");
}

function rowsOf(sheet: Document | undefined, strings: string[], dates: Set<number>): string[][] {
  const rows = [...(sheet?.getElementsByTagName("row") ?? [])].slice(0, MOST_ROWS);
  return rows.map((row) => {
    const cells: string[] = [];
    for (const cell of row.getElementsByTagName("c")) {
      const column = columnOf(cell.getAttribute("r") ?? "");
      if (column < MOST_COLUMNS) cells[column] = shown(cell, strings, dates);
    }
    return Array.from(cells, (one) => one ?? "");
  });
}

function shown(cell: Element, strings: string[], dates: Set<number>): string {
  const value = cell.getElementsByTagName("v")[0]?.textContent ?? "";
  const type = cell.getAttribute("t");
  if (type === "s") return strings[Number(value)] ?? "";
  if (type === "inlineStr") return textOf(cell);
  if (type === "b") return value === "1" ? "✓" : "✗";
  if (!type && value && dates.has(Number(cell.getAttribute("s")))) {
    return new Date(Math.round((Number(value) - 25569) * 86_400_000)).toISOString().slice(0, 10);
  }
  return value;
}

function dateStyles(styles: Document | undefined): Set<number> {
  const own = new Map([...(styles?.getElementsByTagName("numFmt") ?? [])].map((one) => [Number(one.getAttribute("numFmtId")), one.getAttribute("formatCode") ?? ""]));
  const isDate = (id: number) => (id >= 14 && id <= 22) || /[dy]/i.test((own.get(id) ?? "").replaceAll(/"[^"]*"|\[[^\]]*\]|\\./g, ""));
  const formats = [...(styles?.getElementsByTagName("cellXfs")[0]?.getElementsByTagName("xf") ?? [])];
  return new Set(formats.flatMap((one, index) => (isDate(Number(one.getAttribute("numFmtId"))) ? [index] : [])));
}

function columnOf(reference: string): number {
  let column = 0;
  for (const letter of reference.replaceAll(/\d/g, "")) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}
