"""The files of a finished recording go to their uploaders."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pytest

from realtimekit_emulator import EmulatorServer
from realtimekit_emulator.uploads import Upload, UploadError, describe_target
from tests.emulator.api_client import ApiClient

CANARY = "canary-secret"
AWS = {
    "type": "aws", "access_key": CANARY, "secret": CANARY, "bucket": "b", "region": "r",
    "path": "/in/",
}  # fmt: skip
SFTP = {
    "type": "sftp", "host": "h", "port": 22, "username": "u", "path": "/in",
    "auth_method": "PASSWORD", "password": CANARY,
}  # fmt: skip
OUTPUTS = [
    {"type": "REALTIMEKIT_BUCKET"},
    {"type": "STORAGE_CONFIG", "storage_config": AWS},
    {"type": "STORAGE_CONFIG", "storage_config": SFTP},
]


@dataclass
class FakeUploader:
    """An uploader that keeps what it gets, or fails."""

    blocking: bool = True
    failure: Exception | None = None
    uploads: list[Upload] = field(default_factory=list)
    threads: list[str] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)

    def upload(self, upload: Upload) -> None:
        """Keep one file."""
        self.threads.append(threading.current_thread().name)
        if self.failure is not None:
            raise self.failure
        self.uploads.append(upload)
        self.arrived.set()


def record(emulator: EmulatorServer, status: str) -> str:
    """Record to every output, until a status is reached; return the recording's id."""
    client = ApiClient(emulator)
    recording_id = client.start_recording(
        emulator.control.create_meeting(participants=1).id, outputs=OUTPUTS
    )
    client.send_action(recording_id, "stop")
    emulator.control.wait_for(recording_id, status)
    client.session.close()
    return recording_id


def test_every_output_of_a_layer_is_logged_without_secrets(
    api: ApiClient, emulator: EmulatorServer
) -> None:
    """Type and location of each target are logged, and no credential."""
    events = emulator.control.events(record(emulator, "UPLOADED"))
    details = [event.detail for event in events if event.name == "layer_uploaded"]
    assert details[0] == "layer default to REALTIMEKIT_BUCKET"
    assert details[1].startswith("layer default to aws b/in/")
    assert details[2].startswith("layer default to sftp h:22/in/")
    assert CANARY not in str(events)


def test_an_uploader_gets_its_type_of_storage_in_a_thread(api: ApiClient) -> None:
    """With the file, its name, and the full storage_config."""
    uploader = FakeUploader()
    with EmulatorServer(uploaders={"aws": uploader}) as emulator:
        record(emulator, "UPLOADED")
    (upload,) = uploader.uploads
    assert upload.storage == AWS
    assert upload.data.startswith(b"\x1a\x45\xdf\xa3")
    assert upload.file_name.endswith(".webm")
    assert uploader.threads[0].startswith("upload")


def test_a_recording_finishes_without_requests(api: ApiClient) -> None:
    """It runs and uploads by the clock."""
    uploader = FakeUploader()
    with EmulatorServer(
        uploaders={"REALTIMEKIT_BUCKET": uploader}, max_seconds_minimum=0.1
    ) as alone:
        client = ApiClient(alone)
        client.start_recording(alone.control.create_meeting(participants=1).id, max_seconds=0.1)
        client.session.close()
        assert uploader.arrived.wait(30)


def test_an_uploader_for_the_apis_own_bucket_needs_no_thread(api: ApiClient) -> None:
    """One that does not block is called in the thread of the server."""
    uploader = FakeUploader(blocking=False)
    with EmulatorServer(uploaders={"REALTIMEKIT_BUCKET": uploader}) as emulator:
        record(emulator, "UPLOADED")
    assert [(one.output_type, one.storage) for one in uploader.uploads] == [
        ("REALTIMEKIT_BUCKET", None)
    ]
    assert uploader.threads == ["emulator"]


@pytest.mark.parametrize("blocking", [True, False])
@pytest.mark.parametrize(
    ("failure", "reason"), [(UploadError("denied"), "denied"), (OSError(CANARY), "OSError")]
)
def test_a_failed_upload_makes_the_recording_errored(
    api: ApiClient, failure: Exception, reason: str, *, blocking: bool
) -> None:
    """The reason is logged, but not the text of a foreign error, which may quote secrets."""
    with EmulatorServer(uploaders={"sftp": FakeUploader(blocking, failure)}) as emulator:
        recording_id = record(emulator, "ERRORED")
        event = emulator.control.events(recording_id)[-1]
    assert (event.name, event.detail.split(": ")[-1]) == ("errored", reason)
    assert CANARY not in event.detail


def test_a_description_has_the_location_only() -> None:
    """An upload shows neither its data nor its credentials, not even in a traceback."""
    upload = Upload("id", "default", "f.webm", "STORAGE_CONFIG", b"data", AWS)
    assert describe_target(upload) == "aws b/in/f.webm"
    assert CANARY not in repr(upload)
