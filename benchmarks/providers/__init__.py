"""The providers that ours is compared with."""
