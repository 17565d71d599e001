// What a route answered.
import { size } from "../texts";
import { Code } from "../ui/kit";
import type { Came as Answer } from "./call";
import { Opened } from "./Fields";

export function Came({ came }: { came: Answer }) {
  const body = came.body === undefined ? came.text : JSON.stringify(came.body, null, 2);
  return (
    <div class="came">
      <p>
        <strong class={`status ${came.status < 400 ? "success" : "failed"}`}>
          {came.status} {came.reason}
        </strong>
      </p>
      {body !== undefined && <Code text={body} label="What came" />}
      {came.blob && <p class="quiet">A file of {size(came.blob.size)}.</p>}
      <Opened title="Headers">
        {() => (
          <dl class="pairs">
            {came.headers.map(([name, value]) => (
              <div key={name}>
                <dt>
                  <code>{name}</code>
                </dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
      </Opened>
    </div>
  );
}
