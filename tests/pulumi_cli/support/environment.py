"""The environment of a Pulumi process in a test: this Python first, and nothing of the user's."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from realtimekit_emulator import EmulatorServer

__all__ = ["PASSPHRASE", "ROOT", "build_environment"]

ROOT = Path(__file__).resolve().parents[3]
_PROGRAM_START = Path(__file__).parent / "program_start"
PASSPHRASE = "a passphrase for tests"
_USER_PREFIXES = ("PULUMI_", "CLOUDFLARE_", "REALTIMEKIT_", "NO_COLOR", "FORCE_COLOR")


def build_environment(folder: Path, emulator: EmulatorServer) -> dict[str, str]:
    """Return a CLI's environment variables; state is in ``folder``, the API is the emulator."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(_USER_PREFIXES)
    }
    return {
        **inherited,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join([str(_PROGRAM_START), str(ROOT)]),
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": (folder / "state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "GOGC": "400",  # the CLI collects garbage less often, since it runs for a second
        "CLOUDFLARE_BASE_URL": emulator.base_url,
        "CLOUDFLARE_API_TOKEN": emulator.token,
    }
