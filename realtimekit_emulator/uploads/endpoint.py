"""Where the test server of a cloud listens."""

from __future__ import annotations

from realtimekit_emulator.loopback import NotLoopbackError, is_loopback_url
from realtimekit_emulator.uploads.uploader import UploadError


class Endpoint:
    """A URL on this machine; it may be missing until the first upload needs it.

    ``option`` is the name of the argument of `real_uploaders` that sets it.

    Raises:
        NotLoopbackError: The URL is not on this machine.
    """

    def __init__(self, option: str, url: str | None) -> None:
        if url is not None and not is_loopback_url(url):
            raise NotLoopbackError(
                f"{option} must be a URL on this machine, such as http://127.0.0.1:5000"
            )
        self._option = option
        self._url = url

    def get_url(self) -> str:
        """Return the URL; raises UploadError where none is set."""
        if self._url is None:
            raise UploadError(
                f"{self._option} is not set, and the emulator uploads to this machine only"
            )
        return self._url


def create_not_loopback_error(name: str) -> UploadError:
    """Return the error for a target, given by its name, that is not on this machine."""
    return UploadError(f"{name} is not on this machine, and the emulator uploads to nothing else")
