"""From a finished recording to delivered files, in or out of the loop's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from realtimekit_emulator.model.webm import webm
from realtimekit_emulator.uploads import LogOnlyUploader, Upload, Uploader, UploadError, describe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from realtimekit_emulator.model.recording import Output, Recording

    Job = Callable[[], str | None]
    Done = Callable[[str | None], None]


class Runner(Protocol):
    """Runs a job somewhere and tells its result in the thread of the model."""

    def __call__(self, job: Job, done: Done) -> None:
        """Request ``done(job())``, now or later."""


def run_here(job: Job, done: Done) -> None:
    """Run a job at once, in the caller's thread."""
    done(job())


class Delivery:
    """Sends each layer of a recording to each of its outputs.

    ``uploaders`` maps a storage type (``aws``, ``sftp``, …) or an output type
    (``REALTIMEKIT_BUCKET``) to its uploader; whatever is not in it is only logged.
    """

    def __init__(self, uploaders: Mapping[str, Uploader] | None = None) -> None:
        self._uploaders = dict(uploaders or {})
        self._fallback: Uploader = LogOnlyUploader()
        self.run_blocking: Runner = run_here

    def uploads(self, recording: Recording, *, ignore_storage: bool) -> list[Upload]:
        """Return what has to be delivered."""
        return list(self._uploads(recording, ignore_storage=ignore_storage))

    def deliver(self, uploads: list[Upload], done: Callable[[str | None], None]) -> None:
        """Deliver everything, then call ``done`` with None or with what went wrong."""
        pairs = [(self._uploader(upload), upload) for upload in uploads]

        def job() -> str | None:
            for uploader, upload in pairs:
                failure = _attempt(uploader, upload)
                if failure:
                    return failure
            return None

        blocking = any(uploader.blocking for uploader, _ in pairs)
        (self.run_blocking if blocking else run_here)(job, done)

    def _uploads(self, recording: Recording, *, ignore_storage: bool) -> Iterator[Upload]:
        seconds = recording.seconds(recording.stopped_time or recording.invoked_time)
        for layer in recording.layers:
            data = webm(f"{recording.id}/{layer.name}", seconds)
            for output in layer.outputs:
                kind, storage = _target(output, ignore_storage=ignore_storage)
                name = recording.file_name(layer)
                yield Upload(recording.id, layer.name, name, kind, data, storage)

    def _uploader(self, upload: Upload) -> Uploader:
        kind = upload.output_type if upload.storage is None else str(upload.storage.get("type"))
        return self._uploaders.get(kind, self._fallback)


def _target(output: Output, *, ignore_storage: bool) -> tuple[str, dict[str, object] | None]:
    if output.storage is not None and ignore_storage:
        return "REALTIMEKIT_BUCKET", None
    return output.type, output.storage


def _attempt(uploader: Uploader, upload: Upload) -> str | None:
    """Return None, or what went wrong in words that hold no secret."""
    try:
        uploader.upload(upload)
    except UploadError as error:
        return f"layer {upload.layer} to {describe(upload)}: {error}"
    except Exception as error:  # noqa: BLE001 - whatever fails, the recording must end ERRORED
        # A foreign error's text may quote credentials, so only its kind is told.
        return f"layer {upload.layer} to {describe(upload)}: {type(error).__name__}"
    return None
