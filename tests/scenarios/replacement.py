"""The inputs whose change replaces the recording."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.scenarios.common_steps import CREATE, STARTED, UNCHANGED, aws
from tests.scenarios.steps import Placeholder, Scenario, Step

__all__ = ["REPLACEMENT"]


def _replace_by_changing(
    name: str, before: Mapping[str, Any], after: Mapping[str, Any], **calls: int
) -> Scenario:
    return Scenario(
        f"a change of {name} is a replacement",
        (
            Step("up", before, plan="create", calls=CREATE, status="INVOKED"),
            Step("preview", after, plan="replace", calls=calls),
        ),
    )


def _replace_unstarted_by_changing(name: str, after: Mapping[str, Any]) -> Scenario:
    stopped = {"desired_state": "STOPPED"}
    return Scenario(
        f"a change of {name} is a replacement",
        (
            Step("up", stopped, plan="create", status="NOT_STARTED"),
            Step("preview", {**stopped, **after}, plan="replace"),
        ),
    )


def _refuse_successor(
    name: str, inputs: Mapping[str, Any], message: str, error: str, **calls: int
) -> Scenario:
    previewed = Step("preview", inputs, plan="update", calls=calls, message=message)
    refused = Step(
        "up", inputs, plan="update", calls=calls, message=message, error=error, live_count=1
    )
    return Scenario(
        f"a live recording is not stopped where {name} does not exist",
        (STARTED, previewed, refused, UNCHANGED),
    )


REPLACEMENT = (
    _refuse_successor(
        "the new meeting",
        {"meeting_id": "no-such-meeting"},
        "meeting no-such-meeting does not exist in app",
        "has no meeting no-such-meeting",
        meeting=1,
    ),
    _refuse_successor(
        "the new app",
        {"app_id": "5ca1ab1e-0000-4000-8000-999999999999"},
        "does not exist in app 5ca1ab1e-0000-4000-8000-999999999999",
        "it keeps running",
        meeting=1,
    ),
    _refuse_successor(
        "the new account",
        {"account_id": "f" * 32},
        f"is in account {'f' * 32}, where the token is rejected",
        "it keeps running",
        meeting=1,
    ),
    _refuse_successor(
        "the recording to take over",
        {"adopt_recording_id": "no-such-recording"},
        "names recording no-such-recording, which the API does not know",
        "it keeps running",
        get=1,
    ),
    _refuse_successor(
        "the recording to take over in another meeting",
        {"meeting_id": Placeholder.OTHER_MEETING, "adopt_recording_id": "no-such-recording"},
        "names recording no-such-recording, which the API does not know",
        "it keeps running",
        meeting=1,
        get=1,
    ),
    Scenario(
        "a meeting that does not exist is not looked up where nothing is to be recorded",
        (
            STARTED,
            Step(
                "up",
                {"meeting_id": "no-such-meeting", "desired_state": "STOPPED"},
                plan="replace",
                calls={"stop": 1, "get": 1},
                status="NOT_STARTED",
                live_count=0,
            ),
        ),
    ),
    _replace_by_changing("meeting_id", {}, {"meeting_id": Placeholder.OTHER_MEETING}, meeting=1),
    _replace_unstarted_by_changing("account_id", {"account_id": "e" * 32}),
    _replace_unstarted_by_changing("app_id", {"app_id": "another"}),
    _replace_by_changing("max_seconds", {}, {"max_seconds": 600}),
    _replace_by_changing("a layer's name", {}, {"layers": {"other": {}}}),
    _replace_by_changing(
        "a layer's prefix", {}, {"layers": {"default": {"file_name_prefix": "standup"}}}
    ),
    _replace_by_changing(
        "the number of layers", {}, {"layers": {"default": {}, "default-video": {}}}
    ),
    _replace_by_changing("an output's type", {}, {"layers": aws()}),
    _replace_by_changing(
        "the storage's type", {"layers": aws()}, {"layers": aws(type="digitalocean")}
    ),
    _replace_by_changing("the bucket", {"layers": aws()}, {"layers": aws(bucket="others")}),
    _replace_by_changing("the path", {"layers": aws()}, {"layers": aws(path="elsewhere")}),
    _replace_by_changing("the region", {"layers": aws()}, {"layers": aws(region="us-east-1")}),
)
