// Which documents were read in this browser. A job without an account is anybody's who knows its uuid, so it is kept
// here alone, no longer than the service keeps the result, and goes when the document is deleted.

const KEY = "ocrchat.documents";
const OPEN = "ocrchat.open";
const MOST = 30;
const DAY_MS = 86_400_000;

export interface Remembered {
  readonly uuid: string;
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly settled: boolean;
  /** Milliseconds since 1970, after which the service has it no more. */
  readonly until: number;
}

/** The newest first. What another version has written is left out. */
export function remembered(now: number, storage: Storage = localStorage): Remembered[] {
  return read(storage).filter((entry) => entry.until > now);
}

/** Puts `entry` in front, or in its own place where it is known. Read anew each time, since other tabs write too. */
export function remember(entry: Remembered, now: number, storage: Storage = localStorage): void {
  const known = remembered(now, storage);
  const place = known.findIndex((one) => one.uuid === entry.uuid);
  const entries = place < 0 ? [entry, ...known] : known.with(place, entry);
  storage.setItem(KEY, JSON.stringify(entries.slice(0, MOST)));
}

export function forget(uuid: string, storage: Storage = localStorage): void {
  storage.setItem(KEY, JSON.stringify(read(storage).filter((entry) => entry.uuid !== uuid)));
}

/** Until when a job is remembered: until it expires, or a day where it does not say yet. */
export function untilOf(expiresAt: string | null, now: number): number {
  return expiresAt ? Date.parse(expiresAt) : now + DAY_MS;
}

/** The document that this tab shows, so that it does after a reload. */
export function opened(storage: Storage = sessionStorage): string | null {
  return storage.getItem(OPEN);
}

export function open(uuid: string | null, storage: Storage = sessionStorage): void {
  if (uuid) storage.setItem(OPEN, uuid);
  else storage.removeItem(OPEN);
}

function read(storage: Storage): Remembered[] {
  let entries: unknown;
  try {
    entries = JSON.parse(storage.getItem(KEY) ?? "[]");
  } catch {
    return []; // not ours: it is written over
  }
  return Array.isArray(entries) ? entries.filter(isRemembered) : [];
}

function isRemembered(entry: unknown): entry is Remembered {
  const one = entry as Partial<Remembered> | null;
  return (
    typeof one?.uuid === "string" &&
    typeof one.name === "string" &&
    typeof one.size === "number" &&
    typeof one.settled === "boolean" &&
    typeof one.until === "number"
  );
}
