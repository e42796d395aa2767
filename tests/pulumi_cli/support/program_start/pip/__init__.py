"""Says that nothing is installed, where the language host asks pip for plugins to fetch.

It asks before each operation, and waits for half a second; no test of the engine needs a plugin.
"""
