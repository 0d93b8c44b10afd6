// A file on its way to its text: the states it goes through, and what moves it from one to the next.

import type { ApiError, Job } from "../api";
import type { Options } from "./options";

/** `kept` is one of an earlier visit that nobody has looked at yet. */
export type Phase = "queued" | "sending" | "reading" | "done" | "failed" | "kept";

export interface Problem {
  readonly code: string;
  /** What the API says. */
  readonly detail: string;
  readonly more: Readonly<Record<string, unknown>>;
}

export interface Task {
  /** Of this visit; the job's own is `job.uuid`. */
  readonly id: string;
  readonly uuid: string | null;
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly options: Options;
  readonly phase: Phase;
  /** Share of the file that is sent, 0..1. */
  readonly sent: number;
  /** While a try again is waited for: why, and until when (milliseconds since 1970). */
  readonly waiting: { readonly code: string; readonly until: number } | null;
  /** Without its text and pages, which the shelf holds. */
  readonly job: Job | null;
  readonly problem: Problem | null;
}

export type Happening =
  | { type: "started" }
  | { type: "sent"; share: number }
  | { type: "waiting"; code: string; until: number }
  | { type: "job"; job: Job }
  | { type: "failed"; problem: Problem }
  | { type: "again" };

export function newTask(id: string, file: { name: string; size: number }, options: Options): Task {
  return {
    id,
    uuid: null,
    name: file.name,
    size: file.size,
    options,
    phase: "queued",
    sent: 0,
    waiting: null,
    job: null,
    problem: null,
  };
}

/** The task after what happened. What comes too late, such as bytes sent of a job that is done, changes nothing. */
export function advance(task: Task, happening: Happening): Task {
  const isOver = task.phase === "done" || task.phase === "failed";
  switch (happening.type) {
    case "again":
      return isOver ? onceMore(task) : task;
    case "started":
      return task.phase === "queued" ? { ...task, phase: "sending" } : task;
    case "sent":
      return task.phase === "sending" ? { ...task, sent: Math.min(1, happening.share), waiting: null } : task;
    case "waiting":
      return isOver ? task : { ...task, waiting: { code: happening.code, until: happening.until } };
    case "job":
      return task.phase === "failed" ? task : withJob(task, happening.job);
    case "failed":
      return task.phase === "done" ? task : { ...task, phase: "failed", waiting: null, problem: happening.problem };
  }
}

/** A job that failed is over: the file is sent anew. One that could only not be reached is asked about again. */
function onceMore(task: Task): Task {
  const isLive = task.uuid !== null && task.job?.status !== "failed";
  const fresh = { ...task, sent: 0, waiting: null, problem: null };
  return isLive ? { ...fresh, phase: "reading" } : { ...fresh, phase: "queued", uuid: null, job: null };
}

function withJob(task: Task, job: Job): Task {
  const { text: _text, markdown: _markdown, pages: _pages, ...head } = job;
  const known = { ...task, uuid: job.uuid, sent: 1, waiting: null, job: head };
  if (job.status === "done") return { ...known, phase: "done" };
  if (job.status !== "failed") return { ...known, phase: "reading" };
  const { code, message } = job.error ?? { code: "job_failed", message: "The document could not be read." };
  return { ...known, phase: "failed", problem: { code, detail: message, more: {} } };
}

export function isSettled(task: Task): boolean {
  return task.phase === "done" || task.phase === "failed";
}

export function problemFrom(error: ApiError): Problem {
  return { code: error.code, detail: error.message, more: error.more };
}

/** One line about the task, for the list and for those who hear the page. */
export function stateOf(task: Task): string {
  switch (task.phase) {
    case "queued":
      return "Waiting for its turn";
    case "sending":
      if (task.waiting) return "Trying again soon";
      return task.sent < 1 ? `Sending, ${Math.floor(task.sent * 100)} %` : "Reading";
    case "reading":
      if (task.waiting) return "Trying again soon";
      return task.job ? readingOf(task.job) : "Reading";
    case "done":
      return task.job ? `Done, ${counted(task.job.page_count, "page")}` : "Done";
    case "failed":
      return "Could not be read";
    case "kept":
      return "Read earlier";
  }
}

function readingOf(job: Job): string {
  const { done, total } = job.progress;
  const pages = total > 1 ? `Reading, ${done} of ${total} pages` : "Reading";
  return job.eta_seconds ? `${pages}, ${duration(job.eta_seconds)} left` : pages;
}

/** "about 40 s", "about 3 min". */
export function duration(seconds: number): string {
  return seconds < 90 ? `about ${Math.max(1, Math.round(seconds))} s` : `about ${Math.round(seconds / 60)} min`;
}

export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** What is said aloud of the task: not every page and every percent, but each quarter. */
export function announced(task: Task): string {
  if (task.phase === "sending" && task.sent < 1) return `${task.name}: sending`;
  if (task.phase === "reading" && task.job && task.job.progress.total > 1) {
    const { done, total } = task.job.progress;
    const quarter = Math.floor((4 * done) / total) * 25;
    return `${task.name}: reading, ${quarter} %`;
  }
  return `${task.name}: ${stateOf(task)}`;
}
