// The programs and answers that the reference shows. A test runs each of the programs against a service as it stands on
// the page: base URL, token and UUID are replaced, and an `invoice.pdf` lies beside it.

export const BASE = "https://ocr.chat";
export const TOKEN = "YOUR_API_TOKEN";

export const KINDS = ["python", "node", "curl"] as const;
export type Kind = (typeof KINDS)[number];
export const KIND_NAMES: Record<Kind, string> = { python: "Python", node: "Node.js", curl: "curl" };

export type Example = Record<Kind, string>;

const submit: Example = {
  python: `import requests

with open("invoice.pdf", "rb") as file:
    answer = requests.post(
        "https://ocr.chat/api/v1/ocr/",
        headers={"Authorization": "Bearer YOUR_API_TOKEN"},
        files={"file": file},
        data={"tier": "cpu", "language": "auto"},
    )

job = answer.json()
print(job["uuid"], job["status"])`,
  node: `import { readFile } from "node:fs/promises";

const form = new FormData();
form.append("file", new Blob([await readFile("invoice.pdf")]), "invoice.pdf");
form.append("tier", "cpu");
form.append("language", "auto");

const answer = await fetch("https://ocr.chat/api/v1/ocr/", {
  method: "POST",
  headers: { Authorization: "Bearer YOUR_API_TOKEN" },
  body: form,
});
const job = await answer.json();
console.log(job.uuid, job.status);`,
  curl: `curl -X POST https://ocr.chat/api/v1/ocr/ \\
  -H "Authorization: Bearer YOUR_API_TOKEN" \\
  -F "file=@invoice.pdf" \\
  -F "tier=cpu" \\
  -F "language=auto"`,
};

const result: Example = {
  python: `import requests

URL = "https://ocr.chat/api/v1/ocr/UUID/"
HEADERS = {"Authorization": "Bearer YOUR_API_TOKEN"}

job = {"status": "pending"}
while job["status"] in ("pending", "processing"):
    job = requests.get(URL, headers=HEADERS, params={"wait": 20}).json()

print(job["text"])`,
  node: `const url = "https://ocr.chat/api/v1/ocr/UUID/?wait=20";
const headers = { Authorization: "Bearer YOUR_API_TOKEN" };

let job;
do {
  job = await (await fetch(url, { headers })).json();
} while (["pending", "processing"].includes(job.status));

console.log(job.text);`,
  curl: `curl -L "https://ocr.chat/api/v1/ocr/UUID/?wait=20" \\
  -H "Authorization: Bearer YOUR_API_TOKEN"`,
};

const download: Example = {
  python: `import requests

answer = requests.get(
    "https://ocr.chat/api/v1/ocr/UUID/download/",
    headers={"Authorization": "Bearer YOUR_API_TOKEN"},
    params={"format": "docx"},
)
answer.raise_for_status()
with open("result.docx", "wb") as file:
    file.write(answer.content)`,
  node: `import { writeFile } from "node:fs/promises";

const answer = await fetch("https://ocr.chat/api/v1/ocr/UUID/download/?format=docx", {
  headers: { Authorization: "Bearer YOUR_API_TOKEN" },
});
if (!answer.ok) throw new Error((await answer.json()).detail);
await writeFile("result.docx", Buffer.from(await answer.arrayBuffer()));`,
  curl: `curl -L "https://ocr.chat/api/v1/ocr/UUID/download/?format=docx" \\
  -H "Authorization: Bearer YOUR_API_TOKEN" -o result.docx`,
};

const chat: Example = {
  python: `import requests

answer = requests.post(
    "https://ocr.chat/api/v1/chat/UUID/",
    headers={"Authorization": "Bearer YOUR_API_TOKEN"},
    json={"message": "What is the invoice total and due date?"},
)
message = answer.json()["message"]
print(message["content"])
for citation in message["citations"]:
    print("page", citation["page"], citation["snippet"])`,
  node: `const answer = await fetch("https://ocr.chat/api/v1/chat/UUID/", {
  method: "POST",
  headers: {
    Authorization: "Bearer YOUR_API_TOKEN",
    "Content-Type": "application/json",
  },
  body: JSON.stringify({ message: "What is the invoice total and due date?" }),
});
const { message } = await answer.json();
console.log(message.content);
for (const { page, snippet } of message.citations) console.log("page", page, snippet);`,
  curl: `curl -X POST https://ocr.chat/api/v1/chat/UUID/ \\
  -H "Authorization: Bearer YOUR_API_TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{"message": "What is the invoice total and due date?"}'`,
};

