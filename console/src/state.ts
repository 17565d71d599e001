// What changes outside of a view and is shown in it.
import { useEffect, useReducer, useState, useCallback } from "preact/hooks";
import { Problem } from "./api";

/** A value that views follow. */
export class Cell<T> {
  private readonly followers = new Set<() => void>();
  constructor(private held: T) {}

  get value(): T {
    return this.held;
  }

  set value(next: T) {
    this.held = next;
    this.followers.forEach((one) => one());
  }

  follow(follower: () => void): () => void {
    this.followers.add(follower);
    return () => this.followers.delete(follower);
  }
}

export function useCell<T>(cell: Cell<T>): T {
  const [, again] = useReducer<number, void>((n) => n + 1, 0);
  useEffect(() => cell.follow(again), [cell]);
  return cell.value;
}

export interface Loaded<T> {
  value?: T;
  problem?: Problem;
  reload: () => Promise<void>;
}

/** What a view loads, anew whenever `when` changes; an answer that came too late is dropped. */
export function useLoaded<T>(load: () => Promise<T>, when: unknown[]): Loaded<T> {
  const [state, setState] = useState<{ value?: T; problem?: Problem }>({});
  const [asked] = useState({ times: 0 });
  const reload = useCallback(async () => {
    const turn = ++asked.times;
    try {
      const value = await load();
      if (turn === asked.times) setState({ value });
    } catch (error) {
      if (turn === asked.times) setState((old) => ({ ...old, problem: asProblem(error) }));
    }
  }, when);
  useEffect(() => void reload(), [reload]);
  return { ...state, reload };
}

/** A list that comes in pages. */
export function usePages<T>(load: (cursor?: string) => Promise<{ items: T[]; next_cursor: string | null }>, when: unknown[]) {
  const first = useLoaded(() => load(), when);
  const [more, setMore] = useState<{ of?: unknown; items: T[]; next: string | null }>({ items: [], next: null });
  const current = more.of === first.value ? more : { items: [], next: first.value?.next_cursor ?? null };
  const next = async () => {
    const page = await load(current.next ?? undefined);
    setMore({ of: first.value, items: [...current.items, ...page.items], next: page.next_cursor });
  };
  return {
    items: first.value && [...first.value.items, ...current.items],
    problem: first.problem,
    reload: first.reload,
    next: current.next ? next : undefined,
  };
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  console.error(error);
  return new Problem(0, "broken", String(error));
}
