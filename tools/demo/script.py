"""The steps of the demo, each with its explanation."""

from dataclasses import dataclass

from tools.demo.commands import Commands
from tools.demo.sandbox import PASSWORD_FILE, STACK, Sandbox
from tools.demo.transcript import Transcript

RECORDING = "realtimekit:recordings.standup"
ARCHIVE = "realtimekit:storage.archive"
PASSWORD = "realtimekit:archivePassword"  # noqa: S105 - where it is


@dataclass(frozen=True)
class Step:
    """A change of the stack's config, and the deployment that follows."""

    headline: str
    why: str
    desired_state: str | None = None
    is_previewed: bool = True


START = Step(
    "The first deployment makes the storage and starts the recording",
    "The preview calls no API and needs no token. The deployment makes the bucket, a user that can "
    "only write below its prefix, and the folder; two gates test both logins by writing a file; "
    "then it asks whether the meeting is being recorded already, and starts the recording.",
)
AGAIN = Step(
    "A second deployment changes nothing",
    "The state has the recording, so a pipeline may run this as often as it likes, without a call.",
)
CHANGES = (
    Step(
        "Pause, by changing one line",
        "What the stack wants (desired_state) and what the API said (status) are two fields. "
        "A reviewer sees the change of the first before it happens, and no credential.",
        "PAUSED",
    ),
    Step(
        "Resume",
        "The same recording continues, with the same id: nothing is replaced. A pipeline that has "
        "shown the preview in the review needs no other one.",
        "RECORDING",
        is_previewed=False,
    ),
    Step(
        "Stop",
        "The file is finished and uploaded. To stop a recording one can also take it out of the "
        "config, or run 'pulumi destroy'.",
        "STOPPED",
    ),
)
DESTROY = Step(
    "Destroy deletes what was declared, and keeps what was recorded",
    "The gates wait until all files are uploaded. Then the user and its key are deleted. Bucket "
    "and folder hold files, so they are kept (on_delete).",
)
LIST = Step(
    "What the API still has, and whose it is",
    "The API is asked for every recording of the app, and the backend for the states of all "
    "stacks. The state that started this one is gone; the mark in its file's name still tells for "
    "which resource that was.",
)
REFRESH = Step(
    "A refresh reads the final status",
    "A stop does not wait for the upload. With --refresh a deployment first reads the "
    "current status of recordings, buckets and keys, and changes nothing but the state.",
)


class Script:
    """Runs the demo in its sandbox."""

    def __init__(self, sandbox: Sandbox, commands: Commands, transcript: Transcript) -> None:
        self._sandbox = sandbox
        self._commands = commands
        self._transcript = transcript

    def run(self) -> None:
        """Run all steps, up to the recording's last status."""
        self._prepare_stack()
        self._show_step(START)
        self._preview()
        self._up()
        self._show_step(AGAIN)
        self._up("--expect-no-changes", "--suppress-outputs")
        for change in CHANGES:
            self._show_step(change)
            self._set_config(f"{RECORDING}.desired_state", str(change.desired_state))
            if change.is_previewed:
                self._preview("--diff")
            self._up()
        self._refresh()
        self._show_step(DESTROY)
        self._commands.pulumi("destroy", "--yes", "--skip-preview", "--suppress-progress")
        self._show_step(LIST)
        self._commands.run("realtimekit", "list")

    def _prepare_stack(self) -> None:
        transcript, sandbox = self._transcript, self._sandbox
        transcript.print_text(
            "A track recording of a meeting, kept as code with the storage of its files: this is "
            "the real Pulumi engine, and on this machine an emulator of Cloudflare's RealtimeKit "
            "API, an S3 that checks every key and right, and an SFTP server. No call leaves it. "
            f"The program is a copy in {sandbox.folder}, with its state."
        )
        transcript.print_headline("An API, a meeting, two servers for files, a stack")
        transcript.print_text(
            "The servers are up, and two people are in a meeting. These settings are all that "
            "points the program to them. Those of AWS are the administrator's, as on any machine "
            "that deploys:"
        )
        transcript.print_command(
            "export " + " \\\n    ".join(f"{k}={v}" for k, v in sandbox.settings.items())
        )
        self._commands.pulumi("stack", "init", STACK)
        self._set_config(f"{RECORDING}.meeting_id", sandbox.meeting_id)
        self._set_config(f"{ARCHIVE}.port", str(sandbox.sftp.port))
        self._set_config(f"{ARCHIVE}.host_key", sandbox.sftp.host_key)
        self._commands.pulumi("config", "set", "--secret", PASSWORD, stdin_file=PASSWORD_FILE)
        self._commands.run("cat", f"stacks/Pulumi.{STACK}.yaml")

    def _set_config(self, path: str, value: str) -> None:
        self._commands.pulumi("config", "set", "--path", path, value)

    def _show_step(self, step: Step) -> None:
        self._transcript.print_headline(step.headline)
        self._transcript.print_text(step.why)

    def _preview(self, *flags: str) -> None:
        self._commands.pulumi("preview", *flags, "--suppress-outputs", "--suppress-progress")

    def _up(self, *flags: str) -> None:
        self._commands.pulumi("up", "--yes", "--skip-preview", "--suppress-progress", *flags)

    def _refresh(self) -> None:
        for recording in self._sandbox.control.recordings(self._sandbox.meeting_id):
            self._sandbox.control.wait_for(recording.id, "UPLOADED")
        self._show_step(REFRESH)
        self._up("--refresh")
