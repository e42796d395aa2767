"""The Pulumi CLI as a process: what is asked of it, and how it is ended."""
