// The public API, as far as the site uses it. The session's cookie goes along by itself; a token is never kept.

export type Tier = "cpu" | "vlm";
export type Status = "pending" | "processing" | "done" | "failed";
export type BBox = readonly [x0: number, y0: number, x1: number, y1: number];

export interface Cell {
  row: number;
  column: number;
  row_span: number;
  column_span: number;
  text: string;
  bbox: BBox;
}

export interface Block {
  type: "heading" | "text" | "list" | "table" | "formula" | "figure" | "header" | "footer";
  text: string;
  bbox: BBox;
  confidence: number;
  /** Of a heading, 1 to 6. */
  level?: number;
  table?: Table;
  translation?: string;
}

export interface Table {
  rows: number;
  columns: number;
  header_rows: number;
  cells: Cell[];
}

/** Something named that a document says, such as the total of a receipt. */
export interface Field {
  name: string;
  value: string;
  bbox: BBox;
}

export interface Page {
  index: number;
  width: number;
  height: number;
  unit: "pt" | "px";
  rotation: number;
  language: string | null;
  source: "text_layer" | "cpu" | "vlm";
  text: string;
  markdown: string;
  mean_confidence: number | null;
  blocks: Block[];
  fields?: Field[];
  warnings: Warning[];
  error: { code: string; message: string } | null;
}

export interface Warning {
  code: string;
  message: string;
}

export interface Job {
  uuid: string;
  status: Status;
  tier: Tier;
  language: string;
  tool: string | null;
  filename?: string | null;
  page_count: number;
  mean_confidence: number | null;
  detected_languages: string[];
  progress: { done: number; total: number };
  eta_seconds?: number | null;
  text?: string | null;
  markdown?: string | null;
  pages?: Page[];
  warnings: Warning[];
  error?: { code: string; message: string } | null;
  cost: { credits: number; refunded: number };
  created_at: string;
  expires_at: string | null;
  links: { self: string; result?: string | null; download: Record<string, string>; chat?: string | null };
}

/** An answer of the API that is a problem document (RFC 9457), or the network's own failure (code `offline`). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    /** Seconds after which it is worth trying again. */
    readonly retryAfter: number | null,
    /** What else the problem document says, such as `used` and `cap`. */
    readonly more: Record<string, unknown> = {},
  ) {
    super(detail);
    this.name = "ApiError";
  }
}

export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, "offline", "The service cannot be reached. Check the connection and try again.", null);
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

export async function json<T>(path: string, init: RequestInit = {}): Promise<T> {
  return (await (await request(path, init)).json()) as T;
}

export function post<T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
  return json<T>(path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", ...headers },
  });
}

export async function problemOf(response: Response): Promise<ApiError> {
  return problem(response.status, await response.text(), response.headers.get("Retry-After"));
}

/** The error that an answer with this status, body and Retry-After stands for. */
export function problem(status: number, text: string, wait: string | null): ApiError {
  const seconds = Number(wait);
  const retryAfter = Number.isFinite(seconds) && seconds > 0 ? seconds : null;
  let body: Record<string, unknown> = {};
  try {
    body = JSON.parse(text) as Record<string, unknown>;
  } catch {
    // not one of the API's own answers: the status says what there is to say
  }
  const detail = typeof body["detail"] === "string" ? body["detail"] : `The service answered ${status}.`;
  const code = typeof body["code"] === "string" ? body["code"] : "unknown";
  return new ApiError(status, code, detail, retryAfter, body);
}
