"""`make demo`: one document through the HTTP API, from nothing to its Markdown."""

from __future__ import annotations

import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from infra.local.service import Service

SAMPLE = Path(__file__).with_name("sample.pdf")
GIVE_UP_S = 1800.0


def demo(file: Path, state: Path) -> int:
    """Prints what happens; returns the exit status."""
    if not file.is_file():
        print(f"There is no file {file}", file=sys.stderr)
        return 1
    print("Starting the service …", flush=True)
    started = time.monotonic()
    with Service(0, state) as service, httpx.Client(base_url=service.url, timeout=60) as client:
        # An account of its own for every run, so that the list of jobs shows this run's job and no other.
        account = service.stack.operate(do="account")["account"]
        token = service.stack.operate(do="token", account=account)["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        print(
            f"Ready after {time.monotonic() - started:.1f} s. POST {service.url}/api/v1/ocr/  {file.name}", flush=True
        )
        started = time.monotonic()
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(_send, client, file)
            _progress(client, answer)
            response = answer.result()
        if response.status_code not in (201, 202):
            problem = response.json()
            print(f"{response.status_code} {problem['code']}: {problem['detail']}", file=sys.stderr)
            return 1
        job = response.json()
        while job["status"] in ("pending", "processing"):
            job = client.get(f"/api/v1/ocr/{job['uuid']}/", params={"wait": 20}).json()
        return _show(client, job, time.monotonic() - started)


def _send(client: httpx.Client, file: Path) -> httpx.Response:
    """Answered when the job is done, or, if it has many pages, at once."""
    with file.open("rb") as body:
        return client.post("/api/v1/ocr/", files={"file": (file.name, body)})


def _progress(client: httpx.Client, answer: Future[httpx.Response]) -> None:
    """A line for every page as it is finished, seen from outside while the job runs."""
    deadline = time.monotonic() + GIVE_UP_S
    path, total = "", 0
    shown: set[int] = set()
    while time.monotonic() < deadline:
        time.sleep(0.05)
        if not path:
            jobs = client.get("/api/v1/ocr/", params={"limit": 1}).json()["data"]
            if jobs:
                path, total = f"/api/v1/ocr/{jobs[0]['uuid']}/", jobs[0]["page_count"]
                print(f"Job {jobs[0]['uuid']}: {total} page{'s' if total > 1 else ''}", flush=True)
            elif answer.done():  # refused: there is no job
                return
            continue
        for first in range(1, total + 1, 20):
            last = min(first + 19, total)
            if not shown.issuperset(range(first - 1, last)):
                _pages(client, path, first, last, shown)
        if len(shown) == total or client.get(path, params={"pages": "1"}).json()["status"] in ("done", "failed"):
            return


def _pages(client: httpx.Client, path: str, first: int, last: int, shown: set[int]) -> None:
    partial = client.get(path, params={"pages": f"{first}-{last}"}).json()
    for page in partial.get("pages", []):
        if page["index"] not in shown:
            shown.add(page["index"])
            sure = f", confidence {page['mean_confidence']:.2f}" if page["mean_confidence"] is not None else ""
            what = page["error"]["message"] if page["error"] else f"{len(page['text'])} characters{sure}"
            print(f"  page {page['index'] + 1:>3}  {page['source']:<10}  {what}", flush=True)


def _show(client: httpx.Client, job: dict[str, Any], seconds: float) -> int:
    if job["status"] != "done":
        print(f"The job failed: {job['error']['message']}", file=sys.stderr)
        return 1
    print(f"Done in {seconds:.2f} s, mean confidence {job['mean_confidence']}. Its Markdown:\n")
    print(job["markdown"] if "markdown" in job else client.get(job["links"]["result"]).json()["markdown"])
    for warning in job["warnings"]:
        print(f"Warning: {warning['message']}")
    print("Downloads, as this service gave them (make serve keeps one running):")
    for name, url in job["links"]["download"].items():
        file = client.get(url, follow_redirects=True)
        print(f"  {name:<5} {len(file.content):>9,} bytes  {url}")
    return 0
