"""How long each wait of a deployment may last."""

from __future__ import annotations

from realtimekit_provider.schema.numbers import WaitSeconds
from realtimekit_provider.schema.values import StrictModel

__all__ = ["Timing"]


class Timing(StrictModel):
    """How long each wait may last, in seconds; set by ``realtimekit:timing``.

    Attributes:
        poll_interval: Between two probes at the beginning of a wait; it grows to three times this.
        visible_after_start: For a recording whose start got no clear answer to show up.
        running_after_start: For a started recording to leave INVOKED, before it can be paused.
        inactive_after_stop: For a stopped recording to no longer be the meeting's active one.
        minimum_length: A recording shorter than this may end ERRORED, so its stop waits it out.
        key_propagation: For a cloud to know a key that was made a moment ago.
    """

    poll_interval: WaitSeconds = 1.0
    visible_after_start: WaitSeconds = 40.0
    running_after_start: WaitSeconds = 60.0
    inactive_after_stop: WaitSeconds = 60.0
    minimum_length: WaitSeconds = 5.0
    key_propagation: WaitSeconds = 60.0
