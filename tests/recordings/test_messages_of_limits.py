"""What is read when a limit is reached: what still goes on, and how to go on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from realtimekit_provider.errors import RealtimeKitError
from realtimekit_provider.recordings.actions import reconcile
from realtimekit_provider.recordings.create import create_recording
from realtimekit_provider.recordings.update import delete_recording, update_recording
from tests.example_values import MEETING, recording, state, wanted
from tests.fakes import World, lost, refused

_INVOKED = recording("r", "INVOKED")
_LIVE = recording("r", "RECORDING")
_UPLOADING = recording("r", "UPLOADING")


def _start_without_an_answer() -> str:
    world = World(start=[lost()] * 4)
    return _told(lambda: create_recording(wanted(), world.ports))


def _nobody_comes() -> str:
    world = World(start=[refused()], has_session=[False])
    return _told(
        lambda: create_recording(wanted(on_no_session="wait", session_timeout=5), world.ports)
    )


def _never_begins() -> str:
    world = World(get=[_INVOKED])
    return _told(lambda: reconcile(_INVOKED, "PAUSED", world.ports, is_fresh=True))


def _never_makes_way() -> str:
    world = World(active=[_LIVE], act=[_UPLOADING])
    return _told(lambda: create_recording(wanted(on_conflict="stop"), world.ports))


def _deleted_and_never_lands() -> str:
    world = World(act=[_UPLOADING], get=[_UPLOADING])
    return _told(lambda: delete_recording("r", state(wait_for_upload=5), world.ports))


def _stopped_and_never_lands() -> str:
    world = World(act=[_UPLOADING], get=[_UPLOADING])
    after = state(desired_state="STOPPED", wait_for_upload=5)
    inputs = {name: after[name] for name in type(wanted()).model_fields if name in after}
    update_recording("r", state(wait_for_upload=5), inputs, world.ports)
    return "\n".join(world.listener.warnings)


def _told(operation: Callable[[], object]) -> str:
    with pytest.raises(RealtimeKitError) as reached:
        operation()
    return str(reached.value)


REACHED: dict[str, tuple[Callable[[], str], str, str]] = {
    "no clear answer to a start": (
        _start_without_an_answer,
        f"No recording of meeting {MEETING} showed up within 40 s of any of 4 tries",
        "the next deployment finds it",
    ),
    "nobody comes": (
        _nobody_comes,
        "there is nothing to record",
        "Deploy again when somebody is in it, or set on_no_session to 'skip'",
    ),
    "it never begins": (
        _never_begins,
        "still INVOKED after 60 s, so it could not be paused yet; it is being recorded",
        "Deploy again to pause it",
    ),
    "it never makes way": (
        _never_makes_way,
        "was stopped and still counts as the active one",
        "Deploy again in a minute",
    ),
    "files never land, of what is deleted": (
        _deleted_and_never_lands,
        "is stopped, and its files have not landed within the 5 s of wait_for_upload",
        "deploy again to go on, or raise wait_for_upload",
    ),
    "files never land, of what is stopped": (
        _stopped_and_never_lands,
        "is stopped, and its files have not landed within the 5 s of wait_for_upload",
        "a refresh will tell when they have",
    ),
}


@pytest.mark.parametrize("limit", REACHED)
def test_it_says_what_goes_on_and_how_to_go_on(limit: str) -> None:
    """In one text, that of the error or of the warning."""
    reach, what_goes_on, how_to_go_on = REACHED[limit]
    text = reach()
    assert what_goes_on in text
    assert how_to_go_on in text
