"""What a user may change about the emulator, at the start or while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, NonNegativeFloat, NonNegativeInt

from realtimekit_emulator.options import Options, parse_options


class Settings(Options):
    """Every setting with its default; times are seconds of the emulator's clock.

    The description of a field is its documentation: it is shown by ``--help``.
    """

    invoked_seconds: NonNegativeFloat = Field(
        default=2.0, description="from the start request until the recording runs"
    )
    upload_seconds: NonNegativeFloat = Field(
        default=2.0, description="from the end of a recording until its files are uploaded"
    )
    minimum_seconds: NonNegativeFloat = Field(
        default=5.0, description="a recording that is shorter ends ERRORED; 0 accepts any length"
    )
    empty_room_seconds: NonNegativeFloat = Field(
        default=60.0, description="a recording ends when its meeting was empty for so long"
    )
    keep_alive_seconds: NonNegativeFloat = Field(
        default=60.0, description="a session ends when its meeting was empty for so long"
    )
    longest_seconds: NonNegativeFloat = Field(
        default=86400.0, description="the longest that a recording may run"
    )
    link_seconds: NonNegativeFloat = Field(
        default=604800.0, description="lifetime of a download link"
    )
    latency_seconds: NonNegativeFloat = Field(
        default=0.0, description="delay of each response, in real seconds"
    )
    clock_skew_seconds: float = Field(
        default=0.0, description="added to the Date header and to every timestamp"
    )

    body_shape: Literal["reference", "published"] = Field(
        default="reference",
        description="body of a start request: 'reference' (layers with outputs) or 'published' "
        "(media_kind, user_ids)",
    )
    start_answer: Literal["top", "nested", "none"] = Field(
        default="top",
        description="where the response to a start has the id: data.id, data.recording.id, or "
        "nowhere",
    )
    start_status: NonNegativeInt = Field(
        default=200, description="HTTP status of a successful start"
    )
    error_envelope: Literal["auto", "cloudflare", "realtimekit"] = Field(
        default="auto",
        description="'cloudflare' ({errors: [...]}), 'realtimekit' ({error: {...}}), or 'auto': "
        "the first for authentication, limits, unknown routes and 5xx, the second for everything "
        "else",
    )
    conflict_status: NonNegativeInt = Field(
        default=409, description="HTTP status of what the state forbids (409 or 422)"
    )
    repeated_action: Literal["refuse", "accept"] = Field(
        default="refuse",
        description="pausing a paused recording, resuming a running one, stopping an ended one",
    )
    second_start: Literal["refuse", "accept"] = Field(
        default="refuse",
        description="starting a recording of a meeting that is being recorded already",
    )
    both_types: Literal["refuse", "accept"] = Field(
        default="refuse",
        description="an active track recording and an active composite one of the same meeting",
    )
    stop_while_invoked: Literal["accept", "refuse"] = Field(
        default="accept", description="stopping a recording that does not run yet"
    )
    storage_config: Literal["honour", "ignore", "own_bucket"] = Field(
        default="honour",
        description="'honour' the requested one, 'ignore' it and report none, or report an "
        "'own_bucket'",
    )
    echo_secrets: bool = Field(
        default=True,
        description="responses repeat secret, password and private_key",
    )
    track_download_url: Literal["array", "string"] = Field(
        default="array",
        description="download_url of a recording: an array with each layer, or one string",
    )
    recording_type: Literal["composite", "all", "none"] = Field(
        default="composite",
        description="responses tell the type of 'composite' recordings, of 'all', or of 'none'; in "
        "lists the others have an empty one",
    )
    list_meeting: bool = Field(default=True, description="list entries contain their meeting")
    uploading_is_active: bool = Field(
        default=False,
        description="an uploading recording is still the active one of its meeting",
    )
    prefix_pattern: bool = Field(
        default=True,
        description="file_name_prefix may only have letters, digits and _",
    )
    max_seconds_minimum: NonNegativeFloat = Field(
        default=60.0, description="smallest max_seconds that is accepted"
    )
    max_seconds_maximum: NonNegativeFloat = Field(
        default=86400.0, description="largest max_seconds that is accepted"
    )
    per_page: NonNegativeInt = Field(
        default=25, description="entries on a page if the request has no per_page"
    )
    per_page_maximum: NonNegativeInt = Field(
        default=100, description="largest per_page that is accepted"
    )

    enforce_limits: bool = Field(
        default=False,
        description="refuse requests over a budget with 429",
    )
    rate_limit_headers: bool = Field(
        default=True,
        description="responses tell what is left of each budget (Ratelimit, Ratelimit-Policy)",
    )
    recordings_budget: NonNegativeInt = Field(
        default=1000, description="requests to recordings allowed in one window"
    )
    recordings_window: NonNegativeFloat = Field(
        default=60.0, description="the window of recordings_budget"
    )
    kit_budget: NonNegativeInt = Field(
        default=250, description="requests to RealtimeKit allowed in one window"
    )
    kit_window: NonNegativeFloat = Field(default=10.0, description="the window of kit_budget")
    api_budget: NonNegativeInt = Field(
        default=1200, description="requests of one token allowed in one window"
    )
    api_window: NonNegativeFloat = Field(default=300.0, description="the window of api_budget")

    keep_bodies: bool = Field(
        default=True,
        description="keep the bodies of requests in memory for tests",
    )

    def with_changes(self, changes: Mapping[str, Any]) -> Settings:
        """Return a copy with some settings changed.

        Raises:
            InvalidOptionError: A setting does not exist, or cannot have this value.
        """
        return parse_options(Settings, "the emulator", {**self.model_dump(), **changes})


FAST_SETTINGS = Settings(invoked_seconds=0.05, upload_seconds=0.05, minimum_seconds=0.0)
"""Settings for tests: a recording runs and uploads within a tenth of a second."""
