"""The inputs whose change is another recording."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.scenarios.common_steps import CREATE, aws
from tests.scenarios.steps import Given, Scenario, Step

__all__ = ["REPLACING"]


def _replaced_by(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Scenario:
    return Scenario(
        f"a change of {name} is another recording",
        (
            Step("up", before, plan="create", calls=CREATE, status="INVOKED"),
            Step("preview", after, plan="replace"),
        ),
    )


REPLACING = (
    _replaced_by("meeting_id", {}, {"meeting_id": Given.OTHER_MEETING}),
    _replaced_by("account_id", {}, {"account_id": "another"}),
    _replaced_by("app_id", {}, {"app_id": "another"}),
    _replaced_by("max_seconds", {}, {"max_seconds": 600}),
    _replaced_by("a layer's name", {}, {"layers": {"other": {}}}),
    _replaced_by("a layer's prefix", {}, {"layers": {"default": {"file_name_prefix": "standup"}}}),
    _replaced_by("the number of layers", {}, {"layers": {"default": {}, "default-video": {}}}),
    _replaced_by("an output's type", {}, {"layers": aws()}),
    _replaced_by("the storage's type", {"layers": aws()}, {"layers": aws(type="digitalocean")}),
    _replaced_by("the bucket", {"layers": aws()}, {"layers": aws(bucket="others")}),
    _replaced_by("the path", {"layers": aws()}, {"layers": aws(path="elsewhere")}),
    _replaced_by("the region", {"layers": aws()}, {"layers": aws(region="us-east-1")}),
)
