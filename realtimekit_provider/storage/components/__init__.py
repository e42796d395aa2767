"""The components, one for each type of storage."""
