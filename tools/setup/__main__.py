"""The entry of `python -m tools.setup`.

Its syntax is older than the project's Python, so that an older one gets to the sentence below
instead of a syntax error. Everything else is imported after the check.
"""

import sys

MINIMUM_PYTHON = (3, 10)

if sys.version_info < MINIMUM_PYTHON:
    sys.exit(
        "setup: Python 3.10 or newer is needed, and this is {}.{}: "
        "install one, then name it: make PYTHON=python3.12".format(*sys.version_info[:2])
    )

from tools.setup.main import main  # noqa: E402  (an older Python must not get here)

if __name__ == "__main__":
    sys.exit(main())