const uploads: Example = {
  python: `import os

import requests

API = "https://ocr.chat/api/v1"
HEADERS = {"Authorization": "Bearer YOUR_API_TOKEN"}
NAME = "invoice.pdf"

# Ask for a form
form = requests.post(
    f"{API}/uploads/",
    headers=HEADERS,
    json={"filename": NAME, "size": os.path.getsize(NAME)},
).json()

# Send the file with it
with open(NAME, "rb") as file:
    requests.post(form["url"], data=form["fields"], files={"file": file}).raise_for_status()

# Submit it
job = requests.post(f"{API}/ocr/", headers=HEADERS, data={"upload_id": form["upload_id"]}).json()
print(job["uuid"], job["status"])`,
  node: `import { readFile } from "node:fs/promises";

const api = "https://ocr.chat/api/v1";
const headers = { Authorization: "Bearer YOUR_API_TOKEN" };
const filename = "invoice.pdf";
const file = new Blob([await readFile(filename)]);

// Ask for a form
const form = await (
  await fetch(api + "/uploads/", {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify({ filename, size: file.size }),
  })
).json();

// Send the file with it
const body = new FormData();
for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
body.append("file", file, filename);
const sent = await fetch(form.url, { method: "POST", body });
if (!sent.ok) throw new Error(await sent.text());

// Submit it
const upload = new URLSearchParams({ upload_id: form.upload_id });
const job = await (await fetch(api + "/ocr/", { method: "POST", headers, body: upload })).json();
console.log(job.uuid, job.status);`,
  curl: `API="https://ocr.chat/api/v1"
AUTH="Authorization: Bearer YOUR_API_TOKEN"
FILE="invoice.pdf"

# Ask for a form
form=$(curl -sS "$API/uploads/" -H "$AUTH" -H "Content-Type: application/json" \\
  -d "{\\"filename\\": \\"$FILE\\", \\"size\\": $(wc -c < "$FILE")}")

# Send the file with it
echo "$form" | jq -r '.fields | to_entries[] | "form-string = \\"\\(.key)=\\(.value)\\""' |
  curl -sS --fail -K - -F "file=@$FILE" "$(echo "$form" | jq -r .url)"

# Submit it
curl -sS "$API/ocr/" -H "$AUTH" -F "upload_id=$(echo "$form" | jq -r .upload_id)"`,
};

