// Tables, charts and figures.
import type { ComponentChildren } from "preact";
import { useTexts } from "../texts";
import { Act } from "./kit";

export interface Column<T> {
  head: string;
  cell: (row: T) => ComponentChildren;
  right?: boolean;
  narrow?: boolean;
}

interface TableOf<T> {
  caption: string;
  columns: Column<T>[];
  rows?: T[];
  empty: string;
  next?: () => Promise<void>;
}

/** A table under a heading, which is its caption. */
export function TableCard<T>({ id, ...table }: { id: string } & TableOf<T>) {
  return (
    <section class="card" aria-labelledby={id}>
      <h2 id={id}>{table.caption}</h2>
      <Table {...table} />
    </section>
  );
}

/** A table; on a phone each row is a block with its heads beside the cells. */
export function Table<T>({ caption, columns, rows, empty, next }: TableOf<T>) {
  const t = useTexts();
  if (!rows) return <p class="quiet">{t.app.loading}</p>;
  if (!rows.length) return <p class="empty">{empty}</p>;
  return (
    <>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((one) => (
              <th key={one.head} scope="col" class={one.right ? "right" : ""}>
                {one.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {columns.map((one) => (
                <td key={one.head} data-head={one.head} class={`${one.right ? "right" : ""} ${one.narrow ? "narrow" : ""}`}>
                  {one.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {next && (
        <div class="actions after">
          <Act act={next}>{t.act.more}</Act>
        </div>
      )}
    </>
  );
}

export interface Bar {
  label: string;
  value: number;
  bad?: number;
  mark: string;
}

/** Bars by day, read out one by one as a list. */
export function Chart({ title, bars }: { title: string; bars: Bar[] }) {
  const top = Math.max(1, ...bars.map((one) => one.value));
  const wide = 100 / Math.max(1, bars.length);
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <svg viewBox="0 0 100 30" preserveAspectRatio="none" aria-hidden="true">
        <line x1="0" x2="100" y1="29.9" y2="29.9" class="axis" />
        {bars.map((one, index) => (
          <g key={one.mark}>
            <title>{one.label}</title>
            <rect class="bar" x={index * wide + wide * 0.15} width={wide * 0.7} y={30 - (one.value / top) * 28} height={(one.value / top) * 28} />
            {!!one.bad && <rect class="bar bad" x={index * wide + wide * 0.15} width={wide * 0.7} y={30 - (one.bad / top) * 28} height={(one.bad / top) * 28} />}
          </g>
        ))}
      </svg>
      <div class="chart-ends" aria-hidden="true">
        <span>{bars[0]?.mark}</span>
        <span>max. {top}</span>
        <span>{bars[bars.length - 1]?.mark}</span>
      </div>
      <ul class="unseen">
        {bars.filter((one) => one.value).map((one) => (
          <li key={one.mark}>{one.label}</li>
        ))}
      </ul>
    </figure>
  );
}

export function Figure({ label, value }: { label: string; value: ComponentChildren }) {
  return (
    <div class="figure">
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
