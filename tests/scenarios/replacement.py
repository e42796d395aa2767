"""The inputs whose change replaces the recording."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.scenarios.common_steps import CREATE, aws
from tests.scenarios.steps import Placeholder, Scenario, Step

__all__ = ["REPLACEMENT"]


def _replace_by_changing(
    name: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Scenario:
    return Scenario(
        f"a change of {name} is a replacement",
        (
            Step("up", before, plan="create", calls=CREATE, status="INVOKED"),
            Step("preview", after, plan="replace"),
        ),
    )


REPLACEMENT = (
    _replace_by_changing("meeting_id", {}, {"meeting_id": Placeholder.OTHER_MEETING}),
    _replace_by_changing("account_id", {}, {"account_id": "another"}),
    _replace_by_changing("app_id", {}, {"app_id": "another"}),
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
