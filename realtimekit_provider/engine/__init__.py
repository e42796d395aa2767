"""Pulumi's side. The module paths in here stand in users' state: they never move."""
