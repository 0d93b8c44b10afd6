"""The page reader beside the engine whose models it runs, on the same pages."""
