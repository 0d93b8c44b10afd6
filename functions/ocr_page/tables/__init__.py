"""Tables: where they stand on a page, and which text is in which cell."""
