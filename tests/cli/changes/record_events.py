"""Records the events of real previews: ``python -m tests.cli.changes.record_events``.

Each file in ``events/`` is one preview of the real engine, against the emulator and moto. The
events that nobody reads are left out: debug lines, and the outputs of each step.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from realtimekit_emulator import Control, EmulatorServer
from tests.pulumi_cli.storage.support.clouds import Clouds, Storage
from tests.pulumi_cli.storage.support.storage_project import StorageProject
from tests.pulumi_cli.support.cloud_snapshot import running_clouds
from tests.pulumi_cli.support.project import make_template

EVENTS = Path(__file__).parent / "events"
STREAMING = {"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true"}
SECRETS = {"realtimekit:key": "AKIACANARYCANARYCANA", "realtimekit:secret": "CANARY-secret-one"}
OWN_BUCKET = {
    "type": "aws",
    "bucket": "own-bucket",
    "region": "eu-west-1",
    "access_key": {"fromConfig": "key"},
    "secret": {"fromConfig": "secret"},
}


def build_recording(meeting_id: str, *storage: str, **inputs: Any) -> dict[str, Any]:
    """Return the inputs of a recording whose files go to the named storage, or to Cloudflare."""
    outputs = {"outputs": [{"storage": name} for name in storage]} if storage else {}
    return {"meeting_id": meeting_id, "layers": {"default": outputs}, **inputs}


def record(project: StorageProject, name: str, *flags: str) -> None:
    """Write the events of a preview to the file of this name."""
    project.environment.update(STREAMING)
    outcome = project.try_run("preview", "--json", *flags)
    lines = outcome.output.splitlines()
    events = [json.loads(line) for line in lines if line.startswith("{")]
    kept = [
        one
        for one in events
        if "resOutputsEvent" not in one
        and one.get("diagnosticEvent", {}).get("severity") != "debug"
    ]
    document = {
        "stack": project.stack,
        "exit_code": outcome.code,
        "errors": "\n".join(line for line in lines if not line.startswith("{")),
        "events": kept,
    }
    *_, last = document
    head = [f"{json.dumps(key)}: {json.dumps(document[key])}," for key in document if key != last]
    lines = ["{", *head, '"events": [', ",\n".join(map(json.dumps, kept)), "]", "}"]
    text = "\n".join(lines).replace(str(project.folder), "/work/acme")
    (EVENTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def _declare_recordings(control: Control) -> dict[str, dict[str, Any]]:
    def declare(*storage: str, participants: int = 1, **inputs: Any) -> dict[str, Any]:
        meeting = control.create_meeting(participants=participants).id
        return build_recording(meeting, *storage, **inputs)

    own = {"default": {"outputs": [{"type": "STORAGE_CONFIG", "storage_config": OWN_BUCKET}]}}
    return {
        "stays": declare("archive"),
        "pauses": declare(),
        "resumes": declare(desired_state="PAUSED"),
        "stops": declare(),
        "removed": declare("archive"),
        "left": declare(on_delete="leave"),
        "longer": declare(max_seconds=600),
        "rotated": {**declare(), "layers": own},
        "ended": declare(),
        "empty": declare(participants=0, on_no_session="skip"),
    }


def _declare_storage(clouds: Clouds) -> dict[str, Storage]:
    return {
        "archive": clouds.declare_aws(bucket="acme-archive"),
        "closed": clouds.declare_aws(bucket="acme-closed"),
        "emptied": clouds.declare_aws(bucket="acme-emptied", on_delete="force"),
        "moved": clouds.declare_aws(bucket="acme-moved", on_delete="force"),
    }


def _change(
    recordings: dict[str, dict[str, Any]],
    storage: dict[str, Storage],
    clouds: Clouds,
    control: Control,
) -> None:
    recordings["new"] = build_recording(control.create_meeting().id, "archive")
    recordings["new-paused"] = build_recording(control.create_meeting().id, desired_state="PAUSED")
    recordings["pauses"]["desired_state"] = "PAUSED"
    recordings["resumes"]["desired_state"] = "RECORDING"
    recordings["stops"]["desired_state"] = "STOPPED"
    recordings["longer"]["max_seconds"] = 900
    for name in ("removed", "left", "ended"):
        del recordings[name]
    del storage["closed"], storage["emptied"]
    storage["archive"] = storage["archive"].with_changes(key_generation=2)
    storage["moved"] = clouds.declare_aws(bucket="acme-moved-away", on_delete="force")
    storage["opened"] = clouds.declare_aws(bucket="acme-opened")


def main() -> None:
    """Record all previews."""
    EVENTS.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as temporary,
        running_clouds(Path(temporary) / "files") as clouds,
        EmulatorServer(uploaders=clouds.create_uploaders()) as emulator,
    ):
        folder, control = Path(temporary), emulator.control
        template = make_template(folder / "template", emulator)
        project = StorageProject.create(template, folder / "project", emulator, clouds)
        storage, recordings = _declare_storage(clouds), _declare_recordings(control)
        project.declare(storage, recordings)
        project.encrypt(**SECRETS)
        record(project, "first")
        project.up()
        record(project, "nothing")
        control.force(project.read_recordings()["ended"]["id"], "UPLOADED")
        project.refresh()
        _change(recordings, storage, clouds, control)
        project.declare(storage, recordings)
        project.encrypt(**{**SECRETS, "realtimekit:secret": "CANARY-secret-two"})
        record(project, "mixed")
        control.join(recordings["empty"]["meeting_id"])
        record(project, "mixed-refresh", "--refresh")
        token = project.environment.pop("CLOUDFLARE_API_TOKEN")
        record(project, "mixed-without-token")
        project.environment["CLOUDFLARE_API_TOKEN"] = token


if __name__ == "__main__":
    main()
