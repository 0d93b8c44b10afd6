// The documents of this visit: what waits, what is being read (two at once), what is done.

import { ApiError, type Job, request } from "../api";
import { dropFile, dropOthers, keepFile, keptFile } from "./files";
import { follow } from "./follow";
import * as memory from "./memory";
import { DEFAULTS, type Options } from "./options";
import { isAbort, isPassing, type Waiting } from "./retry";
import { Shelf } from "./shelf";
import { newSubmission, randomName, submit, type Submission } from "./submit";
import { Store } from "./store";
import { advance, type Happening, isSettled, newTask, problemFrom, type Task } from "./task";

const AT_ONCE = 2;

export const tasks = new Store<readonly Task[]>([]);
/** The id of the task that is shown; null for the place where files are dropped. */
export const shown = new Store<string | null>(null);
/** The files that are at hand, by task: those of this visit, and those that the browser has kept. */
export const files = new Store<ReadonlyMap<string, File>>(new Map());

const shelves = new Map<string, Shelf>();
const submissions = new Map<string, Submission>();
const stops = new Map<string, AbortController>();

export function add(chosen: readonly File[], options: Options): void {
  const added = chosen.map((file) => ({ file, task: newTask(randomName(), file, options) }));
  files.set(new Map([...files.get(), ...added.map(({ file, task }) => [task.id, file] as const)]));
  tasks.set([...added.map(({ task }) => task), ...tasks.get()]);
  const first = added[0];
  if (first) show(first.task.id);
  goOn();
}

export function show(id: string | null): void {
  shown.set(id);
  const task = id ? find(id) : null;
  memory.open(task?.uuid ?? null);
  if (task?.phase === "kept") void look(task);
}

/** Once more from where it failed. What may have reached the service already goes under the same key. */
export function again(id: string, change: Partial<Options> = {}): void {
  const task = find(id);
  if (!task?.problem) return;
  const isSame = isPassing(new ApiError(Number(task.problem.more["status"] ?? 0), task.problem.code, "", null));
  if (!isSame || Object.keys(change).length) submissions.delete(id);
  update(id, (old) => ({ ...advance(old, { type: "again" }), options: { ...old.options, ...change } }));
  const uuid = find(id)?.uuid;
  if (uuid) void run(id, () => watch(id, uuid));
  else goOn();
}

/** Deletes the document at the service, with all that is kept of it here. Throws ApiError. */
export async function remove(id: string): Promise<void> {
  const uuid = find(id)?.uuid;
  if (uuid) {
    try {
      await request(`/api/v1/ocr/${uuid}/`, { method: "DELETE" });
    } catch (error) {
      if (!(error instanceof ApiError && (error.status === 404 || error.status === 410))) throw error;
    }
  }
  await dismiss(id);
}

/** Takes the task from the list, and what this browser keeps of it; what the service has stays there. */
export async function dismiss(id: string): Promise<void> {
  stops.get(id)?.abort();
  const uuid = find(id)?.uuid;
  tasks.set(tasks.get().filter((task) => task.id !== id));
  files.set(new Map([...files.get()].filter(([key]) => key !== id)));
  shelves.delete(id);
  submissions.delete(id);
  if (shown.get() === id) show(null);
  goOn();
  if (uuid) {
    memory.forget(uuid);
    await dropFile(uuid);
  }
}

/** The file of a document that was read earlier, chosen again so that its pages can be seen. */
export function giveFile(id: string, file: File): void {
  files.set(new Map([...files.get(), [id, file]]));
  const uuid = find(id)?.uuid;
  if (uuid) void keepFile(uuid, file);
}

export function shelfOf(task: Task): Shelf | null {
  if (!task.job) return null;
  const known = shelves.get(task.id);
  if (known) return known;
  const shelf = new Shelf(task.job.uuid, task.job.page_count, stopOf(task.id).signal);
  shelves.set(task.id, shelf);
  return shelf;
}

