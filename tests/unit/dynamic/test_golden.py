"""What stands in users' state, and so may never change."""

from __future__ import annotations

import base64
import pickle

from pulumi.dynamic.dynamic import serialize_provider

from realtimekit_provider.dynamic.track_recording_provider import TrackRecordingProvider

IN_USERS_STATE = (
    "gASVVwAAAAAAAACMNXJlYWx0aW1la2l0X3Byb3ZpZGVyLmR5bmFtaWMudHJhY2tfcmVjb3JkaW5nX3Byb3ZpZGVylIwW"
    "VHJhY2tSZWNvcmRpbmdQcm92aWRlcpSTlCmBlC4="
)
"""The provider as each resource's state holds it: its module's path and its class's name."""


def test_the_reference_in_users_state_is_still_found() -> None:
    """If this fails, no existing recording can be read or stopped any more."""
    found = pickle.loads(base64.b64decode(IN_USERS_STATE))  # noqa: S301 - it stands above
    assert type(found) is TrackRecordingProvider


def test_what_is_stored_today_is_what_was_stored_at_the_first_release() -> None:
    """Nothing but the reference: what is kept on an instance would land in state."""
    assert serialize_provider(TrackRecordingProvider()) == IN_USERS_STATE


def test_the_reference_is_stored_in_clear() -> None:
    """A secret one would make every diff unreadable."""
    assert not TrackRecordingProvider.serialize_as_secret_always
