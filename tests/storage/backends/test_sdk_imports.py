"""Importing SDKs in several threads at once."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from realtimekit_provider.errors import MissingSdkError
from realtimekit_provider.storage.backends.sdk_imports import import_alone

PACKAGE = {"__init__": "import shared.inner", "inner": ""}
"""As in ``cryptography``: a package loads a module that others import on its own."""

PROGRAM = """
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from importlib.machinery import SourceFileLoader
from importlib.util import spec_from_file_location
from threading import Event

from realtimekit_provider.storage.backends.sdk_imports import import_alone

folder = sys.argv[1]
sys.path.append(folder)
is_loading = Event()

class SlowLoader(SourceFileLoader):
    def create_module(self, spec):
        is_loading.set()
        time.sleep(0.3)

class SlowFinder:
    def find_spec(self, name, path=None, target=None):
        if name == "shared":
            file = f"{folder}/shared/__init__.py"
            return spec_from_file_location(name, file, loader=SlowLoader(name, file))

def load(module):
    with import_alone("SFTP", "sftp"):
        import_module(module)

sys.meta_path.insert(0, SlowFinder())
with ThreadPoolExecutor(2) as pool:
    first = pool.submit(load, "shared")
    is_loading.wait()
    second = pool.submit(load, "shared.inner")
    first.result()
    second.result()
"""


def test_a_package_and_its_module_are_loaded_by_two_threads(tmp_path: Path) -> None:
    """Without a lock, each thread waits for what the other one is loading."""
    package = tmp_path / "shared"
    package.mkdir()
    for name, source in PACKAGE.items():
        (package / f"{name}.py").write_text(source, encoding="utf-8")
    finished = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr


def test_a_missing_sdk_names_its_extra() -> None:
    """And not the module that was not found."""
    with pytest.raises(MissingSdkError, match=r"\[sftp\]"), import_alone("SFTP", "sftp"):
        import_module("realtimekit_of_nowhere")
