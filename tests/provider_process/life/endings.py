"""Each way in which a recording ends or a file gets lost, and what a person is told of it.

``docs/endings.md`` has the same table. A scenario says how a deployment acts; an ending says what
is on the row, in the outputs and in the next preview.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.scenarios.common_steps import aws
from tests.scenarios.events import (
    delete_recording,
    end_sessions,
    end_sessions_and_upload,
    fail_recording,
    pause_in_dashboard,
    start_composite_recording,
    stop_in_dashboard,
    wait_until_recording,
    wait_until_uploaded,
)
from tests.scenarios.steps import Event

__all__ = ["ENDINGS", "Ending"]

LOST = "recording … ended ERRORED: its files were not uploaded, or not all"
TOO_SHORT = f"{LOST}. It recorded … s, and less than 5 s may be lost"


@dataclass(frozen=True)
class Ending:
    """What is told of a recording.

    Attributes:
        how: How it ends, as the page says it.
        found_by: The command that finds it.
        row: What stands on the row, ``…`` for what differs; empty for nothing. Of an error that is
            its first line.
        status: The output ``status`` afterwards; empty where the state has no recording.
        warns: Whether the output ``warning`` is what stands on the row; otherwise it is empty.
        exit_code: That of the command.
        preview: What the next preview shows.
        before: What is deployed before, one deployment after the other.
        events: What happens outside the stack in between.
        after: What is declared then; by default the same.
        emulator: Settings of the emulator.
    """

    how: str
    found_by: Literal["refresh", "up", "destroy"]
    row: str
    status: str
    preview: Literal["create", "same", "update", "replace", "refused"]
    warns: bool = False
    exit_code: int = 0
    before: tuple[Mapping[str, Any], ...] = ({},)
    events: tuple[Event, ...] = ()
    after: Mapping[str, Any] | None = None
    emulator: Mapping[str, Any] = field(default_factory=dict)

    @property
    def declared(self) -> Mapping[str, Any]:
        """What the stack declares in the end."""
        return self.after if self.after is not None else ({}, *self.before)[-1]

    @property
    def cells(self) -> list[str]:
        """The row of the page."""
        warning = "the same" if self.warns else _NOTHING
        status = f"`{self.status}`" if self.status else _NOTHING
        command = f"`pulumi {self.found_by}`"
        row = self.row or _NOTHING
        return [
            self.how,
            command,
            row,
            status,
            warning,
            str(self.exit_code),
            _PREVIEWS[self.preview],
        ]


_NOTHING = "\N{EN DASH}"
_PREVIEWS = {
    "create": "a start",
    "same": "no change",
    "update": "an update",
    "replace": "a replacement",
    "refused": "an error",
}
_STOPPED = {"desired_state": "STOPPED"}
_WAIT = {"wait_for_upload": 5}
_SHORT = {"minimum_seconds": 1000}

ENDINGS = (
    Ending(
        "everybody left (`ALL_PEERS_LEFT`)",
        "refresh",
        "",
        "UPLOADED",
        "same",
        events=(end_sessions_and_upload,),
    ),
    Ending(
        "the same, with `on_ended: restart`",
        "refresh",
        "",
        "UPLOADED",
        "replace",
        before=({"on_ended": "restart"},),
        events=(end_sessions_and_upload,),
    ),
    Ending(
        "the same, with `on_ended: fail`",
        "refresh",
        "",
        "UPLOADED",
        "refused",
        before=({"on_ended": "fail"},),
        events=(end_sessions_and_upload,),
    ),
    Ending(
        "`max_seconds`, or the API's own limit, is reached",
        "refresh",
        "",
        "UPLOADED",
        "same",
        events=(wait_until_uploaded,),
        emulator={"longest_seconds": 0.3},
    ),
    Ending(
        "somebody stopped it outside the stack (`API_CALL`)",
        "refresh",
        "",
        "UPLOADED",
        "same",
        events=(stop_in_dashboard,),
    ),
    Ending(
        "somebody paused it outside the stack",
        "refresh",
        "",
        "PAUSED",
        "update",
        events=(pause_in_dashboard,),
    ),
    Ending(
        "it failed by itself (`INTERNAL_ERROR`)",
        "refresh",
        f"{LOST}. …",
        "ERRORED",
        "same",
        warns=True,
        events=(fail_recording,),
    ),
    Ending(
        "it failed by itself, and a pause finds it",
        "up",
        f"{LOST}. …",
        "ERRORED",
        "same",
        warns=True,
        events=(fail_recording,),
        after={"desired_state": "PAUSED"},
    ),
    Ending(
        "it failed by itself, and `destroy` finds it",
        "destroy",
        f"{LOST}. …",
        "",
        "create",
        events=(fail_recording,),
    ),
    Ending(
        "it was stopped by the stack, and was too short",
        "up",
        TOO_SHORT,
        "ERRORED",
        "same",
        warns=True,
        after=_STOPPED,
        emulator=_SHORT,
    ),
    Ending(
        "it is stopped, its upload fails, and `wait_for_upload` is set",
        "up",
        f"{LOST}.",
        "INVOKED",
        "update",
        exit_code=1,
        before=(_WAIT,),
        after={**_WAIT, **_STOPPED},
        emulator=_SHORT,
    ),
    Ending(
        "it is deleted, its upload fails, and `wait_for_upload` is set",
        "destroy",
        f"{LOST}.",
        "INVOKED",
        "same",
        exit_code=1,
        before=(_WAIT,),
        emulator=_SHORT,
    ),
    Ending(
        "it is replaced, its upload fails, and `wait_for_upload` is set",
        "up",
        f"{LOST}. …",
        "INVOKED",
        "same",
        before=(_WAIT,),
        after={**_WAIT, "max_seconds": 600},
        emulator=_SHORT,
    ),
    Ending(
        "the API no longer knows it (404)",
        "refresh",
        "recording … is no longer known to the API, so it is unknown whether its files were …",
        "",
        "create",
        events=(delete_recording,),
    ),
    Ending(
        "another one replaces it",
        "up",
        "replaces recording …: recorded … s, …, file …",
        "INVOKED",
        "same",
        after={"max_seconds": 600},
        events=(wait_until_recording,),
    ),
    Ending(
        "another one should replace it, for a meeting that does not exist",
        "up",
        "app … has no meeting …, so recording … was not stopped: it keeps running.",
        "INVOKED",
        "update",
        exit_code=1,
        after={"meeting_id": "mistyped"},
    ),
    Ending(
        "it is deleted, and `on_delete` is `leave`",
        "destroy",
        "recording … is left as it is, because on_delete is 'leave': …",
        "",
        "create",
        before=({"on_delete": "leave"},),
    ),
    Ending(
        "it never started, since nobody is in the meeting",
        "up",
        "nobody is in meeting …, so there is nothing to record.",
        "",
        "create",
        exit_code=1,
        before=(),
        events=(end_sessions,),
    ),
    Ending(
        "it never started, since a composite recording has the meeting",
        "up",
        "meeting … already has an active composite recording, …",
        "",
        "create",
        exit_code=1,
        before=(),
        events=(start_composite_recording,),
    ),
    Ending(
        "it runs, and the API ignores the storage",
        "up",
        "recording … is not written to the storage that was asked for: …",
        "INVOKED",
        "same",
        warns=True,
        before=(),
        after={"layers": aws()},
        emulator={"storage_config": "own_bucket"},
    ),
)
"""The rows of the page, in its order."""
