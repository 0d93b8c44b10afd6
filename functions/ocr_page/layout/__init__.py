"""From lines to blocks: reading order, headings, paragraphs, lists, running headers and footers."""

from .page import blocks_of
from .pieces import Piece, recognised

__all__ = ["Piece", "blocks_of", "recognised"]
