// The readers' own files, kept in this browser (IndexedDB) so that pages can be shown after a reload. Bounded, and
// dropped with the document.

const DATABASE = "ocrchat";
const FILES = "files";
const LARGEST_BYTES = 25_000_000;
const MOST_BYTES = 100_000_000;

interface Kept {
  uuid: string;
  file: Blob;
  name: string;
  size: number;
  /** Milliseconds since 1970. */
  at: number;
}

export interface Size {
  readonly uuid: string;
  readonly size: number;
  readonly at: number;
}

/** Which of these have to go, the oldest first, so that what is left has at most `most` bytes. */
export function surplus(kept: readonly Size[], most: number = MOST_BYTES): string[] {
  const newest = [...kept].sort((one, other) => other.at - one.at);
  let bytes = 0;
  return newest.filter((one) => (bytes += one.size) > most).map((one) => one.uuid);
}

/** Nothing is kept of a file that is too large, nor where the browser keeps nothing: it can be chosen again. */
export async function keepFile(uuid: string, file: File): Promise<void> {
  if (file.size > LARGEST_BYTES) return;
  await using(async (store) => {
    const kept: Kept = { uuid, file, name: file.name, size: file.size, at: Date.now() };
    await done(store.put(kept));
    const all = (await done(store.getAll())) as Kept[];
    for (const old of surplus(all)) store.delete(old);
  });
}

export async function keptFile(uuid: string): Promise<File | null> {
  const found = await using((store) => done(store.get(uuid)) as Promise<Kept | undefined>);
  return found ? new File([found.file], found.name, { type: found.file.type }) : null;
}

export async function dropFile(uuid: string): Promise<void> {
  await using(async (store) => void (await done(store.delete(uuid))));
}

/** Drops the files of all documents but these. */
export async function dropOthers(uuids: ReadonlySet<string>): Promise<void> {
  await using(async (store) => {
    for (const key of await done(store.getAllKeys())) if (!uuids.has(String(key))) store.delete(key);
  });
}

/** Null where the browser has no database for us (a private window, a full disk). */
async function using<T>(work: (store: IDBObjectStore) => Promise<T>): Promise<T | null> {
  let database: IDBDatabase;
  try {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(FILES, { keyPath: "uuid" });
    database = await done(opening);
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
  try {
    return await work(database.transaction(FILES, "readwrite").objectStore(FILES));
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  } finally {
    database.close(); // once its transactions are through
  }
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
