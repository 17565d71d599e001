// What a conversion costs.
import { useEffect, useState } from "preact/hooks";
import { ask } from "../api";
import { getRules, setRules } from "../generated/sdk.gen";
import { isSuper, refresh } from "../session";
import { useLoaded } from "../state";
import { useTexts } from "../texts";
import { Field, Form, Page, Wrong, tell } from "../ui/kit";
import type { ViewProps } from "./App";

export function Rules({ me }: ViewProps) {
  const t = useTexts();
  const { value, problem, reload } = useLoaded(() => ask(() => getRules()), []);
  const [cost, setCost] = useState("");
  useEffect(() => value && setCost(String(value.flat_cost_per_request)), [value]);
  const change = async () => {
    const set = await ask(() => setRules({ body: { flat_cost_per_request: Number(cost) } }));
    tell(t.rules.saved(set.flat_cost_per_request));
    await Promise.all([reload(), refresh()]);
  };
  return (
    <Page title={t.rules.title} lead={t.rules.lead}>
      <Wrong problem={problem} />
      <div class="card narrow-card">
        {value &&
          (isSuper(me) ? (
            <Form label={t.act.save} onSend={change}>
              <Field label={t.rules.cost} type="number" min={0} required value={cost} onInput={(e) => setCost(e.currentTarget.value)} />
            </Form>
          ) : (
            <>
              <p>{t.points.cost(value.flat_cost_per_request)}</p>
              <p class="quiet">{t.rules.readOnly}</p>
            </>
          ))}
      </div>
    </Page>
  );
}
