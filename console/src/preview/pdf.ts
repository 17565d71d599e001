// pdf.js, fetched when a page is first to be drawn.
import { GlobalWorkerOptions, getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import worker from "pdfjs-dist/legacy/build/pdf.worker.min.mjs?url";

GlobalWorkerOptions.workerSrc = worker;

export interface Pdf {
  pages: number;
  /** Draw a page, `width` CSS pixels wide. */
  draw: (page: number, canvas: HTMLCanvasElement, width: number) => Promise<void>;
  close: () => void;
}

/** Open a document. Throws when it is none, or is protected. */
export async function openPdf(blob: Blob): Promise<Pdf> {
  const loading = getDocument({
    data: new Uint8Array(await blob.arrayBuffer()),
    // The page's policy compiles nothing: decoders come as plain scripts, beside this one.
    useWasm: false,
    wasmUrl: new URL(/* @vite-ignore */ ".", import.meta.url).href,
    useSystemFonts: true,
  });
  const document = await loading.promise;
  const draw = async (number: number, canvas: HTMLCanvasElement, width: number) => {
    const page = await document.getPage(number);
    const full = page.getViewport({ scale: 1 });
    const viewport = page.getViewport({ scale: (width / full.width) * Math.min(2, devicePixelRatio || 1) });
    canvas.width = Math.round(viewport.width);
    canvas.height = Math.round(viewport.height);
    await page.render({ canvas, viewport }).promise;
    canvas.dataset.drawn = String(number);
  };
  return { pages: document.numPages, draw, close: () => void loading.destroy() };
}
