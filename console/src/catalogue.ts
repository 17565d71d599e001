// The conversions that the service has, as its description tells them.
import raw from "./generated/catalogue.json";

export interface Schema {
  type?: string;
  enum?: string[];
  items?: { enum?: string[]; type?: string };
  default?: unknown;
  description?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
}

export interface Conversion {
  slug: string;
  action: string;
  label: string;
  summary: string;
  accepts: string[];
  produces: string[];
  many: boolean;
  options: Record<string, Schema>;
}

export const CATALOGUE = raw as unknown as Conversion[];
export const bySlug = (slug: string): Conversion => CATALOGUE.find((one) => one.slug === slug)!;
export const byAction = (action: string): Conversion | undefined => CATALOGUE.find((one) => one.action === action);
export const forKind = (kind: string): Conversion[] => CATALOGUE.filter((one) => one.accepts.includes(kind));

const ALIASES: Record<string, string> = { jpeg: "jpg", tif: "tiff", heif: "heic" };

/** The kind of a file by its name: what it can become; the service looks at its bytes. */
export function kindOf(name: string): string {
  const ending = name.toLowerCase().split(".").pop() ?? "";
  return ALIASES[ending] ?? ending;
}

export const isImage = (kind: string): boolean => ["jpg", "png", "gif", "bmp", "webp"].includes(kind);
