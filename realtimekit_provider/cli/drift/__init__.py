"""What is not as a stack declares it, by who has to do something about it."""
