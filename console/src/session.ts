// Who is logged in, as views show it.
import { ask, logIn, logOut, onSessionOver, resume } from "./api";
import { getMe } from "./generated/sdk.gen";
import type { MeOut } from "./generated/types.gen";
import { Cell } from "./state";

type Session = { state: "unknown" } | { state: "out"; wasIn: boolean } | { state: "in"; me: MeOut };

export const session = new Cell<Session>({ state: "unknown" });

onSessionOver(() => {
  session.value = { state: "out", wasIn: session.value.state === "in" && !leaving };
});
let leaving = false;

export async function begin(): Promise<void> {
  try {
    if (await resume()) return await refresh();
  } catch {
    // As if there were no session: the log-in says what is wrong.
  }
  if (session.value.state === "unknown") session.value = { state: "out", wasIn: false };
}

/** The caller anew: the balance, what is allowed. */
export async function refresh(): Promise<void> {
  session.value = { state: "in", me: await ask(() => getMe()) };
}

export async function enter(email: string, password: string): Promise<void> {
  leaving = false;
  await logIn(email, password);
  await refresh();
}

export async function leave(): Promise<void> {
  leaving = true;
  await logOut();
}

export const isManager = (me: MeOut): boolean => me.role === "super_user" || me.role === "admin_user";
export const isSuper = (me: MeOut): boolean => me.role === "super_user";
export const isDemo = (me: MeOut): boolean => me.role === "demo_user";
