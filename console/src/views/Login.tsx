import { useState } from "preact/hooks";
import { enter } from "../session";
import { useTexts } from "../texts";
import { Field, Form } from "../ui/kit";
import { Languages } from "./App";

export function Login({ wasIn }: { wasIn: boolean }) {
  const t = useTexts();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  document.title = `${t.login.title} · ${t.brand}`;
  return (
    <main class="login">
      <p class="brand">{t.brand}</p>
      <h1>{t.login.title}</h1>
      <p class="lead">{wasIn ? t.login.over : t.login.lead}</p>
      <Form label={t.login.submit} onSend={() => enter(email, password)}>
        <Field label={t.login.email} type="email" autocomplete="username" required value={email} onInput={(e) => setEmail(e.currentTarget.value)} />
        <Field
          label={t.login.password}
          type="password"
          autocomplete="current-password"
          required
          value={password}
          onInput={(e) => setPassword(e.currentTarget.value)}
        />
      </Form>
      <Languages />
    </main>
  );
}
