"""What a model wrote about a page, held against what the cpu tier read on it: every word gets a box and a confidence.

`texts` lays both readings out as tokens (of what, `fold` says), `claims` says which are the same (`align`), and not by
`chance`, `belief` what else may be the place of a block, `placing` and `marks` where the model's words are, `spelling`
how sure they are, `differences` what only one reader has, `tables`, `grid` and `estimate` where that is which was not
found, `page` all of it.
"""

from .page import Alone, Grounded, Shared, ground

__all__ = ["Alone", "Grounded", "Shared", "ground"]
