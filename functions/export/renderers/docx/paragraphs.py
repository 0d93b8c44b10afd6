"""A paragraph and its properties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Placing = Literal["start", "center", "end"]


@dataclass(slots=True)
class Paragraph:
    """`runs` are XML, and so is `section`: the properties of the section that ends with this paragraph. `style` is an
    id of `styles`; `number` (numbering instance, level) makes it an item of a list; `tabs` are
    stops (`right`, place). Lengths are in twips."""

    runs: str = ""
    style: str = ""
    keep_next: bool = False
    page_break: bool = False
    number: tuple[int, int] | None = None
    tabs: tuple[tuple[str, int], ...] = ()
    from_the_right: bool = False
    before: int | None = None
    indent: int | None = None
    placing: Placing = "start"
    section: str = ""

    def xml(self) -> str:
        """Properties in the order of CT_PPr (ECMA-376-1, A.1)."""
        properties = ""
        if self.style:
            properties += f'<w:pStyle w:val="{self.style}"/>'
        if self.keep_next:
            properties += "<w:keepNext/>"
        if self.page_break:
            properties += "<w:pageBreakBefore/>"
        if self.number:
            properties += f'<w:numPr><w:ilvl w:val="{self.number[1]}"/><w:numId w:val="{self.number[0]}"/></w:numPr>'
        if self.tabs:
            stops = "".join(f'<w:tab w:val="{kind}" w:pos="{place}"/>' for kind, place in self.tabs)
            properties += f"<w:tabs>{stops}</w:tabs>"
        if self.from_the_right:
            properties += "<w:bidi/>"
        if self.before is not None:
            properties += f'<w:spacing w:before="{self.before}"/>'
        if self.indent is not None:
            properties += f'<w:ind w:left="{self.indent}"/>'
        if self.placing != "start":
            properties += f'<w:jc w:val="{"center" if self.placing == "center" else "right"}"/>'
        properties += self.section
        return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{self.runs}</w:p>"


Item = Paragraph | str
"""What the body of a document is made of: paragraphs, and tables as XML."""
