"""From a finished recording to delivered files, in or out of the loop's thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from realtimekit_emulator.model.recording import Output, Recording
from realtimekit_emulator.uploads import (
    LogOnlyUploader,
    Upload,
    Uploader,
    UploadError,
    describe_target,
)

Job = Callable[[], str | None]
"""Delivers files; returns None, or why it failed."""
OnDone = Callable[[str | None], None]
"""Takes the result of a job."""


class RunJob(Protocol):
    """Runs a job somewhere, and passes on its result in the thread of the model."""

    def __call__(self, job: Job, on_done: OnDone) -> None:
        """Call ``on_done(job())``, now or later."""


def run_at_once(job: Job, on_done: OnDone) -> None:
    """Run a job in the caller's thread."""
    on_done(job())


class Delivery:
    """Sends each layer of a recording to each of its outputs.

    ``uploaders`` maps a storage type (``aws``, ``sftp``, …) or an output type
    (``REALTIMEKIT_BUCKET``) to its uploader; what goes to any other type is only logged.

    Attributes:
        run_blocking: How jobs are run that wait for a network or a disk.
    """

    def __init__(self, uploaders: Mapping[str, Uploader] | None = None) -> None:
        self._uploaders = dict(uploaders or {})
        self._fallback: Uploader = LogOnlyUploader()
        self.run_blocking: RunJob = run_at_once

    def create_uploads(self, recording: Recording, *, ignore_storage: bool) -> list[Upload]:
        """Return what has to be delivered: a file for each output of each layer."""
        return list(_iterate_uploads(recording, ignore_storage=ignore_storage))

    def deliver(self, uploads: list[Upload], on_done: OnDone) -> None:
        """Deliver everything, then call ``on_done`` with None or with the reason of a failure."""
        pairs = [(self._select_uploader(upload), upload) for upload in uploads]

        def job() -> str | None:
            for uploader, upload in pairs:
                failure = _try_upload(uploader, upload)
                if failure:
                    return failure
            return None

        is_blocking = any(uploader.blocking for uploader, _ in pairs)
        (self.run_blocking if is_blocking else run_at_once)(job, on_done)

    def _select_uploader(self, upload: Upload) -> Uploader:
        key = upload.output_type if upload.storage is None else str(upload.storage.get("type"))
        return self._uploaders.get(key, self._fallback)


def _iterate_uploads(recording: Recording, *, ignore_storage: bool) -> Iterator[Upload]:
    end = recording.stopped_time or recording.invoked_time
    for layer in recording.layers:
        data = recording.create_file(layer, end)
        name = recording.build_file_name(layer)
        for output in layer.outputs:
            target = _redirect_to_bucket(output) if ignore_storage else output
            yield Upload(recording.id, layer.name, name, target.type, data, target.storage)


def _redirect_to_bucket(output: Output) -> Output:
    return output if output.storage is None else Output("REALTIMEKIT_BUCKET")


def _try_upload(uploader: Uploader, upload: Upload) -> str | None:
    """Return None, or the reason of the failure in words that hold no secret."""
    try:
        uploader.upload(upload)
    except UploadError as error:
        return f"layer {upload.layer} to {describe_target(upload)}: {error}"
    except Exception as error:  # noqa: BLE001 - whatever fails, the recording must end ERRORED
        # The text of a foreign error may quote credentials, so only its type is named.
        return f"layer {upload.layer} to {describe_target(upload)}: {type(error).__name__}"
    return None
