// What was sent, from the moment that it is sent until its file is gone.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { placeOf } from "../api";
import { byAction, kindOf } from "../catalogue";
import { type Job, before, cancel, earlier, jobs, labelOf, recall, remove, retry, takeBack } from "../convert/jobs";
import { pack } from "../convert/zip";
import type { ConversionOut } from "../generated/types.gen";
import { asProblem, useCell } from "../state";
import { percent, size, useTexts } from "../texts";
import { Act, Button, Dialog, Field, Form, Status, Sure, follow, save, sentence, tell } from "../ui/kit";
import { Preview } from "./Preview";
import { Report } from "./Report";

interface Item {
  key: string;
  name: string;
  job?: Job;
  conversion?: ConversionOut;
}

export function Results() {
  const t = useTexts().convert;
  const sent = useCell(jobs);
  const old = useCell(earlier);
  useEffect(() => void recall().catch((error) => tell(sentence(asProblem(error)), true)), []);
  const items: Item[] = [
    ...sent.map((job) => ({ key: job.id, name: job.name, job, conversion: job.conversion })),
    ...old.map((one) => ({ key: one.conversion_id, name: one.input_filename, conversion: one })),
  ];
  const ready = items.flatMap((one) => (one.conversion?.status === "success" && one.conversion.download_url ? [one.conversion] : []));
  return (
    <section aria-labelledby="results" class="card">
      <div class="card-head">
        <h2 id="results">{t.results}</h2>
        {ready.length > 1 && <Act act={() => downloadAll(ready)}>{t.downloadAll}</Act>}
      </div>
      {items.length ? (
        <ul class="rows">
          {items.map((one) => (
            <ResultRow key={one.key} item={one} />
          ))}
        </ul>
      ) : (
        <p class="empty">{t.none}</p>
      )}
    </section>
  );

  async function downloadAll(all: ConversionOut[]): Promise<void> {
    tell(t.zipping);
    const { zip, missing } = await pack(all);
    save(zip, `${t.zipName}.zip`);
    tell(missing ? t.notInZip(missing) : "", missing > 0);
  }
}

type Window = "preview" | "report" | "delete" | "password";

function ResultRow({ item }: { item: Item }) {
  const t = useTexts();
  const [open, setOpen] = useState<Window>();
  const { name, job, conversion } = item;
  const slug = job?.slug ?? byAction(conversion?.action ?? "")?.slug ?? "";
  const close = () => setOpen(undefined);
  return (
    <li class="row">
      <div class="row-name">
        <span class={`kind ${kindOf(conversion?.output_filename ?? name)}`} aria-hidden="true">
          {kindOf(conversion?.output_filename ?? name).slice(0, 4)}
        </span>
        <div>
          <p class="name">{name}</p>
          <p class="quiet">
            {labelOf(slug)}
            {conversion?.output_size ? ` · ${size(conversion.output_size)}` : ""}
          </p>
        </div>
      </div>
      <div class="row-state">
        <Standing item={item} />
      </div>
      <div class="row-act">
        <Actions item={item} show={setOpen} />
      </div>
      {open === "preview" && conversion && <Preview conversion={conversion} source={job?.files.length === 1 ? job.files[0] : undefined} onClose={close} />}
      {open === "report" && conversion && <Report conversion={conversion} onClose={close} />}
      {open === "delete" && conversion && <Sure title={t.act.remove} text={t.convert.deleteSure(name)} label={t.act.remove} act={() => remove(conversion)} onClose={close} />}
      {open === "password" && job && <Password job={job} onClose={close} />}
    </li>
  );
}

