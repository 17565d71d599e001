// A result beside its source.
import { useEffect, useRef, useState } from "preact/hooks";
import { BASE, accessToken, resultOf } from "../api";
import { isImage, kindOf } from "../catalogue";
import type { ConversionOut } from "../generated/types.gen";
import type { Pdf } from "../preview/pdf";
import type { Sheet } from "../preview/workbook";
import { useTexts } from "../texts";
import { Button, Dialog, Select } from "../ui/kit";

/** What a browser shows by itself; pictures too. */
const SHOWN = ["pdf", "xlsx", "csv"];

export function Preview({ conversion, source, onClose }: { conversion: ConversionOut; source?: File; onClose: () => void }) {
  const t = useTexts().preview;
  const [result, setResult] = useState<Blob | null>();
  useEffect(() => void resultOf(conversion).then(setResult, () => setResult(null)), []);
  const kind = kindOf(conversion.output_filename ?? "");
  const name = conversion.output_filename ?? conversion.input_filename;
  const canShow = source && (isImage(kindOf(source.name)) || SHOWN.includes(kindOf(source.name)));
  const both = source && result && isImage(kindOf(source.name)) && isImage(kind);
  return (
    <Dialog title={t.title(name)} onClose={onClose} wide>
      {both ? (
        <BeforeAfter before={source} after={result} />
      ) : (
        <div class={canShow ? "panes" : ""}>
          {canShow ? <Pane title={t.source} blob={source} kind={kindOf(source.name)} missing="" /> : <p class="quiet">{source ? t.notShown : t.noSource}</p>}
          <Pane title={t.result} blob={result ?? undefined} kind={kind} missing={result === null ? t.none : ""} conversion={conversion} />
        </div>
      )}
    </Dialog>
  );
}

interface PaneProps {
  title: string;
  blob?: Blob;
  kind: string;
  missing: string;
  conversion?: ConversionOut;
}

function Pane({ title, blob, kind, missing, conversion }: PaneProps) {
  const t = useTexts();
  return (
    <section class="pane" aria-label={title}>
      <h3>{title}</h3>
      {!blob && <p class="quiet">{missing || t.app.loading}</p>}
      {blob && <Shown blob={blob} kind={kind} title={title} conversion={conversion} />}
    </section>
  );
}

function Shown({ blob, kind, title, conversion }: { blob: Blob; kind: string; title: string; conversion?: ConversionOut }) {
  const t = useTexts().preview;
  if (kind === "pdf") return <PdfPages blob={blob} title={title} />;
  if (kind === "xlsx") return <Sheets blob={blob} />;
  if (kind === "csv") return <Csv blob={blob} />;
  if (isImage(kind)) return <Picture blob={blob} title={title} />;
  if (conversion) return <Drawn conversion={conversion} />;
  return <p class="quiet">{t.none}</p>;
}

function useUrl(blob: Blob): string {
  const [url] = useState(() => URL.createObjectURL(blob));
  useEffect(() => () => URL.revokeObjectURL(url), []);
  return url;
}

function Picture({ blob, title }: { blob: Blob; title: string }) {
  return <img class="checked" src={useUrl(blob)} alt={title} />;
}

function BeforeAfter({ before, after }: { before: Blob; after: Blob }) {
  const t = useTexts().preview;
  const [share, setShare] = useState(50);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.style.setProperty("--share", `${share}%`), [share]);
  return (
    <div class="before-after">
      <div class="over-each-other" ref={box}>
        <img src={useUrl(before)} alt={t.before} />
        <img class="after checked" src={useUrl(after)} alt={t.after} />
      </div>
      <div class="slider">
        <span aria-hidden="true">{t.after}</span>
        <input type="range" min={0} max={100} value={share} aria-label={t.slider} onInput={(e) => setShare(Number(e.currentTarget.value))} />
        <span aria-hidden="true">{t.before}</span>
      </div>
    </div>
  );
}

