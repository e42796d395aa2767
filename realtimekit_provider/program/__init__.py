"""A stack's config, as resources: loaded, validated as a whole, declared and summarized."""

from realtimekit_provider.program.declare import declare, summary
from realtimekit_provider.program.load import load

__all__ = ["declare", "load", "summary"]
