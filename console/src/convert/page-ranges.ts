// Page ranges as the service writes them: 1,3,5-7, 5- (to the end), last.

/** The pages that a text names, of a document with `total`; what is no range is skipped. */
export function parse(text: string, total: number): Set<number> {
  const pages = new Set<number>();
  for (const part of text.split(",").map((one) => one.trim()).filter(Boolean)) {
    const found = /^(\d+|last)(?:\s*(-)\s*(\d+|last)?)?$/.exec(part);
    if (!found) continue;
    const number = (one: string | undefined, other: number) => (one === "last" ? total : one ? Number(one) : other);
    const first = number(found[1], 1);
    const last = found[2] ? number(found[3], total) : first;
    for (let page = first; page <= Math.min(last, total); page++) pages.add(page);
  }
  return pages;
}

export function format(pages: Set<number>): string {
  const sorted = [...pages].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let at = 0; at < sorted.length; ) {
    let end = at;
    while (sorted[end + 1] === sorted[end]! + 1) end++;
    parts.push(end === at ? `${sorted[at]}` : `${sorted[at]}-${sorted[end]}`);
    at = end + 1;
  }
  return parts.join(",");
}
