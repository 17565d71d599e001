// The texts in the person's language; a language is one file and one line here.
import { Cell, useCell } from "../state";
import { de } from "./de";
import { en } from "./en";

export type Texts = typeof en;
export const LANGUAGES = { en, de } satisfies Record<string, Texts>;
export type Language = keyof typeof LANGUAGES;

const KEPT = "convertpro-language";
const isKnown = (name: string | null | undefined): name is Language => !!name && name in LANGUAGES;
/** A page that is in one language says so. */
const fixed = document.documentElement.dataset.language;
const wanted = [fixed, localStorage.getItem(KEPT), ...navigator.languages.map((one) => one.slice(0, 2))].find(isKnown);
const chosen = new Cell<Language>(wanted ?? "en");
document.documentElement.lang = chosen.value;

export function choose(language: Language): void {
  localStorage.setItem(KEPT, language);
  document.documentElement.lang = language;
  chosen.value = language;
}

export function useLanguage(): Language {
  return useCell(chosen);
}

export function useTexts(): Texts {
  return LANGUAGES[useCell(chosen)];
}

/** For what is no view. */
export function texts(): Texts {
  return LANGUAGES[chosen.value];
}

const formats = <T>(make: (language: string) => T) => {
  const made = new Map<string, T>();
  return () => {
    if (!made.has(chosen.value)) made.set(chosen.value, make(chosen.value));
    return made.get(chosen.value)!;
  };
};
const numbers = formats((language) => new Intl.NumberFormat(language));
const sizes = formats((language) => new Intl.NumberFormat(language, { maximumFractionDigits: 1 }));
const moments = formats((language) => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }));
const days = formats((language) => new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" }));
const percents = formats((language) => new Intl.NumberFormat(language, { style: "percent" }));

export const number = (value: number) => numbers().format(value);
export const moment = (value: string | null | undefined) => (value ? moments().format(new Date(value)) : "–");
export const day = (value: string) => days().format(new Date(value));
export const percent = (value: number | null) => (value === null ? "–" : percents().format(value));
export const points = (value: number | null) => (value === null ? "∞" : number(value));

export function size(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return "–";
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${sizes().format(bytes / 1e3)} kB` : `${sizes().format(bytes / 1e6)} MB`;
}
