// Examples in tabs, each with a button that copies it.
import { useId, useState } from "preact/hooks";
import { Code } from "../ui/kit";
import type { Snippet } from "./snippets";

export function Snippets({ label, all }: { label: string; all: Snippet[] }) {
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const [language, text] = all[Math.min(chosen, all.length - 1)]!;
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (chosen + step + all.length) % all.length;
    setChosen(next);
    document.getElementById(`${id}-${next}`)?.focus();
  };
  return (
    <div class="tabs">
      <div class="tab-list" role="tablist" aria-label={label}>
        {all.map(([name], index) => (
          <button
            type="button"
            key={name}
            role="tab"
            id={`${id}-${index}`}
            aria-selected={index === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={index === chosen ? 0 : -1}
            onClick={() => setChosen(index)}
            onKeyDown={move}
          >
            {name}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`}>
        <Code text={text} label={`${label}: ${language}`} />
      </div>
    </div>
  );
}
