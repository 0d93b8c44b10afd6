"""Writes the page of tools from their table: `python -m infra.tools`."""

from __future__ import annotations

from pathlib import Path

from ocrchat.tools import TOOLS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "tools.md"

_HEAD = """# Tools

`make tools` writes this page from `layers/core/ocrchat/tools.py`. `GET /api/v1/tools/` answers the same, and which
tiers a service has.

`tool=…` with a submission chooses what a file is read for. It decides the tier where none is named, and the format of
a download where none is asked for: `pdf-to-word` gives a `docx`. The job says which tool it was. A tool that needs a
model (`vlm`) says so where it is submitted for the `cpu` tier.

Fields by name are read by the tier `vlm`: `pages[].fields` has each one that stands on the page, with its value, box
and confidence. `*`: whatever fields the page has, by their labels.

| `tool` | | tiers | downloaded as | fields by name |
|---|---|---|---|---|"""


def page() -> str:
    rows = [
        f"| `{tool.slug}` | {tool.purpose}{'; needs `translate_to`' if tool.translates else ''} "
        f"| {' '.join(f'`{name}`' for name in tool.tiers)} | {' '.join(f'`{name}`' for name in tool.formats)} "
        f"| {' '.join(f'`{name}`' for name in tool.fields)} |"
        for tool in TOOLS.values()
    ]
    return "\n".join([_HEAD, *rows]) + "\n"


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
