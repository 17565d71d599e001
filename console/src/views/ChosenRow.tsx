// A file that was chosen: what it becomes, its pages, its password.
import { useState } from "preact/hooks";
import { bySlug, forKind } from "../catalogue";
import { type Chosen, change, drop, lacks, moveUp } from "../convert/selection";
import { labelOf } from "../convert/jobs";
import type { MeOut } from "../generated/types.gen";
import { size, useTexts } from "../texts";
import { Button, Select } from "../ui/kit";
import { allows } from "./Convert";
import { PagePicker } from "./PagePicker";

export function ChosenRow({ chosen, me, canRise }: { chosen: Chosen; me: MeOut; canRise: boolean }) {
  const t = useTexts();
  const [picking, setPicking] = useState(false);
  const { file, slug } = chosen;
  const can = forKind(chosen.kind);
  const allowed = can.filter(allows(me));
  const choices = allowed.map((one) => [one.slug, labelOf(one.slug)] as const);
  const takesPages = !!slug && "pages" in bySlug(slug).options;
  return (
    <li class="row">
      <div class="row-name">
        <span class={`kind ${chosen.kind}`} aria-hidden="true">
          {chosen.kind.slice(0, 4) || "?"}
        </span>
        <div>
          <p class="name">{file.name}</p>
          <p class="quiet">{size(file.size)}</p>
        </div>
      </div>
      <div class="row-act">
        {slug ? (
          <Select label={t.convert.becomes(file.name)} hideLabel value={slug} choices={choices} onPick={(one) => change(chosen.id, { slug: one, pages: undefined })} />
        ) : (
          <p class="bad-text">{can.length ? t.convert.notAllowed : t.convert.nothing}</p>
        )}
        {takesPages && (
          <Button kind="plain" onClick={() => setPicking(true)} aria-label={`${t.convert.pagesOf(file.name)}: ${chosen.pages ?? t.convert.pagesAll}`}>
            {chosen.pages ? `${t.convert.pages}: ${chosen.pages}` : lacks(chosen) ? t.convert.pagesNone : t.convert.pagesAll}
          </Button>
        )}
        {canRise && (
          <button type="button" class="plain-icon" aria-label={t.convert.up(file.name)} onClick={() => moveUp(chosen.id)}>
            ↑
          </button>
        )}
        <button type="button" class="plain-icon" aria-label={t.convert.remove(file.name)} onClick={() => drop(chosen.id)}>
          ×
        </button>
      </div>
      {picking && (
        <PagePicker
          file={file}
          isPdf={chosen.kind === "pdf"}
          removes={slug === "remove-pages-from-pdf"}
          value={chosen.pages ?? ""}
          onUse={(pages) => change(chosen.id, { pages: pages || undefined })}
          onClose={() => setPicking(false)}
        />
      )}
    </li>
  );
}
