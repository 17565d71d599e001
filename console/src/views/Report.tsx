// What a conversion's report says, in words.
import type { ConversionOut } from "../generated/types.gen";
import { moment, useTexts } from "../texts";
import { Dialog, Status } from "../ui/kit";

export function Report({ conversion, onClose }: { conversion: ConversionOut; onClose: () => void }) {
  const t = useTexts();
  const { warnings, report, error } = conversion;
  return (
    <Dialog title={`${t.report.title}: ${conversion.input_filename}`} onClose={onClose}>
      <p>
        <Status status={conversion.status} /> <span class="quiet">{moment(conversion.updated_at)}</span>
      </p>
      {error && (
        <p class="note bad" lang="en">
          {error.detail}
        </p>
      )}
      <ul class="plain-list">
        {facts(report, t.report).map((one) => (
          <li key={one}>{one}</li>
        ))}
        <li>{t.convert.charged(conversion.points_charged)}</li>
        {conversion.expires_at && conversion.download_url && <li>{t.convert.until(moment(conversion.expires_at))}</li>}
      </ul>
      {conversion.status === "success" && (
        <>
          <h3>{t.report.warnings}</h3>
          {warnings.length ? (
            <ul class="warnings" lang="en">
              {warnings.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          ) : (
            <p class="quiet">{t.report.noWarnings}</p>
          )}
        </>
      )}
      <details class="options">
        <summary>{t.report.technical}</summary>
        <dl class="pairs" lang="en">
          <dt>conversion_id</dt>
          <dd>{conversion.conversion_id}</dd>
          {conversion.output_sha256 && (
            <>
              <dt>sha256</dt>
              <dd>{conversion.output_sha256}</dd>
            </>
          )}
          {Object.entries(report).map(([key, value]) => (
            <>
              <dt>{key}</dt>
              <dd>{typeof value === "object" ? JSON.stringify(value) : String(value)}</dd>
            </>
          ))}
        </dl>
      </details>
    </Dialog>
  );
}

function facts(report: Record<string, unknown>, t: ReturnType<typeof useTexts>["report"]): string[] {
  const said: string[] = [];
  const { pages_in: into, pages_out: out, milliseconds: took, engine, tables, fonts_substituted: fonts } = report;
  if (typeof into === "number") said.push(typeof out === "number" ? t.pages(into, out) : t.pagesIn(into));
  if (typeof tables === "number") said.push(t.tables(tables));
  if (Array.isArray(tables)) said.push(t.tables(tables.length));
  if (fonts && typeof fonts === "object" && Object.keys(fonts).length) {
    const pairs = Array.isArray(fonts) ? fonts.map((one) => (typeof one === "string" ? one : Object.values(one as object).join(" → "))) : Object.entries(fonts).map(([a, b]) => `${a} → ${String(b)}`);
    said.push(`${t.fonts}: ${pairs.join(", ")}`);
  }
  if (typeof took === "number") said.push(t.duration((took / 1000).toFixed(1)));
  if (typeof engine === "string") said.push(t.engine(engine));
  return said;
}
