"""Which settings the code of a Lambda function reads, found in its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3]
HOMES = (ROOT / "functions", ROOT / "layers/core")
WIRING = "ocrchat.wiring"
MODEL = frozenset(
    {"MODEL_NAME", "MODEL_PROVIDER", "MODEL_BASE_URL", "MODEL_KEY_SECRET", "MODEL_PRICES", "MODEL_CAPABILITIES"}
)

OF_FIELDS = {"model": MODEL, "tiers": frozenset({"MODEL_NAME"})}
"""Fields of Settings whose variables are named otherwise than they are."""

OF_ONE_MACHINE = frozenset({"aws_endpoint", "presign_endpoint", "tessdata"})
"""Fields that the template never sets."""


def variables_read_by(handler: str) -> frozenset[str]:
    """`handler`: `module.function`. Follows imports wherever they stand, and calls of the wiring."""
    module, _, function = handler.rpartition(".")
    tree = _tree(module)
    (entry,) = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function)
    nodes = [entry, *_called_here(entry, tree)]
    read, seen, waiting = set[str](), {module, WIRING, "ocrchat.settings"}, set[str]()
    for node in nodes:
        read |= _read_in(node)
        waiting |= set(_imported(node, module))
    waiting |= set(_imported(ast.Module([node for node in tree.body if isinstance(node, ast.ImportFrom)], []), module))
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        read |= _read_in(_tree(name))
        waiting |= set(_imported(_tree(name), name))
    fields = read - OF_ONE_MACHINE
    return frozenset().union(*(OF_FIELDS.get(field, {field.upper()}) for field in fields))


def _called_here(node: ast.AST, tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """The functions of the same module that it calls, and those that they call."""
    functions = {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef)}
    waiting, seen = [node], set[str]()
    while waiting:
        for call in ast.walk(waiting.pop()):
            if isinstance(call, ast.Name) and call.id in functions and call.id not in seen:
                seen.add(call.id)
                waiting.append(functions[call.id])
                yield functions[call.id]


def _read_in(node: ast.AST) -> set[str]:
    """Fields of Settings that are read here: `settings.x`, `settings().x`, and those behind `wiring.y()`."""
    found = set[str]()
    for one in ast.walk(node):
        if not isinstance(one, ast.Attribute):
            continue
        text = ast.unparse(one.value)
        if text in ("settings", "self.settings", "wiring.settings()", "settings()"):
            found.add(one.attr)
        elif text == "wiring":
            found |= _behind(one.attr)
    return found & _fields()


@cache
def _behind(name: str) -> frozenset[str]:
    """What a function of the wiring reads, with those that it calls."""
    tree = _tree(WIRING)
    (entry,) = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
    nodes = [entry, *_called_here(entry, tree)]
    return frozenset().union(*(_read_in(node) for node in nodes))


@cache
def _fields() -> frozenset[str]:
    from ocrchat.settings import Settings

    return frozenset(Settings.__dataclass_fields__)


@cache
def _tree(module: str) -> ast.Module:
    path = _path(module)
    assert path is not None, module
    return ast.parse(path.read_text(encoding="utf-8"))


def _path(module: str) -> Path | None:
    for home in HOMES:
        place = home / module.replace(".", "/")
        for path in (place.with_suffix(".py"), place / "__init__.py"):
            if path.exists():
                return path
    return None


def _imported(node: ast.AST, module: str) -> Iterator[str]:
    """Our own modules; not those that only the checker of types imports."""
    for one in ast.walk(node):
        if isinstance(one, ast.ImportFrom):
            package = module.split(".")[: -one.level] if one.level else []
            base = ".".join([*package, *([one.module] if one.module else [])])
            for name in (base, *(f"{base}.{alias.name}" for alias in one.names)):
                if name and _path(name) is not None:
                    yield name