/** Progress, or what it came to, in words. */
function Standing({ item: { job, conversion } }: { item: Item }) {
  const t = useTexts().convert;
  const problem = job?.problem;
  if (problem) {
    const text = problem.status === 402 ? t.noPoints : sentence(problem);
    return <Line status="failed" text={problem.code === "encrypted-document" ? t.encrypted : text} bad />;
  }
  if (job?.state === "queued") return <Line status="queued" />;
  if (job?.state === "sending") return <Line status="sending" text={t.sent(percent(job.sent))} share={job.sent} />;
  if (!conversion) return null;
  if (conversion.status === "failed") {
    if (conversion.error?.type.endsWith("/cancelled")) return <Line status="cancelled" text={t.charged(conversion.points_charged)} />;
    const isProtected = conversion.error?.type.endsWith("encrypted-document");
    return <Line status="failed" text={isProtected && job ? t.encrypted : conversion.error?.detail} bad />;
  }
  if (conversion.status === "success") {
    const notes = conversion.warnings.length ? t.warnings(conversion.warnings.length) : "";
    return <Line status="success" text={conversion.download_url ? notes : t.gone} />;
  }
  const progress = conversion.progress;
  if (!progress) {
    const first = before(conversion);
    return <Line status="waiting" text={first ? t.behind(first) : t.inLine} share={null} />;
  }
  return <Line status="processing" text={t.progress(progress.done, progress.total, progress.unit)} share={progress.done / Math.max(1, progress.total)} />;
}

function Line({ status, text, share, bad }: { status: string; text?: string; share?: number | null; bad?: boolean }) {
  const t = useTexts();
  return (
    <>
      <p>
        <Status status={status} /> <span class={bad ? "bad-text" : "quiet"}>{text}</span>
      </p>
      {share !== undefined && <progress value={share ?? undefined} max={1} aria-label={(t.status as Record<string, string>)[status]} />}
    </>
  );
}

function Actions({ item: { name, job, conversion }, show }: { item: Item; show: (one: Window) => void }) {
  const t = useTexts();
  const icon = (label: string, text: ComponentChildren, press: () => void) => (
    <Button kind="quiet" aria-label={label} onClick={press}>
      {text}
    </Button>
  );
  if (job && (job.state === "queued" || job.state === "sending")) return icon(t.convert.cancelOf(name), t.act.cancel, () => cancel(job));
  if (conversion?.status === "processing" && !conversion.progress) {
    return (
      <Act kind="quiet" aria-label={t.convert.cancelOf(name)} act={() => takeBack(conversion)}>
        {t.act.cancel}
      </Act>
    );
  }
  const isFailed = job?.state === "failed" || conversion?.status === "failed";
  const code = job?.problem?.code ?? conversion?.error?.type.split("/").pop();
  const again = () => (code === "encrypted-document" ? show("password") : retry(job!));
  return (
    <>
      {conversion?.download_url && (
        <>
          {icon(t.convert.previewOf(name), t.convert.preview, () => show("preview"))}
          <Act kind="plain" aria-label={t.convert.downloadOf(conversion.output_filename ?? name)} act={() => download(conversion)}>
            {t.act.download}
          </Act>
        </>
      )}
      {isFailed && job && icon(t.convert.retryOf(name), t.act.retry, again)}
      {isFailed && !job && <span class="quiet">{t.convert.addAgain}</span>}
      {conversion && conversion.status !== "processing" && icon(t.convert.detailsOf(name), t.convert.details, () => show("report"))}
      {conversion && conversion.status !== "processing" && (
        <button type="button" class="plain-icon" aria-label={t.convert.deleteOf(name)} onClick={() => show("delete")}>
          ×
        </button>
      )}
      {job?.state === "failed" && !conversion && (
        <button type="button" class="plain-icon" aria-label={t.convert.remove(name)} onClick={() => (jobs.value = jobs.value.filter((one) => one !== job))}>
          ×
        </button>
      )}
    </>
  );
}

export async function download(conversion: ConversionOut): Promise<void> {
  follow((await placeOf(conversion.conversion_id)).url);
}

function Password({ job, onClose }: { job: Job; onClose: () => void }) {
  const t = useTexts();
  const [password, setPassword] = useState("");
  const send = async () => {
    retry(job, password);
    onClose();
  };
  return (
    <Dialog title={t.convert.passwordOf(job.name)} onClose={onClose}>
      <Form label={t.act.retry} onSend={send}>
        <Field label={t.convert.password} help={t.options.password?.[1]} type="password" autocomplete="off" required value={password} onInput={(e) => setPassword(e.currentTarget.value)} />
      </Form>
    </Dialog>
  );
}

