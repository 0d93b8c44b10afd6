"""Asks what is known about the locked packages: `python -m infra.advisories`. Vulnerabilities (OSV for Python, npm's
own registry for the website), and packages that were withdrawn from PyPI. Ends with 1 if there are any, and with 3 if
somebody could not be asked, which is said: it is never taken for a good answer.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UV = ROOT / ".tools/uv/bin/uv"
OSV = "https://api.osv.dev/"
FOUND, NOT_AUDITED = 1, 3


class NotAudited(Exception):
    """The one who knows could not be asked, or gave no answer."""


def python_vulnerabilities(osv: str = OSV) -> str:
    """What OSV knows about the packages of uv.lock, of all groups; empty if nothing."""
    done = _run([UV, "audit", "--frozen", "--preview-features", "audit-command", "--service-url", osv])
    if done.returncode not in (0, 1):  # 2 is uv's for whatever it could not do
        raise NotAudited(f"uv.lock, by {osv}: {_last_line(done.stderr)}")
    return done.stdout if done.returncode else ""


def node_vulnerabilities(registry: str | None = None) -> str:
    """What npm's registry knows about the packages of package-lock.json; empty if nothing."""
    chosen = [f"--registry={registry}"] if registry else []
    try:
        done = _run(["npm", "audit", "--json", "--package-lock-only", "--prefix", ROOT / "web", *chosen])
    except FileNotFoundError as missing:
        raise NotAudited("web/package-lock.json: there is no npm") from missing
    report = json.loads(done.stdout or "{}")
    if "vulnerabilities" not in report:
        raise NotAudited(f"web/package-lock.json, by npm: {report.get('message') or _last_line(done.stderr)}")
    return "\n".join(
        f"{name} {entry['range']}: {entry['severity']}" for name, entry in report["vulnerabilities"].items()
    )


def withdrawn() -> str:
    """Which files of uv.lock PyPI says are yanked; empty if none."""
    exported = _run([UV, "export", "--frozen", "--all-groups", "--no-hashes", "--no-annotate", "--no-emit-workspace"])
    asked = _run([UV, "pip", "compile", "--no-deps", "--universal", "--refresh", "-"], typed=exported.stdout)
    if exported.returncode or asked.returncode:
        raise NotAudited(f"uv.lock, by PyPI: {_last_line(exported.stderr + asked.stderr)}")
    return "\n".join(re.findall(r"^warning: (.+ is yanked.*)$", asked.stderr, re.MULTILINE))


QUESTIONS: tuple[Callable[[], str], ...] = (python_vulnerabilities, node_vulnerabilities, withdrawn)


def main(questions: tuple[Callable[[], str], ...] = QUESTIONS) -> int:
    outcomes = set()
    for question in questions:
        try:
            found = question()
        except NotAudited as fault:
            print(f"not audited: {fault}")
            outcomes.add(NOT_AUDITED)
            continue
        title = question.__name__.replace("_", " ")
        print(f"{title}:\n{found}" if found else f"{title}: none known")
        outcomes.add(FOUND if found else 0)
    return FOUND if FOUND in outcomes else max(outcomes)


def _run(command: list[str | Path], typed: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"NO_COLOR": "1"}
    if Path("/etc/ssl/certs/ca-certificates.crt").exists():  # a company's own authority stands there, not in uv
        environment.setdefault("UV_SYSTEM_CERTS", "1")
    return subprocess.run(command, cwd=ROOT, env=environment, input=typed, capture_output=True, text=True, check=False)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no answer"


if __name__ == "__main__":
    sys.exit(main())
