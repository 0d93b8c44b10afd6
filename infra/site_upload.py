"""Brings the built website to where the edge takes it from: `python -m infra.site_upload STACK`, called by
`make site-upload`, by one's own credentials."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.deploy import describe, outputs
from infra.local.service import SITE
from infra.local.site import ASSETS, MISSING, cache_control, media_type

STILL_ASKED_FOR = timedelta(days=7)
"""How long a script or style of an earlier site stays: a page that is open in a browser loads some of them later."""

MOST_DELETED = 1000
"""Objects that one request may delete: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html"""

Clients = Callable[[str], Any]


class NotBuilt(Exception):
    """The message is one line for the operator."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    files: int
    deleted: int


def upload(clients: Clients, found: Mapping[str, str], folder: Path, now: datetime) -> Uploaded:
    """`found`: the stack's outputs. What the site asks for is there before the pages that ask for it, and nothing is
    deleted before all is there and the edge has been told. Raises NotBuilt."""
    if not (folder / "index.html").is_file():
        raise NotBuilt(f"There is no site in {folder}: build it with `make site PUBLIC_URL=https://…`")
    s3, bucket = clients("s3"), found["SiteBucketName"]
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if _is_of_the_site(path)}
    for name in sorted(files, key=lambda name: (name.endswith(".html"), name)):
        s3.put_object(Bucket=bucket, Key=name, Body=files[name].read_bytes(), **_properties(name))
    clients("cloudfront").create_invalidation(
        DistributionId=found["EdgeId"],
        InvalidationBatch={"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": uuid4().hex},
    )
    gone = [name for name in _without_use(s3, bucket, now) if name not in files]
    for first in range(0, len(gone), MOST_DELETED):
        keys = [{"Key": name} for name in gone[first : first + MOST_DELETED]]
        s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
    return Uploaded(len(files), len(gone))


def _is_of_the_site(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".")  # .built is scripts/site.sh's own


def _properties(name: str) -> dict[str, Any]:
    """Of the object: what S3 answers with it. How long it may be kept is said here and not by the edge's policy of
    headers, which would say it of errors, too. By its metadata the edge knows the page for what there is not."""
    properties: dict[str, Any] = {"ContentType": media_type(name), "CacheControl": cache_control(f"/{name}")}
    return properties | ({"Metadata": {"status": "404"}} if name == MISSING else {})


def _without_use(s3: Any, bucket: str, now: datetime) -> Iterator[str]:
    """What lies there, but for scripts and styles that a page which is open somewhere may ask for."""
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for one in page.get("Contents", ()):
            if not f"/{one['Key']}".startswith(ASSETS) or one["LastModified"] < now - STILL_ASKED_FOR:
                yield one["Key"]


def main() -> int:
    import boto3

    parser = argparse.ArgumentParser(prog="python -m infra.site_upload", description=__doc__)
    parser.add_argument("stack", help="name of the CloudFormation stack")
    parser.add_argument("--folder", type=Path, default=SITE, help="where the built site is")
    arguments = parser.parse_args()
    try:
        found = outputs(describe(boto3.client("cloudformation"), arguments.stack))
        done = upload(boto3.client, found, arguments.folder, datetime.now(UTC))
    except (NotBuilt, BotoCoreError, ClientError) as failure:
        print(failure, file=sys.stderr)
        return 1
    print(f"{done.files} files are at {found['Url']}, {done.deleted} that nothing asks for are deleted")
    return 0


if __name__ == "__main__":
    sys.exit(main())
