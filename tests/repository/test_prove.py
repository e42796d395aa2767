"""The long loops have a target of their own."""

from __future__ import annotations

import re
from pathlib import Path

from tests.repository.toml_files import read_toml

ROOT = Path(__file__).parents[2]
PROVE = re.compile(r"^prove: setup .*\n\t.*pytest (?P<options>.*)$", re.MULTILINE)


def test_only_make_prove_runs_the_long_loops() -> None:
    """They take minutes each: `make test` does not look into their folder."""
    settings = read_toml(ROOT / "pyproject.toml")["tool"]["pytest"]["ini_options"]
    assert "prove" in settings["norecursedirs"]
    target = PROVE.search((ROOT / "Makefile").read_text(encoding="utf-8"))
    assert target is not None
    assert "tests/prove" in target["options"].split()
    assert "make prove" not in (ROOT / ".ci/run").read_text(encoding="utf-8")
