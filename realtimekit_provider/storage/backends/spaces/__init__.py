"""Spaces buckets."""
