"""Tools that are no part of the product: set-up, demo, test servers."""
