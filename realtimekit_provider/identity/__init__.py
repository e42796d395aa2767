"""``StackIdentity``: what tells the state of one stack from all others."""
