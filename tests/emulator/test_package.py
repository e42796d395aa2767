"""The package as a whole."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import realtimekit_emulator

FOLDER = Path(realtimekit_emulator.__file__).parent
PRIVATE = {name for name in vars(realtimekit_emulator) if name.startswith("_")}


def test_exported_names_are_the_listed_ones() -> None:
    """The public names are those of __all__, in order."""
    modules = {path.stem for path in FOLDER.iterdir()}
    names = set(vars(realtimekit_emulator)) - PRIVATE - modules
    assert names == set(realtimekit_emulator.__all__)
    assert realtimekit_emulator.__all__ == sorted(
        realtimekit_emulator.__all__, key=lambda name: (not name.isupper(), name)
    )


def test_the_emulator_shares_no_code_with_the_provider() -> None:
    """Two programs that share code also share its mistakes."""
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                continue
            assert not any(name.startswith("realtimekit_provider") for name in names), path


def test_only_the_server_knows_the_http_library() -> None:
    """The model and its rules can be read, and used, without it."""
    users = [path.name for path in FOLDER.rglob("*.py") if "aiohttp" in path.read_text()]
    assert users == ["server.py"]


def test_a_missing_http_library_is_named_with_its_extra() -> None:
    """In one line, also from the command line."""
    start = "import runpy; runpy._run_module_as_main('realtimekit_emulator')"
    command = [sys.executable, "-c", f"import sys; sys.modules['aiohttp'] = None; {start}"]
    started = subprocess.run(command, capture_output=True, text=True, check=False)
    assert started.returncode != 0
    assert "aiohttp is missing: pip install 'realtimekit-provider[emulator] @" in started.stderr
    assert len(started.stderr.splitlines()) == 1
