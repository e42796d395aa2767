"""What is said of values that no rule of a field is about."""

from __future__ import annotations

import pytest

from realtimekit_provider.api.models.storage_config import StorageConfig
from realtimekit_provider.constants import NOT_DEPLOYED
from realtimekit_provider.recordings.inputs import validate_inputs
from realtimekit_provider.schema.input_failures import validate_model

REASON = (
    "is the storage 'archive', which is not deployed: target it too, with --target '**::archive**'"
)


@pytest.mark.parametrize("others", [{}, {"bucket": "b"}, {"access_key": None, "secret": 7}])
def test_storage_that_is_not_deployed_is_one_mistake(others: dict[str, object]) -> None:
    """Whatever it lacks then: that follows from it."""
    config = {"type": f"{NOT_DEPLOYED}archive", **others}
    [failure] = validate_model(StorageConfig, config)
    assert (failure.path, failure.reason) == ("", REASON)


def test_storage_that_is_not_deployed_is_told_at_the_output_that_writes_there() -> None:
    """A recording may have several."""
    output = {"type": "STORAGE_CONFIG", "storage_config": {"type": f"{NOT_DEPLOYED}archive"}}
    failures = validate_inputs({"layers": {"default": {"outputs": [output]}}})
    reasons = {failure.path: failure.reason for failure in failures}
    assert reasons["layers.default.outputs[0].storage_config"] == REASON
