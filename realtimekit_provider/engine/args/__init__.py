"""Typed arguments: the base of their classes, layers, and a storage type a module."""
