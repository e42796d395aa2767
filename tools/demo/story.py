"""What happens in the demo, step by step, and why."""

from dataclasses import dataclass

from tools.demo.commands import Commands
from tools.demo.stage import STACK, Stage
from tools.demo.transcript import Transcript

RECORDING = "realtimekit:recordings.standup"


@dataclass(frozen=True)
class Step:
    """A change of the stack's config, and what the deployment makes of it."""

    headline: str
    why: str
    desired_state: str | None = None


START = Step(
    "The first deployment starts the recording",
    "The preview asks the API nothing and needs no token. The deployment asks whether the meeting "
    "is being recorded already, then starts the recording: two calls.",
)
AGAIN = Step(
    "A second deployment changes nothing",
    "The state knows the recording, so a pipeline may run this as often as it likes: no call.",
)
CHANGES = (
    Step(
        "Pause, by changing one line",
        "What the stack wants (desired_state) and what the API said (status) are two fields. "
        "A reviewer sees the change of the first before it happens.",
        "PAUSED",
    ),
    Step(
        "Resume",
        "The same recording goes on, with the same id: nothing is replaced.",
        "RECORDING",
    ),
    Step(
        "Stop",
        "The file is finished and uploaded. To stop a recording one can also take it out of the "
        "config, or run 'pulumi destroy'.",
        "STOPPED",
    ),
)
REFRESH = Step(
    "A refresh tells what became of it",
    "A stop does not wait for the upload. With --refresh a deployment first looks at what it "
    "keeps: one call, and nothing changes but what the state knows.",
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
            path = f"{RECORDING}.desired_state"
            self._commands.pulumi("config", "set", "--path", path, str(change.desired_state))
            self._preview()
            self._up()
        self._look_again()

    def _set_the_scene(self) -> None:
        tell = self._transcript
        tell.say(
            "A track recording of a meeting, kept as code: this is the real Pulumi engine, and an "
            "emulator of Cloudflare's RealtimeKit API on this machine. Nothing leaves it. "
            f"The program is a copy in {self._stage.folder}, with its state."
        )
        tell.headline("An API, a meeting, a stack")
        tell.say(
            "The emulator is up, and two people are in a meeting. These four settings are all "
            "that tells the program where it plays:"
        )
        tell.command(
            "export " + " \\\n    ".join(f"{k}={v}" for k, v in self._stage.settings.items())
        )
        self._commands.pulumi("stack", "init", STACK)
        self._commands.pulumi(
            "config", "set", "--path", f"{RECORDING}.meeting_id", self._stage.meeting_id
        )
        self._commands.run("cat", f"stacks/Pulumi.{STACK}.yaml")

    def _begin(self, step: Step) -> None:
        self._transcript.headline(step.headline)
        self._transcript.say(step.why)

    def _preview(self) -> None:
        self._commands.pulumi("preview", "--diff", "--suppress-outputs", "--suppress-progress")

    def _up(self, *flags: str) -> None:
        self._commands.pulumi("up", "--yes", "--skip-preview", "--suppress-progress", *flags)

    def _look_again(self) -> None:
        for recording in self._stage.control.recordings(self._stage.meeting_id):
            self._stage.control.wait_for(recording.id, "UPLOADED")
        self._begin(REFRESH)
        self._up("--refresh")
