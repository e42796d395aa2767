"""The kinds of values that a user writes: what each may be, and what is said where it is not."""
