"""Azure containers and access policies."""
