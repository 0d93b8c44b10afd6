// Keys that go from one of several things to the next.

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/** Where `key` leads from `current`; null where it leads nowhere. */
export function stepped(key: string, current: number | null, count: number): number | null {
  if (count === 0) return null;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const step = STEPS[key];
  if (step === undefined) return null;
  if (current === null) return 0;
  const next = current + step;
  return next >= 0 && next < count ? next : null;
}
