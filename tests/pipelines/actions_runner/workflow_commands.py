"""The commands that the runner finds in what a step prints, as its source reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

__all__ = ["find_commands"]

_COMMAND = re.compile(r"\s*::([\w-]+)(?: [^:]*)?::(.*)|.*?##\[([\w-]+)[^]]*\](.*)")
_KNOWN = frozenset(
    {"add-mask", "debug", "endgroup", "error", "group", "notice", "set-output", "warning"}
)


def find_commands(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the name and the data of each command that the lines of one step give."""
    stopped_until = ""
    for line in lines:
        found = _COMMAND.fullmatch(line)
        name, data = (found[1] or found[3], found[2] or found[4] or "") if found else ("", "")
        if stopped_until:
            stopped_until = "" if name == stopped_until else stopped_until
        elif name == "stop-commands":
            stopped_until = data
        elif name in _KNOWN:
            yield name, data
