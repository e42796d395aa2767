"""The recordings of a state as the API has them now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from realtimekit_provider.api.client import RecordingsClient
from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.api.models.status import GONE, Phase, get_phase
from realtimekit_provider.cli.call_errors import describe_call_error
from realtimekit_provider.cli.checks.evidence.access_calls import is_silence
from realtimekit_provider.cli.pulumi_cli.states import StateRecording
from realtimekit_provider.errors import CallError, NotFoundError, SettingsError

__all__ = ["CurrentRecording", "list_as_stored", "read_current_recordings"]


@dataclass(frozen=True)
class CurrentRecording:
    """A recording of a state.

    Attributes:
        held: What the state says of it.
        now: What the API says of it; what the state says where nothing was started, where it has
            ended for good, and where the API cannot be read.
        error: Why it cannot be read, empty where it can.
    """

    held: StateRecording
    now: Recording
    error: str = ""

    @property
    def is_live(self) -> bool:
        """Whether it records, is about to, or is paused."""
        return get_phase(self.now.status).is_live

    @property
    def keeps_ended(self) -> bool:
        """Whether it has ended, and no deployment starts another one because of that."""
        has_ended = get_phase(self.now.status) is Phase.ENDED and self.now.status != GONE
        return has_ended and self.held.stored.inputs.values["on_ended"] == "keep"


def read_current_recordings(
    recordings: Iterable[StateRecording], create_client: Callable[[str, str], RecordingsClient]
) -> list[CurrentRecording]:
    """Return recordings as they are now; one that only waits to be deleted is left out.

    After a call that nobody answered, nothing else is asked.

    Args:
        recordings: Those of a state.
        create_client: Returns the client for an account and an app.
    """
    current: list[CurrentRecording] = []
    silence: CallError | None = None
    for held in recordings:
        stored = held.stored
        if held.is_leftover:
            continue
        if stored.is_complete or stored.is_placeholder:
            current.append(CurrentRecording(held, stored.recording))
        elif silence is not None:
            current.append(_describe_failure(held, silence))
        else:
            try:
                current.append(CurrentRecording(held, _read(held, create_client)))
            except CallError as error:
                silence = error if is_silence(error) else None
                current.append(_describe_failure(held, error))
            except SettingsError as error:
                current.append(CurrentRecording(held, stored.recording, str(error)))
    return current


def list_as_stored(recordings: Iterable[StateRecording]) -> list[CurrentRecording]:
    """Return recordings as a state has them; one that only waits to be deleted is left out."""
    return [
        CurrentRecording(one, one.stored.recording) for one in recordings if not one.is_leftover
    ]


def _read(held: StateRecording, create_client: Callable[[str, str], RecordingsClient]) -> Recording:
    stored = held.stored
    try:
        client = create_client(*stored.get_app())
        return client.get_via_list(stored.id, lambda _listed: True)
    except NotFoundError:
        return stored.recording.model_copy(update={"status": GONE})


def _describe_failure(held: StateRecording, error: CallError) -> CurrentRecording:
    return CurrentRecording(held, held.stored.recording, describe_call_error(error, "")[0])
