"""The recordings of a state as the API has them now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from realtimekit_provider.api.client import RecordingsClient
from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.api.models.status import GONE, Phase, get_phase
from realtimekit_provider.cli.call_errors import describe_call_error
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

    Args:
        recordings: Those of a state.
        create_client: Returns the client for an account and an app.
    """
    return [_read(one, create_client) for one in recordings if not one.is_leftover]


def list_as_stored(recordings: Iterable[StateRecording]) -> list[CurrentRecording]:
    """Return recordings as a state has them; one that only waits to be deleted is left out."""
    return [
        CurrentRecording(one, one.stored.recording) for one in recordings if not one.is_leftover
    ]


def _read(
    held: StateRecording, create_client: Callable[[str, str], RecordingsClient]
) -> CurrentRecording:
    stored = held.stored
    if stored.is_complete or stored.is_placeholder:
        return CurrentRecording(held, stored.recording)
    try:
        client = create_client(*stored.get_app())
        return CurrentRecording(held, client.get_via_list(stored.id, lambda _listed: True))
    except NotFoundError:
        return CurrentRecording(held, stored.recording.model_copy(update={"status": GONE}))
    except CallError as error:
        return CurrentRecording(held, stored.recording, describe_call_error(error, "")[0])
    except SettingsError as error:
        return CurrentRecording(held, stored.recording, str(error))