/** Takes up what was there before a reload, and the document that the address names (`/?job=`). */
export function takeUp(): void {
  const now = Date.now();
  const known = memory.remembered(now);
  const named = new URLSearchParams(location.search).get("job");
  if (named) history.replaceState(null, "", location.pathname); // whoever has the uuid has the document
  const entries = known.map((entry) => keptTask(entry));
  if (named && !known.some((entry) => entry.uuid === named)) {
    entries.unshift(keptTask({ uuid: named, name: "Document", size: 0 }));
  }
  tasks.set(entries);
  void dropOthers(new Set(known.map((entry) => entry.uuid)));
  for (const entry of known) {
    const task = entries.find((one) => one.uuid === entry.uuid);
    if (task && !entry.settled) void look(task);
  }
  const wanted = named ?? memory.opened();
  const open = entries.find((task) => task.uuid === wanted);
  if (open) show(open.id);
}

/** The browser session is of no more use: what is read next is read without an account. */
export async function signOut(): Promise<void> {
  await request("/api/v1/account/session/", { method: "DELETE" });
}

function keptTask(entry: { uuid: string; name: string; size: number }): Task {
  return { ...newTask(randomName(), entry, DEFAULTS), uuid: entry.uuid, phase: "kept" };
}

async function look(task: Task): Promise<void> {
  const uuid = task.uuid as string;
  update(task.id, (old) => ({ ...old, phase: "reading" }));
  void keptFile(uuid).then((file) => file && files.set(new Map([...files.get(), [task.id, file]])));
  await run(task.id, () => watch(task.id, uuid, "1-20"));
}

function goOn(): void {
  const all = tasks.get();
  const busy = all.filter((task) => !isSettled(task) && task.phase !== "queued" && task.phase !== "kept").length;
  const next = all.filter((task) => task.phase === "queued").slice(0, Math.max(0, AT_ONCE - busy));
  for (const task of next) void run(task.id, () => read(task));
}

/** Runs the work of a task to its end, whatever that is, and then the next one's. */
async function run(id: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    fail(id, error);
  }
  goOn();
}

async function read(task: Task): Promise<void> {
  const file = files.get().get(task.id);
  if (!file) throw new ApiError(0, "file_missing", "The file is not at hand any more.", null);
  happen(task.id, { type: "started" });
  const submission = submissions.get(task.id) ?? newSubmission();
  submissions.set(task.id, submission);
  const job = await submit(file, task.options, submission, {
    signal: stopOf(task.id).signal,
    onSent: (share) => happen(task.id, { type: "sent", share }),
    onWait: (waiting) => wait(task.id, waiting),
  });
  void keepFile(job.uuid, file);
  hear(task.id, job);
  if (job.status !== "done" && job.status !== "failed") await watch(task.id, job.uuid);
}

function watch(id: string, uuid: string, pages: string | null = null): Promise<void> {
  const following = {
    signal: stopOf(id).signal,
    onJob: (job: Job) => hear(id, job),
    onWait: (waiting: Waiting) => wait(id, waiting),
  };
  return follow(uuid, following, pages);
}

function hear(id: string, job: Job): void {
  const before = find(id)?.job?.progress.done ?? -1;
  update(id, (task) => ({ ...advance(task, { type: "job", job }), name: job.filename ?? task.name }));
  const task = find(id);
  if (!task) return;
  const now = Date.now();
  const { uuid, name, size } = { ...task, uuid: job.uuid };
  memory.remember({ uuid, name, size, settled: isSettled(task), until: memory.untilOf(job.expires_at, now) }, now);
  if (shown.get() === id) memory.open(uuid);
  const shelf = shelfOf(task);
  shelf?.heard(job);
  if (shown.get() === id && job.progress.done > before) shelf?.refresh();
}

function wait(id: string, { error, pause }: Waiting): void {
  happen(id, { type: "waiting", code: error.code, until: Date.now() + pause });
}

function fail(id: string, error: unknown): void {
  if (isAbort(error)) return;
  if (!(error instanceof ApiError)) throw error;
  happen(id, { type: "failed", problem: problemFrom(error) });
  const uuid = find(id)?.uuid;
  if (uuid && error.status === 410) memory.forget(uuid); // a 404 may only mean that its reader is not signed in
}

function happen(id: string, happening: Happening): void {
  update(id, (task) => advance(task, happening));
}

function update(id: string, change: (task: Task) => Task): void {
  tasks.set(tasks.get().map((task) => (task.id === id ? change(task) : task)));
}

function find(id: string): Task | undefined {
  return tasks.get().find((task) => task.id === id);
}

function stopOf(id: string): AbortController {
  const known = stops.get(id);
  if (known && !known.signal.aborted) return known;
  const stop = new AbortController();
  stops.set(id, stop);
  return stop;
}
