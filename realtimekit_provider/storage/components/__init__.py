"""A component a kind of storage."""
