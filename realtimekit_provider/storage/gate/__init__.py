"""``StorageGate``: stands between a credential and the recordings that are started with it."""
