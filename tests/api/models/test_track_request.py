"""The body that starts a track recording."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from realtimekit_provider.api.models.track_request import TrackRequest, build_track_body
from tests.example_values import CANARY, SFTP_WITH_PASSWORD, STORAGE, build_layers

STORAGES = {**STORAGE, "sftp with a password": SFTP_WITH_PASSWORD}

EXAMPLE_OF_THE_REFERENCE = json.loads("""
{
  "layers": {
    "default": {
      "file_name_prefix": "string",
      "outputs": [
        {
          "type": "REALTIMEKIT_BUCKET"
        }
      ]
    },
    "default-video": {
      "file_name_prefix": "string",
      "outputs": [
        {
          "type": "REALTIMEKIT_BUCKET"
        }
      ]
    }
  },
  "meeting_id": "string"
}
""")


def build_body(declared: dict[str, Any]) -> dict[str, Any]:
    return build_track_body(TrackRequest.model_validate(declared), "outputs")


def test_the_references_example_travels_key_for_key() -> None:
    """What the API reference shows as a body is what is sent for it, and nothing else."""
    assert build_body(EXAMPLE_OF_THE_REFERENCE) == EXAMPLE_OF_THE_REFERENCE


@pytest.mark.parametrize("kind", STORAGES)
def test_every_type_of_storage_travels_key_for_key(kind: str) -> None:
    """A ``storage_config`` is sent with exactly the keys and values that were written."""
    declared = {"meeting_id": "m", "max_seconds": 3600, "layers": build_layers(STORAGES[kind])}
    assert build_body(declared) == declared


def test_the_body_is_json() -> None:
    """Nothing of a model is left in the body: credentials are texts, numbers are whole."""
    declared = {
        "meeting_id": "m",
        "max_seconds": 60.0,
        "layers": build_layers({**STORAGE["sftp"], "port": 22.0}),
    }
    body = json.loads(json.dumps(build_body(declared)))
    assert body["max_seconds"] == 60
    assert isinstance(body["max_seconds"], int)
    storage = body["layers"]["default"]["outputs"][0]["storage_config"]
    assert isinstance(storage["port"], int)
    assert storage["private_key"] == STORAGE["sftp"]["private_key"]


def test_a_layer_without_outputs_is_sent_with_cloudflares_bucket() -> None:
    """The live API requires outputs, so the default is written out."""
    assert build_body({"meeting_id": "m", "layers": {"a": {}, "b": {"outputs": None}}}) == {
        "meeting_id": "m",
        "layers": {
            "a": {"outputs": [{"type": "REALTIMEKIT_BUCKET"}]},
            "b": {"outputs": [{"type": "REALTIMEKIT_BUCKET"}]},
        },
    }


def test_the_managed_body_has_no_outputs() -> None:
    """The form that was published later knows ``media_kind`` and ``user_ids``, no outputs."""
    request = TrackRequest.model_validate(
        {
            "meeting_id": "m",
            "layers": {
                "default": {
                    "file_name_prefix": "p",
                    "media_kind": "audio",
                    "outputs": [{"type": "REALTIMEKIT_BUCKET"}],
                }
            },
            "user_ids": ["u1"],
        }
    )
    assert build_track_body(request, "managed") == {
        "meeting_id": "m",
        "layers": {"default": {"file_name_prefix": "p", "media_kind": "audio"}},
        "user_ids": ["u1"],
    }


def test_making_a_body_leaves_the_request_as_it_was() -> None:
    """The same request can be sent a second time, in either form."""
    request = TrackRequest.model_validate({"meeting_id": "m", "layers": {"default": {}}})
    first = build_track_body(request, "outputs")
    build_track_body(request, "managed")
    assert build_track_body(request, "outputs") == first


@pytest.mark.parametrize("kind", STORAGES)
def test_no_model_shows_a_credential(kind: str) -> None:
    """``repr`` and ``str`` of a request hide every credential of its storage."""
    layers = build_layers(STORAGES[kind])
    request = TrackRequest.model_validate({"meeting_id": "m", "layers": layers})
    assert "bucket" in repr(request) or "host" in repr(request)
    assert CANARY not in repr(request) + str(request)


@pytest.mark.parametrize("kind", STORAGES)
def test_no_validation_error_shows_a_credential(kind: str) -> None:
    """The text of an error names the field, and never what stands in it or beside it."""
    declared = {"layers": build_layers({**STORAGES[kind], "surprise": CANARY, "path": [CANARY]})}
    with pytest.raises(ValidationError, match="surprise") as raised:
        TrackRequest.model_validate(declared)
    assert CANARY not in str(raised.value) + repr(raised.value)
