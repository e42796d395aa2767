"""The naive provider: Cloudflare's own SDK in a dynamic provider, one call a method."""

# The SDK's types allow for an answer without data; nobody's first version does.
# mypy: disable-error-code=union-attr

from __future__ import annotations

import os
from typing import Any

from cloudflare import Cloudflare, NotFoundError
from pulumi.dynamic import (
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    Resource,
    ResourceProvider,
    UpdateResult,
)
from typing_extensions import override

__all__ = ["NaiveProvider", "NaiveRecording"]

_ACTIONS = {"RECORDING": "resume", "PAUSED": "pause", "STOPPED": "stop"}


class NaiveProvider(ResourceProvider):
    """Starts on create, acts on update, stops on delete."""

    serialize_as_secret_always = False

    @override
    def configure(self, req: ConfigureRequest) -> None:
        self.recordings = Cloudflare(
            api_token=os.environ["CLOUDFLARE_API_TOKEN"],
            base_url=os.environ["CLOUDFLARE_BASE_URL"],
        ).realtime_kit.recordings

    @override
    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        replaces = [name for name in ("meeting_id", "layers") if olds[name] != news[name]]
        changes = olds["desired_state"] != news["desired_state"]
        return DiffResult(bool(replaces) or changes, replaces, delete_before_replace=True)

    @override
    def create(self, props: dict[str, Any]) -> CreateResult:
        answer = self.recordings.start_track_recording(
            props["app_id"],
            account_id=props["account_id"],
            meeting_id=props["meeting_id"],
            extra_body={"layers": props["layers"]},
        )
        started = answer.data.recording
        return CreateResult(started.id, {**props, "status": started.status})

    @override
    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        try:
            answer = self.recordings.get_one_recording(
                id_, account_id=props["account_id"], app_id=props["app_id"]
            )
        except NotFoundError:
            return ReadResult("", {})
        return ReadResult(id_, {**props, "status": answer.data.status})

    @override
    def update(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        status = self._act(id_, _ACTIONS[news["desired_state"]], olds)
        return UpdateResult({**news, "status": status})

    @override
    def delete(self, id_: str, props: dict[str, Any]) -> None:
        self._act(id_, "stop", props)

    def _act(self, id_: str, action: Any, props: dict[str, Any]) -> str:
        answer = self.recordings.pause_resume_stop_recording(
            id_, account_id=props["account_id"], app_id=props["app_id"], action=action
        )
        return answer.data.status


class NaiveRecording(Resource, module="benchmarks", name="Naive"):
    """A recording, and its status."""

    def __init__(self, resource_name: str, inputs: dict[str, Any]) -> None:
        super().__init__(NaiveProvider(), resource_name, {"status": None, **inputs})
