"""Lifecycles of a recording as data: the provider process and the engine run the same steps."""
