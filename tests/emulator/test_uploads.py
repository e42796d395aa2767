"""What happens to the files when a recording is over."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from realtimekit_emulator import EmulatorServer
from realtimekit_emulator.uploads import Upload, UploadError, describe

if TYPE_CHECKING:
    from .conftest import Api

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
class Shelf:
    """An uploader that keeps what it gets, and fails when it is told to."""

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


def run(api: Api, emulator: EmulatorServer, status: str) -> str:
    """Record to every output, until a state is reached; return the recording's id."""
    client = type(api)(emulator)
    recording_id = client.started(
        emulator.control.create_meeting(participants=1).id, outputs=OUTPUTS
    )
    client.act(recording_id, "stop")
    emulator.control.wait_for(recording_id, status)
    client.session.close()
    return recording_id


def test_every_output_of_a_layer_is_logged_without_secrets(
    api: Api, emulator: EmulatorServer
) -> None:
    """Type and place of each target are told, and nothing that opens it."""
    events = emulator.control.events(run(api, emulator, "UPLOADED"))
    details = [event.detail for event in events if event.name == "layer_uploaded"]
    assert details[0] == "layer default to REALTIMEKIT_BUCKET"
    assert details[1].startswith("layer default to aws b/in/")
    assert details[2].startswith("layer default to sftp h:22/in/")
    assert CANARY not in str(events)


def test_an_uploader_gets_its_type_of_storage_in_a_thread(api: Api) -> None:
    """With the file, its name, and the full storage_config."""
    shelf = Shelf()
    with EmulatorServer(uploaders={"aws": shelf}) as emulator:
        run(api, emulator, "UPLOADED")
    (upload,) = shelf.uploads
    assert upload.storage == AWS
    assert upload.data.startswith(b"\x1a\x45\xdf\xa3")
    assert upload.file_name.endswith(".webm")
    assert shelf.threads[0].startswith("upload")


def test_the_life_goes_on_without_requests(api: Api) -> None:
    """A recording runs and uploads by the clock, even when nobody asks."""
    shelf = Shelf()
    with EmulatorServer(uploaders={"REALTIMEKIT_BUCKET": shelf}, max_seconds_minimum=0.1) as alone:
        client = type(api)(alone)
        client.started(alone.control.create_meeting(participants=1).id, max_seconds=0.1)
        client.session.close()
        assert shelf.arrived.wait(3)


def test_an_uploader_for_the_apis_own_bucket_needs_no_thread(api: Api) -> None:
    """One that does not block is called where it is."""
    shelf = Shelf(blocking=False)
    with EmulatorServer(uploaders={"REALTIMEKIT_BUCKET": shelf}) as emulator:
        run(api, emulator, "UPLOADED")
    assert [(one.output_type, one.storage) for one in shelf.uploads] == [
        ("REALTIMEKIT_BUCKET", None)
    ]
    assert shelf.threads == ["emulator"]


@pytest.mark.parametrize("blocking", [True, False])
@pytest.mark.parametrize(
    ("failure", "told"), [(UploadError("denied"), "denied"), (OSError(CANARY), "OSError")]
)
def test_a_failed_upload_makes_the_recording_errored(
    api: Api, failure: Exception, told: str, *, blocking: bool
) -> None:
    """What went wrong is told, but not the text of a foreign error, which may quote secrets."""
    with EmulatorServer(uploaders={"sftp": Shelf(blocking, failure)}) as emulator:
        recording_id = run(api, emulator, "ERRORED")
        event = emulator.control.events(recording_id)[-1]
    assert (event.name, event.detail.split(": ")[-1]) == ("errored", told)
    assert CANARY not in event.detail


def test_a_description_names_the_place_only() -> None:
    """An upload shows neither its data nor its credentials, not even in a traceback."""
    upload = Upload("id", "default", "f.webm", "STORAGE_CONFIG", b"data", AWS)
    assert describe(upload) == "aws b/in/f.webm"
    assert CANARY not in repr(upload)
