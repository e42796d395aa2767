"""What the emulated API keeps: meetings, recordings, time, tokens, and the rules of all of them."""
