"""Holds the lock files to account: `python -m infra.locks`. Looks at files alone, and asks nobody.

Whoever installs from them gets what was locked, byte for byte, from the public indexes, and no package that writes over
another's files.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
INDEX = {"registry": "https://pypi.org/simple"}
FILES = "https://files.pythonhosted.org/packages/"
OWN = ({"virtual": "."}, {"editable": "layers/core"})
NPM = "https://registry.npmjs.org/"


def faults_of_python(lock: Mapping[str, Any]) -> Iterator[str]:
    """Of uv.lock: what is not from PyPI, or may be changed after it was locked."""
    for package in lock["package"]:
        name = package["name"]
        if package["source"] in OWN:
            continue
        if package["source"] != INDEX:
            yield f"{name} does not come from PyPI: {package['source']}"
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        if not files:
            yield f"{name} has no files"
        for file in files:
            if not file.get("url", "").startswith(FILES):
                yield f"{name} has a file that is not PyPI's: {file.get('url')}"
            if not file.get("hash", "").startswith("sha256:"):
                yield f"{name} has a file without SHA-256: {file.get('url')}"


def faults_of_node(lock: Mapping[str, Any]) -> Iterator[str]:
    """Of package-lock.json, the same. Without `resolved`, npm takes a package from its registry."""
    for path, package in lock["packages"].items():
        if not path:  # the website itself
            continue
        if not package.get("resolved", NPM).startswith(NPM):
            yield f"{path} does not come from npm's registry: {package['resolved']}"
        if not package.get("integrity", "").startswith("sha512-"):
            yield f"{path} has no SHA-512"


def faults_of_installed(installed: Iterable[Distribution]) -> Iterator[str]:
    """Files that several packages bring: the last one installed would win, as among the four of `cv2`."""
    owners: dict[str, set[str]] = defaultdict(set)
    for package in installed:
        name = package.name  # parsed anew each time
        for line in (package.read_text("RECORD") or "").splitlines():
            path = line.rsplit(",", 2)[0]  # before its hash and size
            if not path.startswith("../") and "__pycache__" not in path:  # programs; what is compiled
                owners[path].add(name)
    clashes: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for path, names in owners.items():
        if len(names) > 1:
            clashes[tuple(sorted(names))].append(path)
    for pair, paths in clashes.items():
        yield f"{' and '.join(pair)} both bring {paths[0]}, and {len(paths) - 1} more"


def faults() -> list[str]:
    """Of the lock files and the environment that runs this."""
    python = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    node = json.loads((ROOT / "web/package-lock.json").read_text(encoding="utf-8"))
    return [*faults_of_python(python), *faults_of_node(node), *faults_of_installed(distributions())]


def main() -> int:
    found = faults()
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
