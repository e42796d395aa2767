"""The emulated API: routes, handlers, bodies."""
