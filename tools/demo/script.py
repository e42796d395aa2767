"""What happens in the demo, step by step, and why."""

from dataclasses import dataclass

from tools.demo.commands import Commands
from tools.demo.sandbox import PASSWORD_FILE, STACK, Stage
from tools.demo.transcript import Transcript

RECORDING = "realtimekit:recordings.standup"
ARCHIVE = "realtimekit:storage.archive"
PASSWORD = "realtimekit:archivePassword"  # noqa: S105 - where it is


@dataclass(frozen=True)
class Step:
    """A change of the stack's config, and what the deployment makes of it."""

    headline: str
    why: str
    desired_state: str | None = None
    is_previewed: bool = True


START = Step(
    "The first deployment makes the storage and starts the recording",
    "The preview asks nobody anything and needs no token. The deployment makes the bucket, a user "
    "that can write below its prefix and do nothing else, and the folder; two gates prove both "
    "logins by writing; then it asks whether the meeting is being recorded already, and starts "
    "the recording.",
)
AGAIN = Step(
    "A second deployment changes nothing",
    "The state knows the recording, so a pipeline may run this as often as it likes: no call.",
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
        "The same recording goes on, with the same id: nothing is replaced. A pipeline that has "
        "shown the preview in the review needs no other.",
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
    "What is declared goes, what was recorded stays",
    "The gates wait until no file is on its way. Then the user and its key are deleted. Bucket and "
    "folder hold files, so they are kept (on_delete).",
)
REFRESH = Step(
    "A refresh tells what became of it",
    "A stop does not wait for the upload. With --refresh a deployment first looks at what it "
    "keeps, buckets and keys as well, and nothing changes but what the state knows.",
)


class Story:
    """Tells the demo on its stage."""

    def __init__(self, stage: Stage, commands: Commands, transcript: Transcript) -> None:
        self._stage = stage
        self._commands = commands
        self._transcript = transcript

    def tell(self) -> None:
        """Play everything, up to the recording's last status."""
        self._set_the_scene()
        self._begin(START)
        self._preview()
        self._up()
        self._begin(AGAIN)
        self._up("--expect-no-changes", "--suppress-outputs")
        for change in CHANGES:
            self._begin(change)
            self._config(f"{RECORDING}.desired_state", str(change.desired_state))
            if change.is_previewed:
                self._preview("--diff")
            self._up()
        self._look_again()
        self._begin(DESTROY)
        self._commands.pulumi("destroy", "--yes", "--skip-preview", "--suppress-progress")

    def _set_the_scene(self) -> None:
        tell, stage = self._transcript, self._stage
        tell.say(
            "A track recording of a meeting, kept as code with the storage of its files: this is "
            "the real Pulumi engine, and on this machine an emulator of Cloudflare's RealtimeKit "
            "API, an S3 that checks every key and right, and an SFTP server. Nothing leaves it. "
            f"The program is a copy in {stage.folder}, with its state."
        )
        tell.headline("An API, a meeting, two servers for files, a stack")
        tell.say(
            "The servers are up, and two people are in a meeting. These settings are all that "
            "tells the program where it plays. Those of AWS are the administrator's, as on any "
            "machine that deploys:"
        )
        tell.command("export " + " \\\n    ".join(f"{k}={v}" for k, v in stage.settings.items()))
        self._commands.pulumi("stack", "init", STACK)
        self._config(f"{RECORDING}.meeting_id", stage.meeting_id)
        self._config(f"{ARCHIVE}.port", str(stage.sftp.port))
        self._config(f"{ARCHIVE}.host_key", stage.sftp.host_key)
        self._commands.pulumi("config", "set", "--secret", PASSWORD, reads=PASSWORD_FILE)
        self._commands.run("cat", f"stacks/Pulumi.{STACK}.yaml")

    def _config(self, path: str, value: str) -> None:
        self._commands.pulumi("config", "set", "--path", path, value)

    def _begin(self, step: Step) -> None:
        self._transcript.headline(step.headline)
        self._transcript.say(step.why)

    def _preview(self, *flags: str) -> None:
        self._commands.pulumi("preview", *flags, "--suppress-outputs", "--suppress-progress")

    def _up(self, *flags: str) -> None:
        self._commands.pulumi("up", "--yes", "--skip-preview", "--suppress-progress", *flags)

    def _look_again(self) -> None:
        for recording in self._stage.control.recordings(self._stage.meeting_id):
            self._stage.control.wait_for(recording.id, "UPLOADED")
        self._begin(REFRESH)
        self._up("--refresh")
