"""The website's files in the bucket that the edge takes them from."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.deploy import STACK
from infra.local.service import Service
from infra.local.stack import ACCESS_KEY, REGION, ROOT, SECRET_FILE
from infra.site_upload import STILL_ASKED_FOR, upload

FILES = {
    "index.html": "home",
    "404.html": "nothing here",
    "bs/api.html": "api",
    "robots.txt": "all",
    "icon.svg": "<svg/>",
    "assets/app-1a.js": "run()",
    "assets/pdf-2b.mjs": "read()",
    ".built": "a stamp",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def head(service: Service, name: str) -> dict[str, Any]:
    s3, bucket = service.stack.client("s3"), service.stack.outputs["SiteBucketName"]
    found: dict[str, Any] = s3.head_object(Bucket=bucket, Key=name)
    return found


def names(service: Service) -> set[str]:
    listed = service.stack.client("s3").list_objects_v2(Bucket=service.stack.outputs["SiteBucketName"])
    return {one["Key"] for one in listed.get("Contents", ())}


def invalidations(service: Service) -> int:
    found = service.stack.client("cloudfront").list_invalidations(DistributionId=service.stack.outputs["EdgeId"])
    return len(found["InvalidationList"].get("Items", ()))


def test_each_file_says_what_it_is_and_how_long_it_may_be_kept(service: Service, site: Path) -> None:
    before = invalidations(service)
    assert upload(service.stack.client, service.stack.outputs, site, datetime.now(UTC)).files == len(FILES) - 1
    assert invalidations(service) == before + 1
    assert names(service) == set(FILES) - {".built"}
    for name, kind in (
        ("index.html", "text/html; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
        ("robots.txt", "text/plain; charset=utf-8"),
        ("assets/pdf-2b.mjs", "text/javascript; charset=utf-8"),
    ):
        assert head(service, name)["ContentType"] == kind
    assert head(service, "index.html")["CacheControl"] == "no-cache"
    assert "immutable" in head(service, "assets/app-1a.js")["CacheControl"]
    assert head(service, "404.html")["Metadata"] == {"status": "404"}
    assert head(service, "index.html")["Metadata"] == {}


def test_a_page_that_is_no_more_is_deleted_and_a_script_that_an_open_page_may_load_is_not(
    service: Service, site: Path
) -> None:
    now = datetime.now(UTC)
    upload(service.stack.client, service.stack.outputs, site, now)
    for name in ("bs/api.html", "assets/app-1a.js"):
        (site / name).unlink()
    (site / "assets/app-3c.js").write_text("run(2)")
    assert upload(service.stack.client, service.stack.outputs, site, now).deleted == 1
    assert names(service) == {*FILES, "assets/app-3c.js"} - {".built", "bs/api.html"}
    later = now + STILL_ASKED_FOR + timedelta(minutes=5)
    assert upload(service.stack.client, service.stack.outputs, site, later).deleted == 1
    assert "assets/app-1a.js" not in names(service)
    assert {"assets/app-3c.js", "assets/pdf-2b.mjs"} < names(service)


def test_scripts_are_there_before_the_pages_and_nothing_is_deleted_before_the_edge_is_told(
    service: Service, site: Path
) -> None:
    upload(service.stack.client, service.stack.outputs, site, datetime.now(UTC))
    (site / "bs/api.html").unlink()
    calls: list[tuple[str, str]] = []

    def noted(name: str) -> Any:
        client = service.stack.client(name)
        client.meta.events.register("before-parameter-build", note)
        return client

    def note(model: Any, params: dict[str, Any], **_: Any) -> None:
        calls.append((model.name, params.get("Key", "")))

    try:
        upload(noted, service.stack.outputs, site, datetime.now(UTC))
    finally:
        for name in ("s3", "cloudfront"):
            service.stack.client(name).meta.events.unregister("before-parameter-build", note)
    steps = [name for name, _ in calls if name != "ListObjectsV2"]
    assert steps == ["PutObject"] * 6 + ["CreateInvalidation", "DeleteObjects"]
    put = [key for name, key in calls if name == "PutObject"]
    assert put.index("404.html") > max(put.index(name) for name in put if not name.endswith(".html"))


def command(service: Service, stack: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "infra.site_upload", stack, "--folder", folder],
        env=os.environ
        | {
            "AWS_ENDPOINT_URL": service.stack.aws_url,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": (service.stack.state / SECRET_FILE).read_text(),
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_says_where_the_site_is(service: Service, site: Path) -> None:
    done = command(service, STACK, site)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"7 files are at {service.url}" in done.stdout


def test_without_a_built_site_or_the_stack_nothing_is_done(service: Service, site: Path, tmp_path: Path) -> None:
    before = names(service)
    (site / "index.html").unlink()
    for stack, why in ((STACK, "make site"), ("another", "does not exist")):
        done = command(service, stack, tmp_path)
        assert (done.returncode, done.stdout) == (1, "")
        assert why in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert names(service) == before
