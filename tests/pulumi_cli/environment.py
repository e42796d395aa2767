"""What a Pulumi process of a test has around it: this Python first, and nothing of the user's."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from realtimekit_emulator import EmulatorServer

__all__ = ["PASSPHRASE", "ROOT", "surroundings"]

ROOT = Path(__file__).resolve().parents[2]
_INSTEAD_OF_PIP = Path(__file__).parent / "instead_of_pip"
PASSPHRASE = "a passphrase for tests"
_OF_THE_USER = ("PULUMI_", "CLOUDFLARE_", "REALTIMEKIT_", "NO_COLOR", "FORCE_COLOR")


def surroundings(folder: Path, emulator: EmulatorServer) -> dict[str, str]:
    """Return a CLI's environment: its state is in ``folder``, its API the emulator."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OF_THE_USER)}
    return {
        **kept,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join([str(_INSTEAD_OF_PIP), str(ROOT)]),
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": (folder / "state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "CLOUDFLARE_BASE_URL": emulator.base_url,
        "CLOUDFLARE_API_TOKEN": emulator.token,
    }
