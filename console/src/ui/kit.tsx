// The parts that all views are made of.
import type { ComponentChildren, JSX, TargetedEvent } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Problem } from "../api";
import { Cell, asProblem, useCell } from "../state";
import { texts, useTexts } from "../texts";

type ButtonProps = JSX.IntrinsicElements["button"] & { kind?: "main" | "plain" | "danger" | "quiet" };

export function Button({ kind = "plain", class: more, ...rest }: ButtonProps) {
  return <button type="button" {...rest} class={`button ${kind} ${more ?? ""}`} />;
}

/** A button that does something over the network: busy meanwhile, and what went wrong is said. */
export function Act({ act, children, ...rest }: Omit<ButtonProps, "onClick"> & { act: () => Promise<unknown> }) {
  const [busy, setBusy] = useState(false);
  const press = async () => {
    setBusy(true);
    try {
      await act();
    } catch (error) {
      tell(sentence(asProblem(error)), true);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button {...rest} disabled={busy || rest.disabled} aria-busy={busy} onClick={press}>
      {children}
    </Button>
  );
}

/** A problem as a sentence that a person can act on. */
export function sentence(problem: Problem): string {
  const t = texts().problem;
  if (problem.code === "offline") return t.offline;
  if (problem.code === "broken") return t.broken;
  return problem.message || (problem.status === 403 ? t.forbidden : t.unknown);
}

const said = new Cell<{ text: string; bad: boolean; id: number }>({ text: "", bad: false, id: 0 });

/** Say something in passing, to eyes and screen readers. */
export function tell(text: string, bad = false): void {
  const id = said.value.id + 1;
  said.value = { text, bad, id };
  setTimeout(() => said.value.id === id && (said.value = { text: "", bad: false, id }), bad ? 12_000 : 6_000);
}

export function Told() {
  const { text, bad } = useCell(said);
  const t = useTexts();
  return (
    <div class={`told ${bad ? "bad" : ""}`} role={bad ? "alert" : "status"} hidden={!text}>
      <span>{text}</span>
      {text && (
        <button type="button" class="plain-icon" aria-label={t.act.close} onClick={() => (said.value = { ...said.value, text: "" })}>
          ×
        </button>
      )}
    </div>
  );
}

export function Wrong({ problem }: { problem?: Problem }) {
  return problem ? (
    <p class="note bad" role="alert">
      {sentence(problem)}
    </p>
  ) : null;
}

export function Page({ title, lead, children, actions }: { title: string; lead?: string; children: ComponentChildren; actions?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${texts().brand}`;
  }, [title]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <>
      <div class="page-head">
        <div>
          <h1 tabIndex={-1} ref={heading}>
            {title}
          </h1>
          {lead && <p class="lead">{lead}</p>}
        </div>
        {actions && <div class="actions">{actions}</div>}
      </div>
      {children}
    </>
  );
}

type FieldProps = Partial<
  Pick<HTMLInputElement, "type" | "value" | "required"> & { autocomplete: string; min: number; max: number; minLength: number; step: number; disabled: boolean }
> & {
  label: string;
  help?: string;
  onInput?: (event: TargetedEvent<HTMLInputElement>) => void;
  onChange?: (event: TargetedEvent<HTMLInputElement>) => void;
};

export function Field({ label, help, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} aria-describedby={help ? `${id}-help` : undefined} {...(rest as object)} />
      {help && (
        <p class="help" id={`${id}-help`}>
          {help}
        </p>
      )}
    </div>
  );
}

type SelectProps = {
  label: string;
  help?: string;
  value: string;
  choices: readonly (readonly [string, string])[];
  onPick: (value: string) => void;
  hideLabel?: boolean;
  disabled?: boolean;
};

export function Select({ label, help, value, choices, onPick, hideLabel, disabled }: SelectProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id} class={hideLabel ? "unseen" : ""}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        disabled={disabled}
        aria-describedby={help ? `${id}-help` : undefined}
        onChange={(event) => onPick(event.currentTarget.value)}
      >
        {choices.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
      {help && (
        <p class="help" id={`${id}-help`}>
          {help}
        </p>
      )}
    </div>
  );
}

export function Check({ label, help, checked, onFlip, disabled }: { label: string; help?: string; checked: boolean; onFlip: (on: boolean) => void; disabled?: boolean }) {
  const id = useId();
  return (
    <div class="check">
      <input
        type="checkbox"
        id={id}
        checked={checked}
        disabled={disabled}
        aria-describedby={help ? `${id}-help` : undefined}
        onChange={(event) => onFlip(event.currentTarget.checked)}
      />
      <div>
        <label for={id}>{label}</label>
        {help && (
          <p class="help" id={`${id}-help`}>
            {help}
          </p>
        )}
      </div>
    </div>
  );
}

/** A window over the page; the browser keeps the focus in it, and Escape closes it. */
export function Dialog({ title, onClose, children, wide }: { title: string; onClose: () => void; children: ComponentChildren; wide?: boolean }) {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  const t = useTexts();
  useEffect(() => {
    const opener = document.activeElement;
    box.current?.showModal();
    // A window that is taken away, not closed, gives the focus back to nobody by itself.
    return () =>
      void setTimeout(() => {
        if (document.activeElement === document.body && opener instanceof HTMLElement) opener.focus();
      });
  }, []);
  return (
    <dialog ref={box} class={wide ? "wide" : ""} aria-labelledby={id} onClose={onClose}>
      <div class="dialog-head">
        <h2 id={id}>{title}</h2>
        <button type="button" class="plain-icon" aria-label={t.act.close} onClick={() => box.current?.close()}>
          ×
        </button>
      </div>
      {children}
    </dialog>
  );
}

/** A form in a window, sent once; what the service says against it stands in it. */
export function Form({ onSend, label, children, kind }: { onSend: () => Promise<unknown>; label: string; children: ComponentChildren; kind?: "main" | "danger" }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const send = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      await onSend();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="form" onSubmit={send}>
      {children}
      <Wrong problem={problem} />
      <div class="actions">
        <Button kind={kind ?? "main"} type="submit" disabled={busy} aria-busy={busy}>
          {label}
        </Button>
      </div>
    </form>
  );
}

/** A question before what can't be taken back. */
export function Sure({ title, text, label, act, onClose }: { title: string; text: string; label: string; act: () => Promise<unknown>; onClose: () => void }) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text}</p>
      <Form label={label} kind="danger" onSend={async () => (await act(), onClose())}>
        {null}
      </Form>
    </Dialog>
  );
}

export function Copy({ text, label }: { text: string; label?: string }) {
  const t = useTexts();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <Button kind="quiet" onClick={copy} aria-label={label}>
      <span aria-live="polite">{copied ? t.act.copied : t.act.copy}</span>
    </Button>
  );
}

export function Code({ text, label }: { text: string; label: string }) {
  return (
    <div class="code">
      <pre tabIndex={0} aria-label={label}>
        {text}
      </pre>
      <Copy text={text} label={`${texts().act.copy}: ${label}`} />
    </div>
  );
}

export function Status({ status }: { status: string }) {
  const t = useTexts();
  return <span class={`status ${status}`}>{(t.status as Record<string, string>)[status] ?? status}</span>;
}

/** Hand a file to the browser's downloads. */
export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  follow(url, name);
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export function follow(url: string, name?: string): void {
  const link = document.createElement("a");
  link.href = url;
  if (name) link.download = name;
  link.rel = "noopener";
  document.body.append(link);
  link.click();
  link.remove();
}
