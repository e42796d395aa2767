"""The command line ``realtimekit``: one file a command, over what the provider itself uses."""
