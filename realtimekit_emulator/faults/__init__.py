"""What can go wrong on purpose: rules that say which calls, and kinds that say how."""

from .book import Fault, FaultBook
from .kinds import KINDS

__all__ = ["KINDS", "Fault", "FaultBook"]
