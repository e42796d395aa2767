"""What a user may change about the emulator, at the start or while it runs."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from realtimekit_emulator.options import check, choice, number, switch, whole

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Settings:
    """Every setting with its default; times are seconds of the emulator's clock.

    The help text of a field is its documentation: it is shown by ``--help``.
    """

    invoked_seconds: float = number(2.0, "from a start until the recording runs")
    upload_seconds: float = number(2.0, "from the end of a recording until its files are uploaded")
    minimum_seconds: float = number(5.0, "a recording shorter than this ends ERRORED; 0: never")
    empty_room_seconds: float = number(60.0, "a recording ends when nobody was there this long")
    keep_alive_seconds: float = number(60.0, "a session ends when nobody was there this long")
    longest_seconds: float = number(86400.0, "a recording ends at this age at the latest")
    link_seconds: float = number(604800.0, "life of a download link")
    latency_seconds: float = number(0.0, "wait before each answer, in real seconds")
    clock_skew_seconds: float = number(
        0.0, "added to the Date header and to every timestamp", negative=True
    )

    body_shape: str = choice(
        ("reference", "published"),
        "start body: 'reference' (layers with outputs) or 'published' (media_kind, user_ids)",
    )
    start_answer: str = choice(
        ("top", "nested", "none"),
        "where a start answers the id: data.id, data.recording.id, or nowhere",
    )
    start_status: int = whole(200, "HTTP status of a successful start")
    error_envelope: str = choice(
        ("auto", "cloudflare", "realtimekit"),
        "'cloudflare' ({errors: [...]}), 'realtimekit' ({error: {...}}), or 'auto': the first for "
        "authentication, limits, unknown routes and 5xx, the second for everything else",
    )
    conflict_status: int = whole(409, "HTTP status of what the state forbids (409 or 422)")
    repeated_action: str = choice(
        ("refuse", "accept"), "pausing what is paused, resuming what runs, stopping what has ended"
    )
    second_start: str = choice(
        ("refuse", "accept"), "starting to record a meeting that is being recorded already"
    )
    stop_while_invoked: str = choice(
        ("accept", "refuse"), "stopping a recording that has not begun yet"
    )
    storage_config: str = choice(
        ("honour", "ignore", "own_bucket"),
        "'honour' what was asked for, 'ignore' it and report none, or report an 'own_bucket'",
    )
    echo_secrets: bool = switch("answers repeat secret, password and private_key", default=True)
    track_download_url: str = choice(
        ("array", "string"), "download_url of a recording: an array per layer, or one string"
    )
    list_meeting: bool = switch("list entries carry their meeting", default=True)
    uploading_is_active: bool = switch(
        "a recording that uploads still counts as the meeting's active one", default=False
    )
    prefix_pattern: bool = switch("file_name_prefix: only letters, digits and _", default=True)
    max_seconds_minimum: float = number(60.0, "smallest max_seconds that is accepted")
    max_seconds_maximum: float = number(86400.0, "largest max_seconds that is accepted")
    per_page: int = whole(25, "entries a page where per_page is not given")
    per_page_maximum: int = whole(100, "largest per_page that is accepted")

    enforce_limits: bool = switch("refuse what exceeds a budget with 429", default=False)
    recordings_budget: int = whole(1000, "requests to recordings allowed in one window")
    recordings_window: float = number(60.0, "the window of recordings_budget")
    kit_budget: int = whole(250, "requests to RealtimeKit allowed in one window")
    kit_window: float = number(10.0, "the window of kit_budget")
    api_budget: int = whole(1200, "requests a token allowed in one window")
    api_window: float = number(300.0, "the window of api_budget")

    keep_bodies: bool = switch("keep received bodies in memory for tests", default=True)

    def changed(self, changes: Mapping[str, object]) -> Settings:
        """Return a copy with some settings changed; raises InvalidOptionError."""
        check("the emulator", fields(self), changes)
        return replace(self, **dict(changes))  # type: ignore[arg-type]


def fast() -> Settings:
    """Return settings for tests: a recording runs and uploads within a tenth of a second."""
    return Settings(invoked_seconds=0.05, upload_seconds=0.05, minimum_seconds=0.0)
