import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DEFAULTS } from "../../../src/app/options";
import { DIRECT_BYTES, newSubmission, submit, wayOf } from "../../../src/app/submit";

interface Sent {
  url: string;
  headers: Record<string, string>;
  form: FormData;
}
type Answer = [status: number, body: unknown];

let sent: Sent[];
let answers: Answer[];

class FakeRequest {
  upload: { onprogress?: (event: { lengthComputable: boolean; loaded: number; total: number }) => void; onload?: () => void } = {};
  onload?: () => void;
  onerror?: () => void;
  onloadend?: () => void;
  status = 0;
  responseText = "";
  private url = "";
  private headers: Record<string, string> = {};

  open(_method: string, url: string): void {
    this.url = url;
  }
  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  getResponseHeader(): string | null {
    return null;
  }
  send(form: FormData): void {
    sent.push({ url: this.url, headers: this.headers, form });
    const [status, body] = answers.shift() ?? [0, ""];
    queueMicrotask(() => {
      this.upload.onprogress?.({ lengthComputable: true, loaded: 1, total: 4 });
      this.upload.onload?.();
      [this.status, this.responseText] = [status, JSON.stringify(body)];
      if (status) this.onload?.();
      else this.onerror?.();
      this.onloadend?.();
    });
  }
}

beforeEach(() => {
  sent = [];
  answers = [];
  vi.stubGlobal("XMLHttpRequest", FakeRequest);
  vi.stubGlobal("fetch", async () => Response.json({ upload_id: "u1", url: "/bucket", fields: { policy: "p" } }, { status: 201 }));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const JOB: Answer = [201, { uuid: "abc", status: "done" }];
const small = new File(["x"], "small.png");
const large = new File([new Uint8Array(DIRECT_BYTES + 1)], "large.pdf");
const quiet = { signal: new AbortController().signal, onSent: () => {}, onWait: () => {} };

test("what fits into a request goes with it, what does not by a form", () => {
  expect(wayOf(DIRECT_BYTES)).toBe("direct");
  expect(wayOf(DIRECT_BYTES + 1)).toBe("form");
});

test("a small file is one request, with its key and its options", async () => {
  answers = [JOB];
  const shares: number[] = [];
  const submission = newSubmission();
  const job = await submit(small, { ...DEFAULTS, language: "ja" }, submission, { ...quiet, onSent: (share) => shares.push(share) });
  expect(job.uuid).toBe("abc");
  expect(sent).toHaveLength(1);
  expect(sent[0]?.headers).toEqual({ "Idempotency-Key": submission.key });
  expect(Object.fromEntries(sent[0]?.form ?? [])).toMatchObject({ tier: "cpu", language: "ja", file: expect.any(File) });
  expect(shares).toEqual([0.25, 1]);
});

test("a large one is sent to the form's address, and submitted by its id", async () => {
  answers = [[204, ""], JOB];
  await submit(large, DEFAULTS, newSubmission(), quiet);
  expect(sent.map(({ url }) => url)).toEqual(["/bucket", "/api/v1/ocr/"]);
  expect([...(sent[0]?.form.keys() ?? [])]).toEqual(["policy", "file"]);
  expect(Object.fromEntries(sent[1]?.form ?? [])).toEqual({ tier: "cpu", language: "auto", upload_id: "u1" });
});

test("a service that takes less than we think is obeyed", async () => {
  answers = [[400, { code: "file_too_large", detail: "" }], [204, ""], JOB];
  await submit(small, DEFAULTS, newSubmission(), quiet);
  expect(sent.map(({ url }) => url)).toEqual(["/api/v1/ocr/", "/bucket", "/api/v1/ocr/"]);
});

test("a lost answer is asked for again under the same key, so that it is paid once", async () => {
  vi.useFakeTimers();
  answers = [[0, ""], [503, { code: "overloaded", detail: "" }], JOB];
  const working = submit(small, DEFAULTS, newSubmission(), quiet);
  await vi.runAllTimersAsync();
  await working;
  expect(new Set(sent.map(({ headers }) => headers["Idempotency-Key"])).size).toBe(1);
  expect(sent).toHaveLength(3);
});

test("what is refused for good is told at once", async () => {
  answers = [[400, { code: "file_corrupt", detail: "damaged" }]];
  await expect(submit(small, DEFAULTS, newSubmission(), quiet)).rejects.toMatchObject({ code: "file_corrupt" });
  expect(sent).toHaveLength(1);
});
