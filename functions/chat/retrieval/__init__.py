"""Finds the passages of a document that a question is about."""

from .kinds import Wanted, has, wanted
from .searching import Hit, Index, Ranking
from .storing import VERSION, build

__all__ = ["VERSION", "Hit", "Index", "Ranking", "Wanted", "build", "has", "wanted"]
