"""The emulated API: its routes, their handlers, and how requests and responses look."""
