"""Weighs what `sam build` has made: `python -m infra.sizes .aws-sam/build`. Each function has to fit into Lambda
together with its layers, and to be compiled. The image of the page reader has no such limit, and is not looked at."""

from __future__ import annotations

import sys
from pathlib import Path

from infra.local.package import load_template

MOST_BYTES = 262_144_000
"""250 MB of files: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


def size_of(folder: Path) -> int:
    """Bytes of all files under it."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def not_compiled(folder: Path) -> list[Path]:
    """Sources that Python would compile anew at each start."""
    return [
        source
        for source in folder.rglob("*.py")
        if not (source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc").exists()
    ]


def main(build: Path) -> int:
    resources = load_template(build / "template.yaml")["Resources"]
    layers = {
        name: build / body["Properties"]["ContentUri"]
        for name, body in resources.items()
        if body["Type"] == "AWS::Serverless::LayerVersion"
    }
    faults = [f"not compiled: {path}" for folder in layers.values() for path in not_compiled(folder)]
    sizes = {name: size_of(folder) for name, folder in layers.items()}
    for name, body in resources.items():
        if body["Type"] != "AWS::Serverless::Function" or "CodeUri" not in body["Properties"]:
            continue
        folder = build / body["Properties"]["CodeUri"]
        faults += [f"not compiled: {path}" for path in not_compiled(folder)]
        used = [layer["Ref"] for layer in body["Properties"].get("Layers", [])]
        size = size_of(folder) + sum(sizes[layer] for layer in used)
        print(f"{name:24} {size / 1e6:6.1f} MB  {' '.join(used)}")
        if size > MOST_BYTES:
            faults.append(f"{name} has {size / 1e6:.1f} MB with its layers: Lambda takes {MOST_BYTES / 1e6:.0f}")
    print(*faults, sep="\n", end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
