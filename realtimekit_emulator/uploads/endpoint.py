"""Where the stand-in of a cloud listens."""

from __future__ import annotations

from realtimekit_emulator.loopback import NotLoopbackError, is_loopback_url
from realtimekit_emulator.uploads.uploader import UploadError


class Endpoint:
    """A URL on this machine, which only those who upload to it have to give."""

    def __init__(self, name: str, url: str | None) -> None:
        if url is not None and not is_loopback_url(url):
            message = f"{name} must be a URL on this machine, such as http://127.0.0.1:5000"
            raise NotLoopbackError(message)
        self._name = name
        self._url = url

    def url(self) -> str:
        """Return the URL."""
        if self._url is None:
            message = f"no {self._name} was given, and the emulator does not leave this machine"
            raise UploadError(message)
        return self._url


def elsewhere(what: str) -> UploadError:
    """Refuse a target that is not on this machine."""
    return UploadError(f"{what} is not on this machine, and the emulator does not leave it")
