// The pages of a job that have come so far. They are fetched twenty at a time, where somebody looks.

import { ApiError, type Job, json, type Page } from "../api";
import { isAbort, retrying } from "./retry";
import { Store } from "./store";

/** Pages that one request may ask for. */
export const MOST_PAGES = 20;

/** The window of `size` pages that page `index` (from 0) lies in: first and last, from 1, as the API counts them. */
export function windowOf(index: number, count: number, size: number = MOST_PAGES): readonly [number, number] {
  const first = Math.floor(index / size) * size;
  return [first + 1, Math.min(first + size, count)];
}

export class Shelf {
  /** By index, from 0. */
  readonly pages = new Map<number, Page>();
  /** Counts what has come, so that views know of it: the map itself is not copied, however long the document. */
  readonly come = new Store(0);
  /** Why pages could not be fetched, until they are. */
  readonly problem = new Store<ApiError | null>(null);
  private size = MOST_PAGES;
  private wanted = 0;
  private loading = false;
  private again = false;

  constructor(
    readonly uuid: string,
    private count: number,
    private readonly signal: AbortSignal,
  ) {}

  put(pages: readonly Page[]): void {
    for (const page of pages) this.pages.set(page.index, page);
    if (pages.length) this.come.set(this.come.get() + 1);
  }

  /** What the service says of the job: how many pages there are, and some of them. */
  heard(job: Job): void {
    this.count = job.page_count;
    if (job.pages) this.put(job.pages);
  }

  /** Page `index` is looked at: it is fetched unless it is there. */
  want(index: number): void {
    this.wanted = index;
    void this.load();
  }

  /** The first page that is there: pages do not come in their order. */
  first(): number | null {
    return this.pages.size ? Math.min(...this.pages.keys()) : null;
  }

  /** More pages are finished than there were. */
  refresh(): void {
    void this.load();
  }

  /** All pages, in order; those that are missing are fetched first. */
  async all(): Promise<Page[]> {
    for (let index = 0; index < this.count; index++) {
      if (!this.pages.has(index)) this.put(await this.fetch(windowOf(index, this.count, this.size)));
    }
    return [...this.pages.values()].sort((one, other) => one.index - other.index);
  }

  /** One request at a time; what was asked for meanwhile follows. */
  private async load(): Promise<void> {
    if (this.loading) {
      this.again = true;
      return;
    }
    this.loading = true;
    this.problem.set(null);
    try {
      do {
        this.again = false;
        const missing = this.missing(windowOf(this.wanted, this.count, this.size));
        if (missing) this.put(await this.fetch(missing));
      } while (this.again);
    } catch (error) {
      if (error instanceof ApiError) this.problem.set(error);
      else if (!isAbort(error)) throw error;
    } finally {
      this.loading = false;
    }
  }

  /** The smallest range that holds all pages of the window that are not there, from 1. */
  private missing([first, last]: readonly [number, number]): readonly [number, number] | null {
    const numbers = Array.from({ length: last - first + 1 }, (_, place) => first + place);
    const missing = numbers.filter((number) => !this.pages.has(number - 1));
    const [from, to] = [missing[0], missing.at(-1)];
    return from === undefined || to === undefined ? null : [from, to];
  }

  private async fetch([first, last]: readonly [number, number]): Promise<Page[]> {
    try {
      const path = `/api/v1/ocr/${this.uuid}/?pages=${first}-${last}`;
      const job = await retrying(() => json<Job>(path, { signal: this.signal }), { signal: this.signal });
      return job.pages ?? [];
    } catch (error) {
      const isTooLarge = error instanceof ApiError && error.code === "parameter_invalid" && last > first;
      if (!isTooLarge) throw error;
      this.size = Math.ceil(this.size / 2); // pages so full that twenty are no answer
      this.again = true;
      return this.fetch([first, first + Math.ceil((last - first) / 2) - 1]);
    }
  }
}
