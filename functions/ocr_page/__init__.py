"""The cpu tier: one page in, its text with boxes out."""
