// The frame: navigation, the view that the address names, or the log-in.
import type { ComponentType } from "preact";
import { lazy } from "../lazy";
import { useEffect } from "preact/hooks";
import { BASE } from "../api";
import type { MeOut } from "../generated/types.gen";
import { to, usePlace } from "../router";
import { begin, isManager, isSuper, leave, session } from "../session";
import { useCell } from "../state";
import { LANGUAGES, type Language, type Texts, choose, points, useLanguage, useTexts } from "../texts";
import { Act, Select, Told } from "../ui/kit";
import { Convert } from "./Convert";
import { Login } from "./Login";

export interface ViewProps {
  me: MeOut;
  id?: string;
}

interface View {
  name: keyof Texts["nav"];
  show: ComponentType<ViewProps>;
  may?: (me: MeOut) => boolean;
}

const MINE: View[] = [
  { name: "convert", show: Convert },
  { name: "history", show: lazy(() => import("./History").then((m) => m.History)) },
  { name: "points", show: lazy(() => import("./Points").then((m) => m.Points)) },
  { name: "batches", show: lazy(() => import("./Batches").then((m) => m.Batches)) },
  { name: "folders", show: lazy(() => import("./Folders").then((m) => m.Folders)) },
  { name: "keys", show: lazy(() => import("./Keys").then((m) => m.Keys)) },
  { name: "webhooks", show: lazy(() => import("./Webhooks").then((m) => m.Webhooks)) },
  { name: "account", show: lazy(() => import("./Account").then((m) => m.Account)) },
];
const ADMINISTRATION: View[] = [
  { name: "overview", show: lazy(() => import("./Overview").then((m) => m.Overview)), may: isManager },
  { name: "people", show: lazy(() => import("./People").then((m) => m.People)), may: isManager },
  { name: "given", show: lazy(() => import("./Given").then((m) => m.Given)), may: isManager },
  { name: "rules", show: lazy(() => import("./Rules").then((m) => m.Rules)), may: isManager },
  { name: "stuck", show: lazy(() => import("./Stuck").then((m) => m.Stuck)), may: isManager },
  { name: "audit", show: lazy(() => import("./Audit").then((m) => m.Audit)), may: isSuper },
];

export function App() {
  const now = useCell(session);
  const t = useTexts();
  useEffect(() => void begin(), []);
  return (
    <>
      {now.state === "unknown" && <p class="opening">{t.app.loading}</p>}
      {now.state === "out" && <Login wasIn={now.wasIn} />}
      {now.state === "in" && <Frame me={now.me} />}
      <Told />
    </>
  );
}

function Frame({ me }: { me: MeOut }) {
  const t = useTexts();
  const place = usePlace();
  const allowed = [...MINE, ...ADMINISTRATION].filter((one) => one.may?.(me) ?? true);
  const view = allowed.find((one) => one.name === place.name) ?? allowed[0]!;
  const Shown = view.show;
  useEffect(() => scrollTo(0, 0), [place.name, place.id]);
  const skip = (event: Event) => {
    event.preventDefault();
    document.querySelector<HTMLElement>("main h1")?.focus();
  };
  return (
    <div class="frame">
      <a class="skip" href="#main" onClick={skip}>
        {t.app.skip}
      </a>
      <Side me={me} now={view.name} />
      <main id="main">
        <Shown key={`${view.name}/${place.id ?? ""}`} me={me} id={place.id} />
      </main>
    </div>
  );
}

function Side({ me, now }: { me: MeOut; now: string }) {
  const t = useTexts();
  const close = () => document.getElementById("menu")?.removeAttribute("open");
  const links = (views: View[]) => (
    <ul>
      {views.map((one) => (
        <li key={one.name}>
          <a href={to(one.name)} aria-current={one.name === now ? "page" : undefined} onClick={close}>
            {t.nav[one.name]}
          </a>
        </li>
      ))}
    </ul>
  );
  const managed = ADMINISTRATION.filter((one) => one.may?.(me));
  const content = (
    <>
      <nav aria-label={t.app.nav}>
        {links(MINE)}
        {!!managed.length && (
          <>
            <h2>{t.nav.administration}</h2>
            {links(managed)}
          </>
        )}
      </nav>
      <div class="side-end">
        <Languages />
        <p>
          <a href={`${BASE}/`}>{t.app.documentation}</a>
        </p>
        <p class="who" title={me.email}>
          {me.email}
          <br />
          <span class="quiet">{t.roles[me.role]}</span>
        </p>
        <Act act={leave} kind="quiet">
          {t.app.logOut}
        </Act>
      </div>
    </>
  );
  return (
    <header class="side">
      <div class="side-top">
        <a class="brand" href={to("convert")}>
          {t.brand}
        </a>
        <a class="balance" href={to("points")}>
          <span class="unseen">{t.app.balance}: </span>
          {me.points.balance === null ? t.app.unlimited : points(me.points.balance)}
          <span aria-hidden="true"> {me.points.balance === null ? "" : t.app.balance}</span>
        </a>
      </div>
      <div class="side-wide">{content}</div>
      <details class="side-narrow" id="menu">
        <summary>{t.app.menu}</summary>
        {content}
      </details>
    </header>
  );
}

export function Languages() {
  const t = useTexts();
  const choices = Object.entries(LANGUAGES).map(([key, one]) => [key, one.language] as const);
  return <Select label={t.app.languages} hideLabel value={useLanguage()} choices={choices} onPick={(one) => choose(one as Language)} />;
}
