"""The request for one page: the prompt of its tool, its picture, and the lines that the cpu tier read."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ocrchat.blocks import BBox, Line
from ocrchat.language_table import Language
from ocrchat.limits import LIMITS
from ocrchat.llm.port import Request
from ocrchat.tools import Tool

from . import prompts
from .answers import parse
from .pictures import Picture
from .schema import schema
from .written import WrittenPage

LEAST_TOKENS = 2_000
TOKENS_A_CHARACTER = 1.0  # of an answer: text in CJK takes about one, in Latin letters .3
TOKENS_A_WORD = 10  # of JSON, if each is a cell of a table


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about one page. `scale` is the number of px of the picture for one unit of the page."""

    picture: Picture
    lines: Sequence[Line]
    scale: float
    tool: Tool | None = None
    target: Language | None = None

    @property
    def shows_lines(self) -> bool:
        return 0 < sum(len(line.text) for line in self.lines) <= LIMITS.model_lines_characters

    def in_px(self, box: BBox) -> tuple[int, int, int, int]:
        x0, y0, x1, y1 = (round(value * self.scale) for value in box)
        return x0, y0, x1, y1

    def request(self, max_tokens: int, complaints: Sequence[str] = ()) -> Request:
        """`complaints` are what was wrong with earlier answers."""
        image = {"type": "base64", "media_type": "image/jpeg", "data": base64.b64encode(self.picture.data).decode()}
        content: list[dict[str, Any]] = [
            {"type": "image", "source": image},
            {"type": "text", "text": self._lines()},
        ]
        if complaints:
            content.append({"type": "text", "text": prompts.again(complaints)})
        return Request(
            prompts.system_prompt(self.tool, self.target),
            content,
            max_tokens,
            schema(translates=self.target is not None, fields=self.tool.fields if self.tool else ()),
        )

    def parsed(self, text: str, size: tuple[float, float]) -> WrittenPage:
        """An answer, of which what was not asked for is passed over. `size` is that of the page in its unit. Raises
        AnswerInvalid."""
        has_fields = bool(self.tool and self.tool.fields)
        return parse(text, self.scale, size, translates=self.target is not None, has_fields=has_fields)

    def first_tokens(self) -> int:
        """A bound for the first answer: far above what the lines that were read need, so that it stops a loop early."""
        if not self.lines:
            return LIMITS.model_answer_tokens // 2
        characters = sum(len(line.text) for line in self.lines)
        words = sum(len(line.text.split()) for line in self.lines)
        wanted = (characters * TOKENS_A_CHARACTER + words * TOKENS_A_WORD) * (2 if self.target else 1)
        return min(LEAST_TOKENS + int(wanted), LIMITS.model_answer_tokens)

    def _lines(self) -> str:
        rows = [
            f"{number}\t{','.join(map(str, self.in_px(line.bbox)))}\t{_quoted(line.text)}"
            for number, line in enumerate(self.lines, 1)
            if self.shows_lines
        ]
        why_not = "" if rows else prompts.TOO_MANY_LINES if self.lines else prompts.WITHOUT_LINES
        size = f"The picture is {self.picture.width} x {self.picture.height} px. {why_not}"
        return "\n".join([size.strip(), "<lines>", *rows, "</lines>"])


def _quoted(text: str) -> str:
    """As JSON, on one line, so that no text can end its row or the list."""
    return json.dumps(text, ensure_ascii=False).replace("<", "\\u003c")
