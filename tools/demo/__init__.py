"""`make demo`: the real Pulumi engine keeps a recording as code, against the API's emulator."""
