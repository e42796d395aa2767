"""A recording as the state keeps it: what was declared last, and what is known of it since.

It is read tolerantly. An older version, or a deployment that was interrupted, may have left
inputs out; and what cannot be read could not be stopped either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from realtimekit_provider.api.models.ending import (
    count_seconds,
    get_max_seconds,
    is_stopped_by_call,
)
from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.api.models.status import (
    FINAL_STATUSES,
    GONE,
    DesiredState,
    Phase,
    get_phase,
)
from realtimekit_provider.deployment.meeting_registry import MeetingKey
from realtimekit_provider.deployment.policies import OnDelete
from realtimekit_provider.deployment.recording_registry import LastRecording
from realtimekit_provider.deployment.storage_registry import StorageRegistry
from realtimekit_provider.deployment.upload_targets import (
    Target,
    list_storage_configs,
    list_targets,
)
from realtimekit_provider.errors import SettingsError
from realtimekit_provider.recordings.inputs import fill_in_defaults
from realtimekit_provider.recordings.outputs import RecordingOutputs

__all__ = ["StoredInputs", "StoredRecording", "is_placeholder", "make_placeholder_id"]

_PLACEHOLDER_PREFIX = "nothing-started-"


def make_placeholder_id(mark: str) -> str:
    """Return the id of a resource without a recording: ``nothing-started-`` and its mark."""
    return f"{_PLACEHOLDER_PREFIX}{mark}"


def is_placeholder(recording_id: str) -> bool:
    """Whether the id stands for a recording that was never started."""
    return recording_id.startswith(_PLACEHOLDER_PREFIX)


@dataclass(frozen=True)
class StoredInputs:
    """The inputs of the last deployment, as far as an operation reads them.

    A policy that the state leaves out has the default of
    :class:`~realtimekit_provider.recordings.inputs.RecordingInputs`; an id, a URN or a mark is
    empty.

    Attributes:
        account_id: The account that the recording was started in.
        app_id: The app that the recording was started in.
        meeting_id: The meeting that is recorded.
        desired_state: What was declared.
        on_delete: What a deletion does to the recording.
        wait_for_upload: Seconds that a stop waits for the files.
        adopt_recording_id: The recording that was to be taken over, if any.
        resource_urn: The resource's URN.
        mark: The resource's mark.
        values: All inputs by name, which a plan compares; not shown, as credentials are in them.
    """

    account_id: str
    app_id: str
    meeting_id: str
    desired_state: DesiredState
    on_delete: OnDelete
    wait_for_upload: float
    adopt_recording_id: str | None
    resource_urn: str
    mark: str
    values: Mapping[str, Any] = field(repr=False)

    @classmethod
    def from_props(cls, props: Mapping[str, Any]) -> StoredInputs:
        """Read the inputs from a state's decoded properties; what else is there is passed over."""
        values = fill_in_defaults(props)
        return cls(
            account_id=str(values.get("account_id", "")),
            app_id=str(values.get("app_id", "")),
            meeting_id=str(values.get("meeting_id", "")),
            desired_state=values["desired_state"],
            on_delete=values["on_delete"],
            wait_for_upload=float(values["wait_for_upload"]),
            adopt_recording_id=values.get("adopt_recording_id"),
            resource_urn=str(values.get("resource_urn", "")),
            mark=str(values.get("mark", "")),
            values=values,
        )

    @property
    def meeting(self) -> MeetingKey:
        """The meeting, with its app and account."""
        return MeetingKey(self.account_id, self.app_id, self.meeting_id)

    @property
    def targets(self) -> list[Target]:
        """Where the recording's files go, other than to Cloudflare's own bucket."""
        return [*list_targets(self.values.get("layers"))]


@dataclass(frozen=True)
class StoredRecording:
    """A recording as the state keeps it.

    Attributes:
        id: The resource's id: the recording's, or a placeholder where none was started.
        inputs: The inputs of the last deployment.
        outputs: What was known of the recording after the last operation.
    """

    id: str
    inputs: StoredInputs
    outputs: RecordingOutputs

    @classmethod
    def from_props(cls, recording_id: str, props: Mapping[str, Any]) -> StoredRecording:
        """Read a recording from the decoded properties that the state has of it."""
        return cls(recording_id, StoredInputs.from_props(props), RecordingOutputs.from_props(props))

    def get_app(self) -> tuple[str, str]:
        """Return the account id and the app id of the recording.

        Raises:
            SettingsError: The state lacks one. In any other app the API answers 404, and a
                recording that runs would count as gone.
        """
        for name in ("account_id", "app_id"):
            if not self.inputs.values.get(name):
                raise SettingsError(
                    f"the state of recording {self.id} has no {name}, so the recording cannot be "
                    "found. Restore the state, or forget the resource ('pulumi state delete') and "
                    "take the recording over by adopt_recording_id"
                )
        return self.inputs.account_id, self.inputs.app_id

    def has_lost_key(self, storage: StorageRegistry) -> bool:
        """Whether this deployment found a key lost that the recording was started with."""
        configs = list_storage_configs(self.inputs.values.get("layers"))
        return any(map(storage.is_lost_key, configs))

    def has_doubtful_key(self, storage: StorageRegistry) -> bool:
        """Whether a key that the recording was started with may be lost."""
        configs = list_storage_configs(self.inputs.values.get("layers"))
        return any(map(storage.is_doubtful_key, configs))

    @property
    def is_placeholder(self) -> bool:
        """Whether no recording was started."""
        return is_placeholder(self.id)

    @property
    def status(self) -> str:
        """What the API said last, or one of our own statuses."""
        return self.outputs.status

    @property
    def is_complete(self) -> bool:
        """Whether it ended and is known not to change any more."""
        return self.status in {*FINAL_STATUSES, GONE}

    @property
    def phase(self) -> Phase:
        """What the status means for what can be done next."""
        return get_phase(self.status)

    def describe_end(self) -> str:
        """Return who ended it against what is declared, as far as the API tells."""
        known = self.outputs
        is_stopped_outside = is_stopped_by_call(
            known.stop_reason,
            count_seconds(known.started_time or known.invoked_time, known.stopped_time),
            get_max_seconds(self.inputs.values.get("max_seconds")),
        )
        return "was stopped outside of this stack" if is_stopped_outside else "ended by itself"

    @property
    def last(self) -> LastRecording | None:
        """What the next recording remembers: this one, or the one before where none was started."""
        previous = self.outputs.previous
        if not self.is_placeholder:
            recording = self.recording
        elif previous is not None:
            recording = Recording.model_validate(asdict(previous))
        else:
            return None
        inputs = self.inputs
        return LastRecording((inputs.account_id, inputs.app_id), recording, bool(inputs.targets))

    @property
    def recording(self) -> Recording:
        """The recording as it was when the state was written."""
        return Recording.model_validate({**self.outputs.to_props(), "id": self.id})
