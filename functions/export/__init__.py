"""The document as a file: one renderer a format."""
