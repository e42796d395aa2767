"""The message about a field that does not exist."""

from __future__ import annotations

import pytest

from realtimekit_provider.api.models.track_request import TrackApi
from realtimekit_provider.recordings.inputs import validate_inputs
from realtimekit_provider.schema.suggestions import describe_unknown_field


@pytest.mark.parametrize(
    ("name", "fields", "suggestion"),
    [
        (
            "filename_prefix",
            ["file_name_prefix", "outputs"],
            ": did you mean file_name_prefix? There are file_name_prefix, outputs",
        ),
        ("colour", ["file_name_prefix", "outputs"], "; there are file_name_prefix, outputs"),
        ("secret_key", ["bucket", "secret"], ": did you mean secret? There are bucket, secret"),
        ("AccessKeyId", ["access_key"], ": did you mean access_key? There are access_key"),
        ("passphrase", ["host", "password"], ": did you mean password? There are host, password"),
        ("colour", [], ""),
    ],
)
def test_a_closest_match_is_suggested_before_all_fields(
    name: str, fields: list[str], suggestion: str
) -> None:
    """The one field that is nearly the same, where there is one; then all that exist."""
    assert describe_unknown_field(name, fields) == f"is not a field{suggestion}"


@pytest.mark.parametrize(
    ("track_api", "refused"), [("outputs", "user_ids"), ("managed", "max_seconds")]
)
def test_a_field_that_would_be_refused_is_not_suggested(track_api: TrackApi, refused: str) -> None:
    """Nobody sets a recording's mark or URN, nor what the stack's API does not take."""
    given = validate_inputs({"colour": "red"}, track_api)
    (failure,) = (one for one in given if one.path == "colour")
    assert "meeting_id" in failure.reason
    assert not any(name in failure.reason for name in ("mark", "resource_urn", refused))


def test_a_credential_is_never_taken_for_a_field() -> None:
    """Names of fields are shown, values never."""
    storage = {"type": "aws", "acces_key": "AKIA-canary", "secret": "canary"}
    output = {"type": "STORAGE_CONFIG", "storage_config": storage}
    found = validate_inputs({"layers": {"default": {"outputs": [output]}}})
    reasons = {one.path: one.reason for one in found}
    where = "layers.default.outputs[0].storage_config.acces_key"
    assert reasons[where] == (
        "is not a field: did you mean access_key? "
        "There are access_key, bucket, path, region, secret, type"
    )
    assert "canary" not in str(found)
