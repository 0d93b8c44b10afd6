// Sends a file: within the request where it fits, else by a presigned form and its `upload_id`.

import { ApiError, type Job, post, problem } from "../api";
import { fieldsOf, type Options } from "./options";
import { retrying, type Waiting } from "./retry";

const JOBS = "/api/v1/ocr/";

/** The service takes 4.4 MB in all in one request (the gateway's limit); names and fields need some of it. */
export const DIRECT_BYTES = 4_400_000 - 16_384;

export type Way = "direct" | "form";

export function wayOf(size: number): Way {
  return size <= DIRECT_BYTES ? "direct" : "form";
}

/** What a try again needs to be the same request, so that it is paid once. */
export interface Submission {
  readonly key: string;
  uploadId: string | null;
}

export function newSubmission(): Submission {
  return { key: randomName(), uploadId: null };
}

/** 128 bits as text. `crypto.randomUUID` is missing where a page is not served over TLS. */
export function randomName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

interface Sending {
  signal: AbortSignal;
  onSent: (share: number) => void;
  onWait: (waiting: Waiting) => void;
}

interface Offer {
  upload_id: string;
  url: string;
  fields: Record<string, string>;
}

/** The job as the service first answers it. Throws ApiError. */
export async function submit(file: File, options: Options, submission: Submission, sending: Sending): Promise<Job> {
  if (submission.uploadId === null && wayOf(file.size) === "direct") {
    try {
      return await ask({ ...fieldsOf(options) }, file, submission.key, sending);
    } catch (error) {
      // a service with a lower limit than ours says so; the other way knows what a file may have in all
      if (!(error instanceof ApiError && error.code === "file_too_large")) throw error;
    }
  }
  submission.uploadId ??= await upload(file, sending);
  return ask({ ...fieldsOf(options), upload_id: submission.uploadId }, null, submission.key, sending);
}

async function upload(file: File, sending: Sending): Promise<string> {
  const offer = await retrying(
    () => post<Offer>("/api/v1/uploads/", { filename: file.name, size: file.size }),
    sending,
  );
  await retrying(() => send(offer.url, formOf(offer.fields, file), {}, sending), sending);
  return offer.upload_id;
}

function ask(fields: Record<string, string>, file: File | null, key: string, sending: Sending): Promise<Job> {
  return retrying(async () => {
    const { onSent } = sending;
    const text = await send(JOBS, formOf(fields, file), { "Idempotency-Key": key }, file ? sending : { ...sending, onSent: () => onSent(1) });
    return JSON.parse(text) as Job;
  }, sending);
}

/** The file comes last, as S3 wants it. */
function formOf(fields: Record<string, string>, file: File | null): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  if (file) form.append("file", file, file.name);
  return form;
}

/** XMLHttpRequest, since `fetch` does not tell how much has been sent. */
function send(url: string, form: FormData, headers: Record<string, string>, sending: Sending): Promise<string> {
  const { signal, onSent } = sending;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    request.upload.onprogress = (event) => event.lengthComputable && onSent(event.loaded / event.total);
    request.upload.onload = () => onSent(1);
    request.onload = () => {
      const { status, responseText } = request;
      if (status >= 200 && status < 300) resolve(responseText);
      else reject(problem(status, responseText, request.getResponseHeader("Retry-After")));
    };
    request.onerror = () =>
      reject(new ApiError(0, "offline", "The service cannot be reached. Check the connection and try again.", null));
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    request.onloadend = () => signal.removeEventListener("abort", stop);
    signal.addEventListener("abort", stop);
    request.open("POST", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.send(form);
    if (signal.aborted) stop();
  });
}
