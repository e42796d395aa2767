"""A stack's config, as recordings: read, validated as a whole, declared and summed up."""

from realtimekit_provider.program.declare import declare, summary
from realtimekit_provider.program.load import load

__all__ = ["declare", "load", "summary"]
