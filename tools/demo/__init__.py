"""`make demo`: the real Pulumi engine keeps a recording and its storage as code, on loopback."""
