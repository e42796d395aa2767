"""The control API, with which tests do what no client of the real API could, and its client."""
