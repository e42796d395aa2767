"""What the emulator knows: meetings, recordings, time."""
