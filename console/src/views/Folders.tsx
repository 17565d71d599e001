// Temporary keys for folders, and the lines to paste.
import { useState } from "preact/hooks";
import { ask } from "../api";
import { CATALOGUE } from "../catalogue";
import { labelOf } from "../convert/jobs";
import { createFolderKeys } from "../generated/sdk.gen";
import type { CredentialsOut } from "../generated/types.gen";
import { isDemo } from "../session";
import { moment, useTexts } from "../texts";
import { Act, Code, Page, Select } from "../ui/kit";
import type { ViewProps } from "./App";

export function Folders({ me }: ViewProps) {
  const t = useTexts();
  const [keys, setKeys] = useState<CredentialsOut>();
  const [slug, setSlug] = useState(CATALOGUE[0]!.slug);
  const get = async () => setKeys(await ask(() => createFolderKeys()));
  return (
    <Page title={t.folders.title} lead={t.folders.lead}>
      {isDemo(me) ? (
        <p class="note">{t.convert.demo}</p>
      ) : (
        <div class="card steps">
          <div class="actions">
            <Act kind={keys ? "plain" : "main"} act={get}>
              {t.folders.get}
            </Act>
          </div>
          {keys && <Lines keys={keys} slug={slug} onPick={setSlug} />}
          <p class="quiet">{t.folders.hint}</p>
        </div>
      )}
    </Page>
  );
}

function Lines({ keys, slug, onPick }: { keys: CredentialsOut; slug: string; onPick: (slug: string) => void }) {
  const t = useTexts().folders;
  const endpoint = keys.endpoint_url ? ` --endpoint-url ${keys.endpoint_url}` : "";
  const bucket = `s3://${keys.bucket}/`;
  const setUp = [
    `export AWS_ACCESS_KEY_ID=${keys.access_key_id}`,
    `export AWS_SECRET_ACCESS_KEY=${keys.secret_access_key}`,
    `export AWS_SESSION_TOKEN=${keys.session_token}`,
    `export AWS_DEFAULT_REGION=${keys.region}`,
  ].join("\n");
  return (
    <>
      <p>{t.until(moment(keys.expires_at))}</p>
      <Select label={t.which} value={slug} choices={CATALOGUE.map((one) => [one.slug, labelOf(one.slug)] as const)} onPick={onPick} />
      <div>
        <h2>{t.setUp}</h2>
        <Code text={setUp} label={t.setUp} />
      </div>
      <div>
        <h2>{t.put}</h2>
        <Code text={`aws${endpoint} s3 cp --recursive FOLDER ${bucket}${keys.inbox_prefix}${slug}/FOLDER/`} label={t.put} />
      </div>
      <div>
        <h2>{t.fetch}</h2>
        <Code text={`aws${endpoint} s3 cp --recursive ${bucket}${keys.results_prefix} results`} label={t.fetch} />
      </div>
    </>
  );
}
