"""The answer to ``python -m pip list --format json``, and to nothing else."""

import sys

if sys.argv[1:2] != ["list"]:
    sys.exit(f"no test of the engine expects: pip {' '.join(sys.argv[1:])}")
sys.stdout.write("[]\n")
