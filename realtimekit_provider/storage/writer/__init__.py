"""The identities that recordings are written with."""
