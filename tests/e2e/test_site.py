"""The website in a real browser, against a running service: the tests themselves are web/tests/e2e."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from infra.local.service import SITE, Service
from tests.integration.support import EVENTS, sold_by
from tests.stripe_server import StripeServer

WEB = SITE.parent
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
NEEDED = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium, and scripts/system-packages.sh could install none")
WITHIN_S = 600


def test_the_logic_of_the_site() -> None:
    run("vitest", "run", "--reporter=dot")


@NEEDED
@pytest.mark.timeout(WITHIN_S + 60)
def test_the_site_in_a_browser(tmp_path: Path) -> None:
    """A service of its own, as it comes: with the usual plans and without a model; it sells credits."""
    with StripeServer() as stripe, Service(0, tmp_path / "state", stripe=sold_by(stripe)) as service:
        stripe.endpoint = service.url + EVENTS
        run("playwright", "test", SITE_URL=service.url, MAIL=str(service.stack.mail), CHROMIUM=str(CHROMIUM))


def run(*command: str, **environment: str) -> None:
    program = WEB / "node_modules" / ".bin" / command[0]
    done = subprocess.run(
        [program, *command[1:]],
        cwd=WEB,
        env={**os.environ, "CI": "true", **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=WITHIN_S,
    )
    assert done.returncode == 0, done.stdout[-8000:]


def sources(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


def test_no_page_asks_anything_of_another_site() -> None:
    for page in (file for file in sources(SITE) if file.suffix in {".html", ".css"}):
        assert 'src="http' not in page.read_text()
        assert 'href="http' not in page.read_text().replace('href="https://ocr.chat', "")
        assert "url(http" not in page.read_text()
