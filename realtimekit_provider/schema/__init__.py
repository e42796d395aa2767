"""The kinds of values that a user writes: what each may be, and the message where it is not."""
