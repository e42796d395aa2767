"""Buckets, containers and folders that recordings are written to."""
