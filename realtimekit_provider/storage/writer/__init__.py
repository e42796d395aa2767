"""``StorageWriter``: an identity that recordings are written with, and its keys."""
