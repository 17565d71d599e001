// Pages of a document by their pictures, or by their numbers.
import { useEffect, useRef, useState } from "preact/hooks";
import { format, parse } from "../convert/page-ranges";
import type { Pdf } from "../preview/pdf";
import { useTexts } from "../texts";
import { Button, Dialog, Field } from "../ui/kit";

interface PickerProps {
  file: File;
  isPdf: boolean;
  removes: boolean;
  value: string;
  onUse: (pages: string) => void;
  onClose: () => void;
}

export function PagePicker({ file, isPdf, removes, value, onUse, onClose }: PickerProps) {
  const t = useTexts();
  const [text, setText] = useState(value);
  const [pdf, setPdf] = useState<Pdf>();
  const [unreadable, setUnreadable] = useState(false);
  useEffect(() => {
    if (!isPdf) return;
    let open: Pdf | undefined;
    const load = async () => (await import("../preview/pdf")).openPdf(file);
    load().then((one) => setPdf((open = one)), () => setUnreadable(true));
    return () => open?.close();
  }, []);
  const total = pdf?.pages ?? 0;
  const picked = parse(text, total || 100_000);
  const flip = (page: number) => {
    const next = new Set(picked);
    if (!next.delete(page)) next.add(page);
    setText(format(next));
  };
  const all = Array.from({ length: total }, (_, index) => index + 1);
  const use = () => {
    onUse(text.trim());
    onClose();
  };
  return (
    <Dialog title={t.convert.pagesOf(file.name)} onClose={onClose} wide={isPdf}>
      <p>{removes ? t.pages.drop : t.pages.keep}</p>
      {unreadable && <p class="note">{t.pages.unreadable}</p>}
      {isPdf && !unreadable && !pdf && <p class="quiet">{t.app.loading}</p>}
      {pdf && (
        <>
          <div class="actions">
            <Button kind="quiet" onClick={() => setText(format(new Set(all)))}>
              {t.pages.all}
            </Button>
            <Button kind="quiet" onClick={() => setText("")}>
              {t.pages.none}
            </Button>
            <Button kind="quiet" onClick={() => setText(format(new Set(all.filter((one) => one % 2))))}>
              {t.pages.odd}
            </Button>
            <span class="quiet" aria-live="polite">
              {t.pages.chosen(picked.size, total)}
            </span>
          </div>
          <ol class="thumbs">
            {all.map((page) => (
              <li key={page}>
                <Thumb pdf={pdf} page={page} isPicked={picked.has(page)} removes={removes} onFlip={() => flip(page)} />
              </li>
            ))}
          </ol>
        </>
      )}
      <Field label={t.pages.field} value={text} onInput={(e) => setText(e.currentTarget.value)} />
      <div class="actions end">
        <Button kind="main" onClick={use}>
          {t.pages.use}
        </Button>
      </div>
    </Dialog>
  );
}

function Thumb({ pdf, page, isPicked, removes, onFlip }: { pdf: Pdf; page: number; isPicked: boolean; removes: boolean; onFlip: () => void }) {
  const t = useTexts().pages;
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const seen = new IntersectionObserver(([one]) => {
      if (!one?.isIntersecting) return;
      seen.disconnect();
      void pdf.draw(page, canvas.current!, 120);
    });
    seen.observe(canvas.current!);
    return () => seen.disconnect();
  }, []);
  return (
    <button type="button" class={`thumb ${removes ? "removes" : ""}`} aria-pressed={isPicked} onClick={onFlip}>
      <canvas ref={canvas} width={120} height={160} />
      <span>{t.page(page)}</span>
    </button>
  );
}
