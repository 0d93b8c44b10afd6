import { Loading, Trouble } from "./Loading";
import type { Listed } from "./list";

/** The end of a list: what there is to say of it, and the way to the rest. */
export function More<T>({ list, none, label }: { list: Listed<T>; none: string; label: string }) {
  if (list.problem) return <Trouble problem={list.problem} onAgain={list.more} />;
  if (!list.items) return <Loading />;
  if (!list.items.length && !list.hasMore) return <p>{none}</p>;
  if (!list.hasMore) return null;
  return (
    <button type="button" disabled={list.isBusy} onClick={list.more}>
      {list.isBusy ? "Loading…" : label}
    </button>
  );
}
