"""The recordings that all three programs declare, as a file says: the same for each of them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

__all__ = ["FILE", "Fleet"]

FILE = "fleet.json"


@dataclass(frozen=True)
class Fleet:
    """Meetings to record, and what their recordings are to be."""

    account_id: str
    app_id: str
    meetings: tuple[str, ...]
    desired_state: str = "RECORDING"
    credentials: tuple[str, str] = ("AKIA" + 16 * "B", 40 * "s")

    @classmethod
    def here(cls) -> Fleet:
        """Read the fleet of the project that a program runs in."""
        known = json.loads(Path(FILE).read_text(encoding="utf-8"))
        return cls(**{**known, "meetings": tuple(known["meetings"])})

    def write(self, folder: Path) -> None:
        """Write the fleet for the program in ``folder``."""
        (folder / FILE).write_text(json.dumps(asdict(self)), encoding="utf-8")

    @staticmethod
    def storage(access_key: Any, secret: Any) -> dict[str, Any]:
        """Return the storage that every recording is written to."""
        return {
            "type": "aws",
            "access_key": access_key,
            "secret": secret,
            "bucket": "acme-recordings",
            "region": "eu-central-1",
            "path": "recordings/townhall",
        }
