"""Words of a user's text that have a meaning; loaded also where no model is."""

from __future__ import annotations

__all__ = ["MARK_WORD"]

MARK_WORD = "{mark}"
"""The word in a user's file name prefix that stands for the resource's mark."""
