// The files that were chosen and not sent yet, what each shall become, and with which options.
import { type Conversion, bySlug, forKind, kindOf } from "../catalogue";
import { session } from "../session";
import { Cell } from "../state";
import type { Options } from "./transfer";

export interface Chosen {
  id: string;
  file: File;
  kind: string;
  slug?: string;
  pages?: string;
  password?: string;
}

export const chosen = new Cell<Chosen[]>([]);
/** Options of each conversion, for all its files. */
export const options = new Cell<Record<string, Options>>({});
/** Whether pictures become one PDF. */
export const joined = new Cell(true);

session.follow(() => {
  if (session.value.state !== "out") return;
  chosen.value = [];
  options.value = {};
});

const LITTER = /^(\.|~\$|Thumbs\.db$|desktop\.ini$)/;

export function add(files: Iterable<File>, allowed: (one: Conversion) => boolean): void {
  const more = [...files]
    .filter((file) => !LITTER.test(file.name))
    .map((file) => {
      const kind = kindOf(file.name);
      const can = forKind(kind).filter(allowed);
      return { id: crypto.randomUUID(), file, kind, slug: can[0]?.slug };
    });
  chosen.value = [...chosen.value, ...more];
}

export function change(id: string, what: Partial<Chosen>): void {
  chosen.value = chosen.value.map((one) => (one.id === id ? { ...one, ...what } : one));
}

export function drop(id: string): void {
  chosen.value = chosen.value.filter((one) => one.id !== id);
}

export function moveUp(id: string): void {
  const list = [...chosen.value];
  const at = list.findIndex((one) => one.id === id);
  if (at > 0) [list[at - 1], list[at]] = [list[at]!, list[at - 1]!];
  chosen.value = list;
}

export function setOption(slug: string, name: string, value: Options[string] | undefined): void {
  const own = { ...options.value[slug] };
  if (value === undefined || value === "") delete own[name];
  else own[name] = value;
  options.value = { ...options.value, [slug]: own };
}

export interface Planned {
  slug: string;
  files: File[];
  options: Options;
}

/** The requests that the selection leads to, in its order. */
export function plan(list: Chosen[], all: Record<string, Options>, join: boolean): Planned[] {
  const planned: Planned[] = [];
  let book: Planned | undefined;
  for (const one of list) {
    if (!one.slug) continue;
    const own = { ...all[one.slug] };
    if (one.pages) own.pages = one.pages;
    if (one.password) own.password = one.password;
    if (bySlug(one.slug).many && join) {
      if (book) book.files.push(one.file);
      else planned.push((book = { slug: one.slug, files: [one.file], options: own }));
    } else planned.push({ slug: one.slug, files: [one.file], options: own });
  }
  return planned;
}

/** Whether a file can't be sent as it is: pages must be named to be removed. */
export function lacks(one: Chosen): boolean {
  return one.slug === "remove-pages-from-pdf" && !one.pages && !options.value[one.slug]?.remove_blank;
}

/** All files of what was dropped, folders too. */
export async function droppedFiles(data: DataTransfer): Promise<File[]> {
  const entries = [...data.items].map((one) => one.webkitGetAsEntry?.()).filter((one) => !!one);
  if (!entries.length) return [...data.files];
  return (await Promise.all(entries.map(filesOf))).flat();
}

async function filesOf(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    return [await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) break;
    found.push(...some);
  }
  return (await Promise.all(found.map(filesOf))).flat();
}
