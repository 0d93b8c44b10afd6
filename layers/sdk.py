"""Makes the AWS SDK of a layer small: `python sdk.py FOLDER`, where FOLDER is the one that holds `botocore`.

A client is made from JSON files that describe its service, and most of each is documentation, which every cold start
would parse. What is left describes the same operations.
"""

from __future__ import annotations

import gzip
import json
import shutil
import sys
from pathlib import Path
from typing import Any

SERVICES = {
    "dynamodb": "dynamodb",
    "lambda": "lambda",
    "s3": "s3",
    "secretsmanager": "secretsmanager",
    "sesv2": "email",
    "sqs": "sqs",
    "stepfunctions": "states",
}
"""Those that ocrchat.wiring makes clients of, and how each begins the names of its hosts."""

ENDING = ".json.gz"


def trim(botocore: Path) -> None:
    """Leaves of the package's data the services above, without their documentation and uncompressed."""
    data = botocore / "data"
    for folder in (path for path in data.iterdir() if path.is_dir()):
        if folder.name not in SERVICES:
            shutil.rmtree(folder)
    for packed in data.rglob(f"*{ENDING}"):
        with gzip.open(packed) as file:
            described = json.load(file)
        _write(packed.with_name(packed.name.removesuffix(ENDING) + ".json"), without_documentation(described))
        packed.unlink()
    _write(data / "endpoints.json", with_few_services(json.loads((data / "endpoints.json").read_bytes())))


def with_few_services(endpoints: dict[str, Any]) -> dict[str, Any]:
    """Where the services above are, in each partition (aws, aws-cn, ...)."""
    names = set(SERVICES.values())
    partitions = [
        partition | {"services": {name: place for name, place in partition["services"].items() if name in names}}
        for partition in endpoints["partitions"]
    ]
    return endpoints | {"partitions": partitions}


def without_documentation(described: Any) -> Any:
    """A member of a shape may itself be called `documentation`: then it is an object, and stays."""
    if isinstance(described, dict):
        return {
            name: without_documentation(inner)
            for name, inner in described.items()
            if not (name == "documentation" and isinstance(inner, str))
        }
    if isinstance(described, list):
        return [without_documentation(inner) for inner in described]
    return described


def _write(path: Path, described: Any) -> None:
    path.write_text(json.dumps(described, separators=(",", ":")))


if __name__ == "__main__":
    trim(Path(sys.argv[1]) / "botocore")
