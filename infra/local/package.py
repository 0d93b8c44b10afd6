"""The template as CloudFormation takes it: local folders become zip files in S3, as `sam package` would do it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from infra.local import differences

PACKED = (".py", ".json", ".ttf")  # what a function's folder holds; `sam build` takes all of it
INFRA = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Package:
    """`template` refers to `archives` (S3 key -> bytes) in the bucket that it was made for; `digest` names it all."""

    template: str
    archives: Mapping[str, bytes]
    digest: str


class _Loader(yaml.CSafeLoader):
    """YAML with CloudFormation's short forms (`!Ref x`), read as their long forms."""


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> Any:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)


def load_template(path: Path = INFRA / "template.yaml") -> dict[str, Any]:
    template: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a SafeLoader
    return template


def package(bucket: str, parameters: Mapping[str, str], overlay: Path | None = None) -> Package:
    """`overlay`: a folder laid over `functions/`, for a benchmark or test that replaces a part on purpose."""
    template = differences.apply(load_template(), parameters)
    archives: dict[str, bytes] = {}

    def stored(archive: bytes) -> dict[str, str]:
        key = f"code/{hashlib.sha256(archive).hexdigest()[:32]}.zip"
        archives[key] = archive
        return {"Bucket": bucket, "Key": key}

    for resource in (template["Globals"]["Function"], *template["Resources"].values()):
        properties = resource.get("Properties", resource)
        if "CodeUri" in properties:
            place = stored(_zip([INFRA / properties["CodeUri"], *([overlay] if overlay else [])]))
            properties["CodeUri"] = place
        elif "ContentUri" in properties:
            place = stored(_zip([INFRA / properties["ContentUri"]], prefix="python/"))
            properties["ContentUri"] = place
        elif "DefinitionUri" in properties:
            definition = (INFRA / properties.pop("DefinitionUri")).read_text(encoding="utf-8")
            properties["Definition"] = yaml.safe_load(definition)
    text = json.dumps(template)
    return Package(text, archives, hashlib.sha256(text.encode()).hexdigest()[:16])


def _zip(folders: list[Path], prefix: str = "") -> bytes:
    """Python sources and the data beside them, later folders winning; the same bytes for the same files."""
    files: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in PACKED and "__pycache__" not in path.parts:
                files[path.relative_to(folder).as_posix()] = path
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(prefix + name, (1980, 1, 1, 0, 0, 0)), path.read_bytes())
    return out.getvalue()
