"""A paragraph and its properties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Placing = Literal["start", "center", "end"]
"""As it is seen: `end` is the right edge, where a paragraph that runs from the right starts anyway."""


@dataclass(slots=True)
class Paragraph:
    """`runs` are XML, and so is `section`: the properties of the section that ends with this paragraph. `style` is an
    id of `styles`; `number` (numbering instance, level) makes it an item of a list; `tabs` are stops
    (`right`, place). Lengths are in twips."""

    runs: str = ""
    style: str = ""
    keep_next: bool = False
    page_break: bool = False
    number: tuple[int, int] | None = None
    tabs: tuple[tuple[str, int], ...] = ()
    from_the_right: bool = False
    before: int | None = None
    placing: Placing = "start"
    section: str = ""

    def xml(self) -> str:
        """Properties in the order of CT_PPr (ECMA-376-1, A.1)."""
        stops = "".join(f'<w:tab w:val="{kind}" w:pos="{place}"/>' for kind, place in self.tabs)
        number, level = self.number or (0, 0)
        properties = (
            (f'<w:pStyle w:val="{self.style}"/>' if self.style else "")
            + ("<w:keepNext/>" if self.keep_next else "")
            + ("<w:pageBreakBefore/>" if self.page_break else "")
            + (f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>' if self.number else "")
            + (f"<w:tabs>{stops}</w:tabs>" if stops else "")
            + ("<w:bidi/>" if self.from_the_right else "")
            + (f'<w:spacing w:before="{self.before}"/>' if self.before is not None else "")
            + self._alignment()
            + self.section
        )
        return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{self.runs}</w:p>"

    def _alignment(self) -> str:
        if self.placing == "center":
            return '<w:jc w:val="center"/>'
        return '<w:jc w:val="right"/>' if self.placing == "end" and not self.from_the_right else ""


Item = Paragraph | str
"""What the body of a document is made of: paragraphs, and tables as XML."""
