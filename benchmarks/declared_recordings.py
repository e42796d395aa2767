"""The recordings that all three programs declare, as a file says: the same for each of them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pulumi

__all__ = ["FILE", "DeclaredRecordings"]

FILE = "recordings.json"
_CLOUDFLARE_OUTPUT = {"type": "REALTIMEKIT_BUCKET"}
_OWN_BUCKET = {
    "type": "aws",
    "bucket": "acme-recordings",
    "region": "eu-central-1",
    "path": "recordings/townhall",
}
_CREDENTIALS = {"access_key": "AKIA" + 16 * "B", "secret": 40 * "s"}


@dataclass(frozen=True)
class DeclaredRecordings:
    """Meetings to record, and what their recordings are to be.

    Attributes:
        account_id: The account of all meetings.
        app_id: The app of all meetings.
        meetings: Their ids.
        desired_state: That of each recording.
        own_storage: Whether files go to a bucket with credentials, or to Cloudflare's own.
    """

    account_id: str
    app_id: str
    meetings: tuple[str, ...]
    desired_state: str = "RECORDING"
    own_storage: bool = False

    @classmethod
    def read(cls) -> DeclaredRecordings:
        """Read those of the project that a program runs in."""
        known = json.loads(Path(FILE).read_text(encoding="utf-8"))
        return cls(**{**known, "meetings": tuple(known["meetings"])})

    def write(self, folder: Path) -> None:
        """Write them for the program in ``folder``."""
        (folder / FILE).write_text(json.dumps(asdict(self)), encoding="utf-8")

    def build_output(self) -> dict[str, Any]:
        """Return the one output that each layer has."""
        if not self.own_storage:
            return dict(_CLOUDFLARE_OUTPUT)
        secrets = {name: pulumi.Output.secret(text) for name, text in _CREDENTIALS.items()}
        return {"type": "STORAGE_CONFIG", "storage_config": {**_OWN_BUCKET, **secrets}}
