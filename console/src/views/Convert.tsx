// Choose files, see what they become and cost, send them, and see what became of them.
import { useEffect, useRef, useState } from "preact/hooks";
import { CATALOGUE, type Conversion, bySlug } from "../catalogue";
import { add, chosen, droppedFiles, joined, lacks, options, plan } from "../convert/selection";
import { start } from "../convert/jobs";
import { isDemo } from "../session";
import { useCell } from "../state";
import { points, useTexts } from "../texts";
import { Button, Check, Page } from "../ui/kit";
import type { MeOut } from "../generated/types.gen";
import type { ViewProps } from "./App";
import { ChosenRow } from "./ChosenRow";
import { OptionsOf } from "./OptionsOf";
import { Results } from "./Results";

const ACCEPTED = [...new Set(CATALOGUE.flatMap((one) => one.accepts))].map((one) => `.${one}`);

export function Convert({ me }: ViewProps) {
  const t = useTexts().convert;
  return (
    <Page title={t.title}>
      {isDemo(me) ? <p class="note">{t.demo}</p> : <Choosing me={me} />}
      <Results />
    </Page>
  );
}

export const allows = (me: MeOut) => (one: Conversion) => me.active_apis.some((api) => api.action === one.action && api.allowed);

function Choosing({ me }: { me: MeOut }) {
  const t = useTexts();
  const list = useCell(chosen);
  const all = useCell(options);
  const join = useCell(joined);
  const slugs = [...new Set(list.flatMap((one) => (one.slug ? [one.slug] : [])))];
  const books = list.filter((one) => one.slug && bySlug(one.slug).many).length;
  const planned = plan(list, all, join);
  return (
    <>
      <DropZone me={me} small={list.length > 0} />
      {!!list.length && (
        <section aria-labelledby="chosen" class="card">
          <h2 id="chosen">{t.convert.selected}</h2>
          <ul class="rows">
            {list.map((one, index) => (
              <ChosenRow key={one.id} chosen={one} me={me} canRise={index > 0 && join && books > 1 && !!one.slug && bySlug(one.slug).many} />
            ))}
          </ul>
          {books > 1 && <Check label={t.convert.join} checked={join} onFlip={(on) => (joined.value = on)} />}
          {slugs.map((one) => (
            <OptionsOf key={one} slug={one} />
          ))}
          <Sum me={me} requests={planned.length} isWhole={!list.some(lacks)} />
        </section>
      )}
    </>
  );
}

/** What it costs, against what there is, before anything is sent. */
function Sum({ me, requests, isWhole }: { me: MeOut; requests: number; isWhole: boolean }) {
  const t = useTexts().convert;
  const price = me.active_apis[0]?.points ?? 0;
  const balance = me.points.balance;
  const need = balance === null ? 0 : price * requests;
  const isShort = balance !== null && need > balance;
  const send = () => {
    const planned = plan(chosen.value, options.value, joined.value);
    chosen.value = chosen.value.filter((one) => !one.slug);
    [...planned].reverse().forEach((one) => start(one.slug, one.files, one.options));
  };
  return (
    <div class="sum">
      <p aria-live="polite">
        <strong>{balance === null ? t.free(requests) : t.cost(requests, need)}</strong>{" "}
        {balance !== null && !isShort && <span class="quiet">{t.have(points(balance))}</span>}
        {isShort && <span class="bad-text">{t.short(need, balance)}</span>}
      </p>
      <div class="actions">
        <Button kind="quiet" onClick={() => (chosen.value = [])}>
          {t.clear}
        </Button>
        <Button kind="main" disabled={!requests || isShort || !isWhole} onClick={send}>
          {t.start}
        </Button>
      </div>
    </div>
  );
}

function DropZone({ me, small }: { me: MeOut; small: boolean }) {
  const t = useTexts().convert;
  const [over, setOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  useEffect(() => folder.current?.setAttribute("webkitdirectory", ""), []);
  const take = (found: Iterable<File>) => add(found, allows(me));
  const picked = (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    take([...(input.files ?? [])]);
    input.value = "";
  };
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (event.dataTransfer) void droppedFiles(event.dataTransfer).then(take);
  };
  const hold = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  return (
    <div class={`drop ${over ? "over" : ""} ${small ? "small" : ""}`} onDragOver={hold} onDragLeave={() => setOver(false)} onDrop={dropped}>
      <p class="drop-title">{t.drop}</p>
      <div class="actions">
        <Button kind={small ? "plain" : "main"} onClick={() => files.current?.click()}>
          {t.choose}
        </Button>
        <Button kind="plain" onClick={() => folder.current?.click()}>
          {t.chooseFolder}
        </Button>
      </div>
      <p class="quiet">{t.kinds}</p>
      <input ref={files} class="picker" type="file" multiple accept={ACCEPTED.join(",")} onChange={picked} aria-label={t.choose} tabIndex={-1} hidden />
      <input ref={folder} class="picker" type="file" multiple onChange={picked} aria-label={t.chooseFolder} tabIndex={-1} hidden />
    </div>
  );
}
