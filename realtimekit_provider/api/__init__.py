"""The client of the RealtimeKit API: the only package that sends requests to it."""
