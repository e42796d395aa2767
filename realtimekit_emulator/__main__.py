"""Run the emulator: ``python -m realtimekit_emulator``."""

import sys

from realtimekit_emulator.cli import main

if __name__ == "__main__":
    sys.exit(main())
