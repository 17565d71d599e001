// The option builder of the documentation page: a conversion and its options by controls, and what a program says for them.
import { render } from "preact";
import { useState } from "preact/hooks";
import { BASE } from "../api";
import { CATALOGUE, bySlug } from "../catalogue";
import { options } from "../convert/selection";
import { Snippets } from "../reference/Snippets";
import { useCell } from "../state";
import { Select } from "../ui/kit";
import { Control } from "../views/OptionsOf";
import { orders } from "./orders";

function Builder() {
  const [slug, setSlug] = useState(CATALOGUE[0]!.slug);
  const spec = bySlug(slug);
  const own = useCell(options)[slug] ?? {};
  return (
    <>
      <form class="grid" onSubmit={(event) => event.preventDefault()}>
        <Select label="Conversion" help={spec.summary} value={slug} choices={CATALOGUE.map((one) => [one.slug, one.label] as const)} onPick={setSlug} />
        {Object.entries(spec.options).map(([name, schema]) => (
          <Control key={`${slug}.${name}`} slug={slug} name={name} schema={schema} value={own[name]} />
        ))}
      </form>
      <Snippets label="Your conversion" all={orders(spec, own, BASE)} />
    </>
  );
}

render(<Builder />, document.getElementById("builder")!);
