"""The vlm tier: one page, looked at by a vision model and held against what the cpu tier read on it."""
