"""From lines to blocks: reading order, headings, paragraphs, lists, running headers and footers."""
