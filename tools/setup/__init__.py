"""`make setup`: the virtual environment and the Pulumi CLI, with the standard library only."""
