"""`make demo`: one document through the HTTP API, from nothing to its Markdown."""

from __future__ import annotations

import sys
import time
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
        print(
            f"Ready after {time.monotonic() - started:.1f} s. POST {service.url}/api/v1/ocr/  {file.name}", flush=True
        )
        started = time.monotonic()
        with file.open("rb") as body:
            answer = client.post("/api/v1/ocr/", files={"file": (file.name, body)})
        if answer.status_code not in (201, 202):
            problem = answer.json()
            print(f"{answer.status_code} {problem['code']}: {problem['detail']}", file=sys.stderr)
            return 1
        job = _follow(client, answer.json())
        seconds = time.monotonic() - started
        return _show(client, job, seconds)


def _follow(client: httpx.Client, job: dict[str, Any]) -> dict[str, Any]:
    """Polls until the end, with a line for every page that is finished."""
    path = f"/api/v1/ocr/{job['uuid']}/"
    total = job["page_count"]
    print(f"Job {job['uuid']}: {total} page{'s' if total > 1 else ''}", flush=True)
    shown: set[int] = set()
    deadline = time.monotonic() + GIVE_UP_S
    while time.monotonic() < deadline:
        for first in range(1, total + 1, 20):
            if not shown.issuperset(range(first - 1, min(first + 19, total))):
                _pages(client, path, first, min(first + 19, total), shown)
        if job["status"] in ("done", "failed") and len(shown) >= total - job["cost"]["refunded"]:
            break
        time.sleep(0.1)
        job = client.get(path, params={"pages": "1"}).json()
    return job


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
    print(client.get(f"/api/v1/ocr/{job['uuid']}/download/", params={"format": "md"}, follow_redirects=True).text)
    for warning in job["warnings"]:
        print(f"Warning: {warning['message']}")
    print("Downloads (while the service runs: make serve):")
    for name, url in job["links"]["download"].items():
        print(f"  {name:<5} {url}")
    return 0
