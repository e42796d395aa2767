"""What stands in users' state, and so may never change once it is released."""

from __future__ import annotations

import base64
import pickle
from pathlib import Path

import pytest
from pulumi.dynamic.dynamic import serialize_provider

from realtimekit_provider import providers
from realtimekit_provider.engine.controller_base import ControllerBase
from realtimekit_provider.engine.lazy_provider import LazyProvider, load_controller

REFERENCES = {
    file.stem: file.read_text(encoding="ascii").strip()
    for file in (Path(__file__).parent / "references").glob("*.txt")
}
"""Each provider as every resource's state holds it: its module and its class's name."""


@pytest.mark.parametrize("name", REFERENCES)
def test_the_reference_in_users_state_is_still_found(name: str) -> None:
    """If this fails, no existing resource can be read or deleted any more."""
    found = pickle.loads(base64.b64decode(REFERENCES[name]))  # noqa: S301 - it is ours
    assert type(found) is getattr(providers, name)


@pytest.mark.parametrize("name", REFERENCES)
def test_the_reference_is_all_that_is_stored(name: str) -> None:
    """An instance's attributes would be in state; a secret reference would change each diff."""
    provider: type[LazyProvider] = getattr(providers, name)
    assert serialize_provider(provider()) == REFERENCES[name]
    assert not provider.serialize_as_secret_always


def test_no_provider_is_forgotten() -> None:
    """There is a file for each provider that the frozen module exports."""
    assert sorted(REFERENCES) == providers.__all__


@pytest.mark.parametrize("name", REFERENCES)
def test_a_controller_is_found_by_its_string(name: str) -> None:
    """The provider names it as text, so that a program loads nothing of it."""
    assert isinstance(load_controller(getattr(providers, name).controller), ControllerBase)
