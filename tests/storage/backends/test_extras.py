"""A missing SDK is told by the check, so in the preview."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from realtimekit_provider.engine.controller_base import ControllerBase
from realtimekit_provider.engine.deployment import Deployment
from realtimekit_provider.engine.settings import Settings
from realtimekit_provider.storage.backends.extras import validate_extra
from realtimekit_provider.storage.backends.registry import STORAGE_TYPES
from realtimekit_provider.storage.gate.controller import GateController
from realtimekit_provider.storage.location.controller import LocationController
from realtimekit_provider.storage.writer.controller import WriterController

CONTROLLERS = [LocationController, WriterController, GateController]


@pytest.fixture
def hide_sdk(monkeypatch: pytest.MonkeyPatch, storage_type: str) -> None:
    """Leave the type's SDK as it is where nobody installed it."""
    monkeypatch.setitem(sys.modules, STORAGE_TYPES[storage_type].sdk, None)


def check(controller: type[ControllerBase], inputs: dict[str, Any]) -> list[str]:
    """Return what a controller's check says of an SDK."""
    created = controller()
    created._deployment = Deployment(Settings())
    result = created.check({}, {"resource_urn": "urn:pulumi:a::b::c::d", **inputs})
    reasons = [str(failure.reason) for failure in result.failures or ()]
    return [reason for reason in reasons if "SDK" in reason]


@pytest.mark.parametrize("storage_type", STORAGE_TYPES)
@pytest.mark.usefixtures("hide_sdk")
def test_an_sdk_that_is_not_installed_is_named_by_its_extra(storage_type: str) -> None:
    """With the command that installs it."""
    [failure] = validate_extra(storage_type)
    assert failure.reason.startswith(f"is '{storage_type}', which needs an SDK")
    assert f"realtimekit-provider[{STORAGE_TYPES[storage_type].extra}]" in failure.reason


@pytest.mark.parametrize("storage_type", STORAGE_TYPES)
def test_an_installed_sdk_is_found(storage_type: str) -> None:
    """The name in the registry is one that can be imported."""
    assert list(validate_extra(storage_type)) == []


@pytest.mark.parametrize("storage_type", [None, "s3", ["aws"]])
def test_an_unknown_type_needs_no_sdk(storage_type: object) -> None:
    """It is a mistake of its own."""
    assert list(validate_extra(storage_type)) == []


@pytest.mark.parametrize("storage_type", STORAGE_TYPES)
@pytest.mark.parametrize("controller", CONTROLLERS)
@pytest.mark.usefixtures("hide_sdk")
def test_a_check_tells_of_a_missing_sdk(
    controller: type[ControllerBase], storage_type: str
) -> None:
    """Once, and before anything is created."""
    assert len(check(controller, {"type": storage_type})) == 1


@pytest.mark.parametrize("storage_type", ["gcs"])
@pytest.mark.usefixtures("hide_sdk")
def test_a_part_that_uses_no_sdk_needs_none(storage_type: str) -> None:
    """A gate that does not write, and a location that is left to its gate."""
    assert check(GateController, {"type": storage_type, "write_test": False}) == []
    left = {"type": storage_type, "existing": True, "without_administrator": True}
    assert check(LocationController, left) == []
