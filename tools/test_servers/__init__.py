"""Clouds and servers on loopback that check credentials, for the tests and the demo."""
