"""The request that starts a track recording, in the two forms that Cloudflare has published.

Source: API reference, *Start recording audio and video tracks*.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from realtimekit_provider.api.models.storage_config import StorageConfig
from realtimekit_provider.schema.identifiers import FileNamePrefix, Identifier, LayerName, MeetingId
from realtimekit_provider.schema.normal_forms import DEFAULT_OUTPUTS
from realtimekit_provider.schema.numbers import MaxSeconds
from realtimekit_provider.schema.values import StrictModel, reveal_secrets

__all__ = ["Layer", "Output", "TrackApi", "TrackRequest", "build_track_body"]

TrackApi = Literal["outputs", "managed"]
"""Which body is sent: ``outputs`` is the reference's, ``managed`` what was published later."""


class Output(StrictModel):
    """One destination of a layer's file: Cloudflare's own bucket, or the user's own storage."""

    type: Literal["REALTIMEKIT_BUCKET", "STORAGE_CONFIG"]
    storage_config: StorageConfig | None = None

    @model_validator(mode="after")
    def _check_storage_config(self) -> Output:
        if self.type == "STORAGE_CONFIG" and self.storage_config is None:
            raise ValueError("type STORAGE_CONFIG needs a storage_config")
        if self.type == "REALTIMEKIT_BUCKET" and self.storage_config is not None:
            raise ValueError("type REALTIMEKIT_BUCKET takes no storage_config")
        return self


class Layer(StrictModel):
    """What is recorded, and where its file goes.

    ``outputs`` may be left out: the file then goes to Cloudflare's own bucket, where it
    stays for seven days. ``media_kind`` belongs to the body ``managed`` alone.
    """

    file_name_prefix: FileNamePrefix | None = None
    outputs: Annotated[list[Output], Field(min_length=1)] | None = None
    media_kind: Literal["audio"] | None = None


class TrackRequest(StrictModel):
    """A complete and valid request for a track recording.

    Attributes:
        meeting_id: The meeting to record.
        layers: What is recorded, by name; at least one.
        max_seconds: After how long the API ends it; its default is a day.
        user_ids: Whose tracks are recorded, up to 100; belongs to the body ``managed`` alone.
    """

    meeting_id: MeetingId
    layers: Annotated[dict[LayerName, Layer], Field(min_length=1)]
    max_seconds: MaxSeconds | None = None
    user_ids: Annotated[list[Identifier], Field(min_length=1, max_length=100)] | None = None


def build_track_body(request: TrackRequest, track_api: TrackApi) -> dict[str, Any]:
    """Return the JSON body of the start, with its credentials in clear.

    In the form ``outputs`` a layer without outputs is sent with :data:`DEFAULT_OUTPUTS`; the
    form ``managed`` has no outputs at all.

    The keys are ``meeting_id``, ``layers`` and, where they are given, ``max_seconds`` and
    ``user_ids``.
    """
    body = request.model_dump(exclude_none=True)
    for layer in body["layers"].values():
        if track_api == "managed":
            layer.pop("outputs", None)
        else:
            layer.setdefault("outputs", [dict(output) for output in DEFAULT_OUTPUTS])
    return reveal_secrets(body)  # type: ignore[no-any-return]
