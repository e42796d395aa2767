"""The typed arguments of each storage type, a module each."""
