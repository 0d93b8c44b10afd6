"""The template as the tests of this folder look at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from samtranslator.plugins.globals.globals import Globals

from infra.local.package import INFRA, load_template

TEMPLATE = load_template()
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]
GLOBALS: dict[str, Any] = TEMPLATE["Globals"]["Function"]
_MERGED = Globals(TEMPLATE)
FUNCTIONS: dict[str, Any] = {
    name: _MERGED.merge(body["Type"], body["Properties"], name, body.get("IgnoreGlobals"))
    for name, body in RESOURCES.items()
    if body["Type"] == "AWS::Serverless::Function"
}
"""With what SAM gives all of them."""

HTTP = ("SubmitFunction", "ExportFunction", "ChatFunction", "AccountFunction", "PaymentsFunction")
"""Those that API Gateway calls."""

MACHINE: dict[str, Any] = yaml.safe_load((INFRA / "pages.asl.yaml").read_text())


def of_type(kind: str) -> dict[str, Any]:
    """The properties of all resources of a type, by name."""
    return {name: body["Properties"] for name, body in RESOURCES.items() if body["Type"] == kind}


def refs(value: Any) -> Iterator[str]:
    """Every name that `Ref` or `Fn::Sub` asks for, in `value` or below."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "Ref":
                yield inner
            elif key == "Fn::Sub":
                yield from (part.split("}")[0].split(".")[0] for part in inner.split("${")[1:])
            elif key == "Fn::GetAtt":
                yield inner[0]
            else:
                yield from refs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from refs(inner)
