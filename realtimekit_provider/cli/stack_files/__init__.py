"""A project's files on disk: where its stacks are configured, and what is written there."""
