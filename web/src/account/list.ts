// A list that comes some at a time.

import { useCallback, useEffect, useState } from "preact/hooks";
import type { Problem } from "../app/task";
import type { Cursored } from "./service";
import { tried } from "./session";

export interface Listed<T> {
  /** Null before the first have come. */
  items: readonly T[] | null;
  hasMore: boolean;
  isBusy: boolean;
  problem: Problem | null;
  /** The next ones; after a problem, those that did not come. */
  more: () => void;
  /** From the start. */
  reload: () => void;
  remove: (id: string) => void;
}

/** What is known with what has come: an item that moved between two requests stands once. */
export function joined<T>(known: readonly T[], come: readonly T[], idOf: (item: T) => string): T[] {
  const seen = new Set(known.map(idOf));
  return [...known, ...come.filter((item) => !seen.has(idOf(item)))];
}

/** `fetchPage` and `idOf` are functions that stay the same. */
export function useList<T>(fetchPage: (after: string | null) => Promise<Cursored<T>>, idOf: (item: T) => string): Listed<T> {
  const [items, setItems] = useState<readonly T[] | null>(null);
  const [after, setAfter] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(true);
  const [problem, setProblem] = useState<Problem | null>(null);
  const fetchAfter = useCallback(
    async (after: string | null) => {
      setBusy(true);
      setProblem(
        await tried(async () => {
          const page = await fetchPage(after);
          setItems((known) => (after && known ? joined(known, page.data, idOf) : page.data));
          setAfter(page.has_more ? page.after : null);
        }),
      );
      setBusy(false);
    },
    [fetchPage, idOf],
  );
  useEffect(() => void fetchAfter(null), [fetchAfter]);
  return {
    items,
    hasMore: after !== null,
    isBusy,
    problem,
    more: () => void fetchAfter(after),
    reload: () => void fetchAfter(null),
    remove: (id) => setItems((known) => known?.filter((item) => idOf(item) !== id) ?? null),
  };
}
