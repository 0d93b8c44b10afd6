// Asks how far a job is until it has ended.

import { type Job, json } from "../api";
import { pause, retrying, type Waiting } from "./retry";

/** Seconds that the service may hold one request back: it answers sooner when the job ends. */
const WAIT_S = 2;
/** Milliseconds between the beginnings of two requests, where the service holds none back. */
const PACE_MS = 1500;

interface Following {
  signal: AbortSignal;
  onJob: (job: Job) => void;
  onWait: (waiting: Waiting) => void;
}

/** Ends when the job has. `pages` are asked for at first, which spares a request. Throws ApiError. */
export async function follow(uuid: string, following: Following, pages: string | null = null): Promise<void> {
  const { signal, onJob } = following;
  let query = pages ? `pages=${pages}` : `wait=${WAIT_S}`;
  for (;;) {
    const begun = performance.now();
    const job = await retrying(() => json<Job>(`/api/v1/ocr/${uuid}/?${query}`, { signal }), following);
    onJob(job);
    if (job.status === "done" || job.status === "failed") return;
    query = `wait=${WAIT_S}`;
    await pause(Math.max(0, PACE_MS - (performance.now() - begun)), signal);
  }
}
