"""From lines to blocks: reading order, headings, paragraphs, lists, running headers and footers.

The way of a page: its direction (`direction`), what stands in its margins (`margins`), its columns (`regions`, by what
stands on the `sides` of gutters and between them, `islands`), in each of them rows (`rows`) and paragraphs
(`paragraphs`, `running`), and what each of these is (`lists`, `headings`).
Thresholds without another source were found on some sixty pages: papers, textbooks, newspapers, contracts, manuals,
slides, receipts, recognised and from text layers, English, Chinese, Korean, Persian and Arabic.
"""

from .page import blocks_of
from .pieces import Piece, recognised

__all__ = ["Piece", "blocks_of", "recognised"]