function Turning({ page, total, onTurn }: { page: number; total?: number; onTurn: (page: number) => void }) {
  const t = useTexts().preview;
  return (
    <div class="turning">
      <Button kind="quiet" aria-label={t.previous} disabled={page <= 1} onClick={() => onTurn(page - 1)}>
        ‹
      </Button>
      <span aria-live="polite">{total ? t.pageOf(page, total) : t.page(page)}</span>
      <Button kind="quiet" aria-label={t.next} disabled={total !== undefined && page >= total} onClick={() => onTurn(page + 1)}>
        ›
      </Button>
    </div>
  );
}

function PdfPages({ blob, title }: { blob: Blob; title: string }) {
  const t = useTexts().preview;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pdf, setPdf] = useState<Pdf | null>();
  const [page, setPage] = useState(1);
  useEffect(() => {
    let open: Pdf | undefined;
    const load = async () => (await import("../preview/pdf")).openPdf(blob);
    load().then((one) => setPdf((open = one)), () => setPdf(null));
    return () => open?.close();
  }, []);
  useEffect(() => void (pdf && canvas.current && pdf.draw(page, canvas.current, 560).catch(() => setPdf(null))), [pdf, page]);
  if (pdf === null) return <p class="quiet">{t.none}</p>;
  return (
    <>
      {pdf && pdf.pages > 1 && <Turning page={page} total={pdf.pages} onTurn={setPage} />}
      <canvas ref={canvas} class="paper" role="img" aria-label={`${title}: ${t.page(page)}`} />
    </>
  );
}

/** Pages that the service draws: of results that a browser can't show. */
function Drawn({ conversion }: { conversion: ConversionOut }) {
  const t = useTexts().preview;
  const [page, setPage] = useState(1);
  const [last, setLast] = useState<number>();
  const [url, setUrl] = useState<string | null>();
  useEffect(() => {
    const load = async () => {
      const path = `/api/v3/conversions/${encodeURIComponent(conversion.conversion_id)}/preview?page=${page}`;
      const answer = await fetch(`${BASE}${path}&redirect=false`, { headers: { Authorization: `Bearer ${await accessToken()}` } });
      if (!answer.ok) return page > 1 ? (setLast(page - 1), setPage(page - 1)) : setUrl(null);
      const place = (await answer.json()) as { url: string };
      const picture = await fetch(place.url);
      setUrl(picture.ok ? URL.createObjectURL(await picture.blob()) : null);
    };
    load().catch(() => setUrl(null));
  }, [page]);
  useEffect(() => () => void (url && URL.revokeObjectURL(url)), [url]);
  if (url === null) return <p class="quiet">{t.none}</p>;
  return (
    <>
      <Turning page={page} total={last} onTurn={setPage} />
      {url && <img class="paper" src={url} alt={t.page(page)} />}
    </>
  );
}

function Sheets({ blob }: { blob: Blob }) {
  const t = useTexts().preview;
  const [sheets, setSheets] = useState<Sheet[] | null>();
  const [at, setAt] = useState("0");
  useEffect(() => {
    const load = async () => (await import("../preview/workbook")).readWorkbook(blob);
    load().then(setSheets, () => setSheets(null));
  }, []);
  if (sheets === null) return <p class="quiet">{t.none}</p>;
  const sheet = sheets?.[Number(at)];
  return (
    <>
      {sheets && sheets.length > 1 && <Select label={t.sheet} value={at} choices={sheets.map((one, index) => [String(index), one.name] as const)} onPick={setAt} />}
      {sheet && <Rows rows={sheet.rows} name={sheet.name} />}
    </>
  );
}

function Csv({ blob }: { blob: Blob }) {
  const [rows, setRows] = useState<string[][]>();
  useEffect(() => void import("../preview/csv").then(({ readCsv }) => readCsv(blob)).then(setRows), []);
  return rows ? <Rows rows={rows} name="CSV" /> : null;
}

function Rows({ rows, name }: { rows: string[][]; name: string }) {
  const t = useTexts().preview;
  return (
    <div class="sheet" tabIndex={0} role="region" aria-label={name}>
      <table>
        <caption>{`${name} · ${t.firstRows(rows.length)}`}</caption>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
