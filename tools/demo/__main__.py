"""The command line of the demo."""

import argparse
import sys
from pathlib import Path

from tools.demo.main import main

parser = argparse.ArgumentParser(
    prog="python -m tools.demo",
    description="Make storage, then start, pause, resume and stop a track recording by changing a "
    "stack's config, with the real Pulumi engine, against test servers on this machine.",
)
parser.add_argument(
    "--transcript", type=Path, metavar="FILE", help="write what is shown to FILE too, uncoloured"
)
sys.exit(main(parser.parse_args().transcript))
