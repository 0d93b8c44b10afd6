"""Finds the passages of a document that a question is about."""

from .searching import Hit, Index
from .storing import VERSION, build

__all__ = ["VERSION", "Hit", "Index", "build"]
