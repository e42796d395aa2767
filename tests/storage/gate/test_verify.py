"""A credential is checked before recordings are started with it."""

from __future__ import annotations

import pytest

from realtimekit_provider.errors import (
    StorageCredentialError,
    StorageNotFoundError,
    StorageUnreachableError,
)
from tests.example_values import STORAGE
from tests.storage.gate.fake_gate import (
    FakeGate,
    gate_inputs,
)
from tests.storage.location.location_inputs import HOST_KEY

REFUSED = StorageCredentialError("the key may not s3:PutObject into bucket acme-recordings")


@pytest.mark.parametrize("storage_type", STORAGE)
def test_a_credential_is_checked_once(storage_type: str) -> None:
    """No recording is asked for."""
    fake = FakeGate({})
    fake.verify(gate_inputs(storage_type))
    [(config, host_key)] = fake.checked
    assert config.type == storage_type
    assert host_key == (HOST_KEY if storage_type == "sftp" else None)
    assert (fake.calls, fake.waited) == ([], 0)


@pytest.mark.parametrize("storage_type", STORAGE)
def test_a_given_credential_is_tried_once(storage_type: str) -> None:
    """Refused once, it is refused: a server locks out who is refused often."""
    fake = FakeGate(results=[REFUSED])
    with pytest.raises(StorageCredentialError, match="may not s3:PutObject"):
        fake.verify(gate_inputs(storage_type))
    assert (len(fake.checked), fake.waited) == (1, 0)


def test_a_refused_key_that_the_stack_creates_is_tried_again() -> None:
    """A cloud refuses it for some seconds."""
    fake = FakeGate(results=[REFUSED, REFUSED, None])
    fake.verify(gate_inputs(created_by_stack=True))
    assert fake.clock.sleeps == [1.0, 1.5]
    assert fake.listener.waits[0] == "0/60 s: the storage does not accept the credential yet"


def test_a_created_key_that_stays_refused_fails_with_the_last_error() -> None:
    """After a minute, not before."""
    fake = FakeGate(results=[StorageCredentialError("the key is not known"), REFUSED])
    with pytest.raises(StorageCredentialError, match="may not s3:PutObject into bucket acme"):
        fake.verify(gate_inputs(created_by_stack=True))
    assert fake.waited == pytest.approx(60)


@pytest.mark.parametrize("error", [StorageNotFoundError("no"), StorageUnreachableError("no")])
def test_an_error_that_waiting_does_not_fix_is_raised_at_once(error: Exception) -> None:
    """No such bucket, wrong host key."""
    fake = FakeGate(results=[error])
    with pytest.raises(type(error)):
        fake.verify(gate_inputs(created_by_stack=True))
    assert fake.waited == 0


def test_write_test_false_checks_no_credential() -> None:
    fake = FakeGate()
    fake.verify(gate_inputs(write_test=False))
    assert fake.checked == []
