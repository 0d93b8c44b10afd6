"""Finds the passages of a document that a question is about."""

from .kinds import Wanted, has, wanted
from .question import names_its_kind
from .searching import Hit, Index, Ranking
from .storing import VERSION, Coverage, build

__all__ = ["VERSION", "Coverage", "Hit", "Index", "Ranking", "Wanted", "build", "has", "names_its_kind", "wanted"]
