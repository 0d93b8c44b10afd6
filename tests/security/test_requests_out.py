"""No code of the service asks an address that a user has given it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
CLIENTS = {
    *("aiohttp", "anthropic", "asyncio", "ftplib", "http", "httpx", "httpx2", "imaplib", "paramiko", "poplib"),
    *(
        "requests",
        "smtplib",
        "socket",
        "socketserver",
        "stripe",
        "subprocess",
        "telnetlib",
        "urllib",
        "urllib3",
        "websockets",
    ),
    *("webbrowser", "xmlrpc"),
}
"""What can reach another machine, or start what can. boto3 is in the store alone (the contracts of imports say so),
and asks AWS."""

HARMLESS = (
    "urllib.parse",
    "urllib.error",
    "http.HTTPStatus",
    "http.client.HTTPException",
    "http.client.IncompleteRead",
)

LIBRARIES = ("anthropic", "stripe")

ALLOWED = {
    "functions/account/checkout.py": {"stripe"},
    "functions/payments/events.py": {"stripe"},
    "functions/ocr_page/reading_process.py": {"socket"},
    "functions/submit/handler.py": {"urllib.request.urlopen"},
    "functions/vlm_page/model_server.py": {"urllib.request"},
    "functions/vlm_page/task_protection.py": {"urllib.request"},
    "functions/chat/handler.py": {"anthropic"},
    "functions/vlm_page/work.py": {"anthropic"},
    "layers/core/ocrchat/llm/bounded.py": {"httpx2"},
    "layers/core/ocrchat/llm/client.py": {"anthropic", "httpx2"},
    "layers/core/ocrchat/llm/messages.py": {"anthropic"},
    "layers/core/ocrchat/http/app.py": {"asyncio"},
    "layers/core/ocrchat/tracing.py": {"socket"},
}
"""Whom they ask: Stripe; nobody (it checks a signature); a process of its own; the presigned URL of a job's own original; the operator's model server; the agent of ECS; the model's
provider, under the address that the operator has set; nobody (Mangum's loop); the daemon of X-Ray on this machine."""


def clients_of(source: str) -> Iterator[str]:
    """The names of CLIENTS that a module imports, wherever it does."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            if name.partition(".")[0] in CLIENTS and not name.startswith(HARMLESS):
                yield name.partition(".")[0] if name.startswith(LIBRARIES) else name


def test_what_asks_anybody_is_listed_with_whom() -> None:
    found = {}
    for folder in ("functions", "layers/core/ocrchat"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if clients := set(clients_of(path.read_text(encoding="utf-8"))):
                found[path.relative_to(ROOT).as_posix()] = clients
    assert found == ALLOWED


def test_what_fetches_a_file_is_told_the_address_of_a_stored_original_alone() -> None:
    """`inspect` asks the URL that its event brings: the one place that makes such a URL makes it of a job's uuid."""
    made = [
        (path.relative_to(ROOT).as_posix(), ast.unparse(node))
        for path in sorted((ROOT / "functions").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".original_url")
    ]
    assert made == [("functions/submit/accept.py", "self.bucket.original_url(uuid)")]