const whole: Example = {
  python: `import time
import uuid

import requests

API = "https://ocr.chat/api/v1"
session = requests.Session()
session.headers["Authorization"] = "Bearer YOUR_API_TOKEN"


def ask(method, path, **request):
    """The answer; the request is repeated while the service is busy."""
    while True:
        answer = session.request(method, API + path, timeout=60, **request)
        wait = int(answer.headers.get("Retry-After", 0))
        if answer.status_code not in (429, 503) or wait > 60:
            break
        time.sleep(wait)
    if not answer.ok:
        raise SystemExit(answer.json()["detail"])
    return answer


# Submit
with open("invoice.pdf", "rb") as file:
    document = file.read()
job = ask(
    "POST",
    "/ocr/",
    headers={"Idempotency-Key": str(uuid.uuid4())},
    files={"file": ("invoice.pdf", document)},
    data={"tier": "cpu"},
).json()

# Wait for the end
while job["status"] in ("pending", "processing"):
    job = ask("GET", f"/ocr/{job['uuid']}/", params={"wait": 20}).json()
if job["status"] == "failed":
    raise SystemExit(job["error"]["message"])
print(job["markdown"])

# Download as a Word document
answer = ask("GET", f"/ocr/{job['uuid']}/download/", params={"format": "docx"})
with open("result.docx", "wb") as file:
    file.write(answer.content)`,
  node: `import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";

const API = "https://ocr.chat/api/v1";
const TOKEN = "YOUR_API_TOKEN";

// The answer; the request is repeated while the service is busy.
async function ask(path, { headers, ...request } = {}) {
  for (;;) {
    const answer = await fetch(API + path, {
      ...request,
      headers: { Authorization: "Bearer " + TOKEN, ...headers },
    });
    const wait = Number(answer.headers.get("Retry-After"));
    if (![429, 503].includes(answer.status) || wait > 60) {
      if (!answer.ok) throw new Error((await answer.json()).detail);
      return answer;
    }
    await new Promise((resolve) => setTimeout(resolve, wait * 1000));
  }
}

// Submit
const form = new FormData();
form.append("file", new Blob([await readFile("invoice.pdf")]), "invoice.pdf");
form.append("tier", "cpu");
const headers = { "Idempotency-Key": randomUUID() };
let job = await (await ask("/ocr/", { method: "POST", headers, body: form })).json();

// Wait for the end
while (["pending", "processing"].includes(job.status)) {
  job = await (await ask("/ocr/" + job.uuid + "/?wait=20")).json();
}
if (job.status === "failed") throw new Error(job.error.message);
console.log(job.markdown);

// Download as a Word document
const answer = await ask("/ocr/" + job.uuid + "/download/?format=docx");
await writeFile("result.docx", Buffer.from(await answer.arrayBuffer()));`,
  curl: `API="https://ocr.chat/api/v1"
AUTH="Authorization: Bearer YOUR_API_TOKEN"

# Submit
uuid=$(curl -sS --fail --retry 5 "$API/ocr/" -H "$AUTH" \\
  -H "Idempotency-Key: $(openssl rand -hex 16)" \\
  -F "file=@invoice.pdf" -F "tier=cpu" | jq -r .uuid)

# Wait for the end
until
  curl -sSL --fail --retry 5 "$API/ocr/$uuid/?wait=20" -H "$AUTH" -o job.json
  jq -e '.status == "done" or .status == "failed"' job.json > /dev/null
do
  sleep 1
done
jq -r .markdown job.json

# Download as a Word document
curl -sSL --fail --retry 5 "$API/ocr/$uuid/download/?format=docx" -H "$AUTH" -o result.docx`,
};

export const EXAMPLES = { submit, result, download, chat, uploads, whole };

export const ANSWERS = {
  job: `{
  "uuid": "9f2c1b7e4a5d4c3b8e6f0a1b2c3d4e5f",
  "status": "done",
  "tier": "cpu",
  "language": "auto",
  "detected_languages": ["en"],
  "page_count": 1,
  "mean_confidence": 0.98,
  "progress": {"done": 1, "total": 1},
  "cost": {"credits": 1, "refunded": 0},
  "text": "INVOICE\\n\\nTotal\\t215.00 USD",
  "markdown": "# INVOICE\\n\\n| Total | 215.00 USD |\\n| --- | --- |",
  "pages": [
    {
      "index": 0,
      "width": 595.28,
      "height": 841.89,
      "unit": "pt",
      "source": "text_layer",
      "blocks": [
        {"type": "heading", "text": "INVOICE", "bbox": [72, 60, 180, 84], "confidence": 1}
      ]
    }
  ]
}`,
  chat: `{
  "conversation": "019a8c0d5e1f3b7a90c4d2e6f8a1b3c5",
  "mode": "model",
  "message": {
    "role": "assistant",
    "content": "The total is $42, due on March 3.",
    "answerable": true,
    "citations": [
      {
        "page": 1,
        "snippet": "The invoice total is $42, due on March 3.",
        "bbox": [72, 61.2, 284.5, 75.9],
        "unit": "pt"
      }
    ]
  }
}`,
  error: `HTTP/1.1 402 Payment Required
Content-Type: application/problem+json

{
  "type": "urn:ocrchat:error:out_of_pages",
  "title": "Not enough pages or credits are left for this file",
  "status": 402,
  "detail": "12 pages are needed and 3 of this month's 500 are left: wait for the next month or buy credits",
  "code": "out_of_pages",
  "error": "12 pages are needed and 3 of this month's 500 are left: wait for the next month or buy credits",
  "request_id": "f3b1c7d2e8a94f06",
  "used": 497,
  "cap": 500,
  "required": 12,
  "resets_at": "2026-12-01T00:00:00Z",
  "balance": 0
}`,
  limits: `RateLimit-Policy: "pages";q=500;w=2592000
RateLimit: "pages";r=488;t=864000`,
};
