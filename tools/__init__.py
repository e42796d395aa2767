"""What works on the project and is no part of the product: set-up, demo, stand-ins."""
