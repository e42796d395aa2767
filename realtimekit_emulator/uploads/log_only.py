"""The uploader that delivers nothing; the event log shows what it would have delivered."""

from __future__ import annotations

from realtimekit_emulator.uploads.uploader import Upload


class LogOnlyUploader:
    """Accepts every file and forgets it."""

    blocking = False

    def upload(self, upload: Upload) -> None:
        """Deliver nothing, successfully."""
