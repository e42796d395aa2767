"""What stands in users' state, and so may never change once it is released."""

from __future__ import annotations

import base64
import pickle

import pytest
from pulumi.dynamic.dynamic import serialize_provider

from realtimekit_provider import providers
from realtimekit_provider.engine.controller_base import ControllerBase
from realtimekit_provider.engine.lazy_provider import LazyProvider, load_controller

REFERENCES = {
    "StorageGateProvider": (
        "gASVPQAAAAAAAACMHnJlYWx0aW1la2l0X3Byb3ZpZGVyLnByb3ZpZGVyc5SME1N0b3JhZ2VHYXRl"
        "UHJvdmlkZXKUk5QpgZQu"
    ),
    "StorageLocationProvider": (
        "gASVQQAAAAAAAACMHnJlYWx0aW1la2l0X3Byb3ZpZGVyLnByb3ZpZGVyc5SMF1N0b3JhZ2VMb2Nh"
        "dGlvblByb3ZpZGVylJOUKYGULg=="
    ),
    "StorageWriterProvider": (
        "gASVPwAAAAAAAACMHnJlYWx0aW1la2l0X3Byb3ZpZGVyLnByb3ZpZGVyc5SMFVN0b3JhZ2VXcml0"
        "ZXJQcm92aWRlcpSTlCmBlC4="
    ),
    "TrackRecordingProvider": (
        "gASVQAAAAAAAAACMHnJlYWx0aW1la2l0X3Byb3ZpZGVyLnByb3ZpZGVyc5SMFlRyYWNrUmVjb3Jk"
        "aW5nUHJvdmlkZXKUk5QpgZQu"
    ),
}
"""Each provider as every resource's state holds it: its module and its class's name."""


@pytest.mark.parametrize("name", REFERENCES)
def test_the_reference_in_users_state_is_still_found(name: str) -> None:
    """If this fails, no existing resource can be read or deleted any more."""
    found = pickle.loads(base64.b64decode(REFERENCES[name]))  # noqa: S301 - it stands above
    assert type(found) is getattr(providers, name)


@pytest.mark.parametrize("name", REFERENCES)
def test_the_reference_is_all_that_is_stored(name: str) -> None:
    """An instance's attributes would be in state; a secret reference would change each diff."""
    provider: type[LazyProvider] = getattr(providers, name)
    assert serialize_provider(provider()) == REFERENCES[name]
    assert not provider.serialize_as_secret_always


def test_no_provider_is_forgotten() -> None:
    """The list above is what the frozen file exports."""
    assert sorted(REFERENCES) == providers.__all__


@pytest.mark.parametrize("name", REFERENCES)
def test_a_controller_is_found_by_its_string(name: str) -> None:
    """The provider names it as text, so that a program loads nothing of it."""
    assert isinstance(load_controller(getattr(providers, name).controller), ControllerBase)
