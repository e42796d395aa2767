"""What the provider costs, against doing nothing and against what users would write instead."""
