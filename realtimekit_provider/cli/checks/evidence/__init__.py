"""What checks go by: everything that is read from outside, read once."""
