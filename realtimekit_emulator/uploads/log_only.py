"""The uploader that delivers nothing; the event log tells what it would have delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from realtimekit_emulator.uploads.uploader import Upload


class LogOnlyUploader:
    """Accepts every file and forgets it."""

    blocking = False

    def upload(self, upload: Upload) -> None:
        """Deliver nothing, successfully."""
