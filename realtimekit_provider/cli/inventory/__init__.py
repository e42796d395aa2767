"""The recordings of the API joined with the states of the backend's stacks."""
