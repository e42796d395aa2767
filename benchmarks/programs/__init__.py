"""The three programs that are measured: each declares the same recordings."""
