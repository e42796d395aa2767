"""The generations of a writer's key are created, kept and deleted."""

from __future__ import annotations

import pytest

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.errors import StorageCredentialError
from tests.example_values import build_recording
from tests.fakes import NOON, format_time
from tests.storage.writer.fake_writer import (
    FakeWriter,
    credential,
    declared,
    stored,
)


def test_a_new_writer_has_no_previous_keys() -> None:
    fake = FakeWriter()
    assert fake.create(declared(key_generation=3)) == {
        **credential(3),
        "previous_keys": {},
    }
    assert fake.calls == ["create 3"]


def test_a_rotation_creates_the_new_key_first_and_keeps_the_previous_one() -> None:
    """The list is read before the clock: the API's answer tells the API's time."""
    fake = FakeWriter()
    outputs = fake.update(stored(1), declared(key_generation=2))
    assert outputs == {**credential(2), "previous_keys": {"1": NOON.isoformat()}}
    assert fake.calls == ["create 2", "list", "now"]
    assert fake.listener.text == ""


def test_the_next_rotation_deletes_the_key_before_the_previous_one() -> None:
    fake = FakeWriter()
    before = stored(2, previous_keys={"1": format_time(-100)})
    outputs = fake.update(before, declared(key_generation=3))
    assert outputs == {**credential(3), "previous_keys": {"2": NOON.isoformat()}}
    assert fake.calls == ["create 3", "list", "now", "delete 1"]


@pytest.mark.parametrize("live", [None, [build_recording(invoked_time=format_time(-500))]])
def test_a_key_that_may_be_needed_is_kept_and_reported(live: list[Recording] | None) -> None:
    """Because a live recording was started with it, or because no app can be asked."""
    fake = FakeWriter(live)
    before = stored(2, previous_keys={"1": format_time(-100)})
    outputs = fake.update(before, declared(key_generation=3))
    assert outputs["previous_keys"] == {"1": format_time(-100), "2": NOON.isoformat()}
    assert not [call for call in fake.calls if call.startswith("delete")]
    [notice] = fake.listener.notices
    assert notice == (
        "key generation 1 is kept: a recording that was started with it may still write. "
        "A later deployment deletes it"
    )


def test_a_later_deployment_deletes_that_key_and_creates_none() -> None:
    fake = FakeWriter()
    before = stored(3, previous_keys={"1": format_time(-100), "2": format_time(-50)})
    outputs = fake.update(before, declared(key_generation=3))
    assert outputs == {**credential(3), "previous_keys": {"2": format_time(-50)}}
    assert "delete 1" in fake.calls
    assert not [call for call in fake.calls if call.startswith(("create", "restore"))]


def test_changed_rights_are_restored_and_the_key_is_kept() -> None:
    """Live recordings write with it."""
    fake = FakeWriter(in_sync=[False, True])
    assert fake.update(stored(), declared()) == {**credential(1), "previous_keys": {}}
    assert fake.calls[0] == "restore 1"
    assert fake.listener.text == ""


def test_a_key_that_somebody_deleted_is_created_again_with_a_warning() -> None:
    fake = FakeWriter(in_sync=[False, False])
    assert fake.update(stored(), declared())["access_key"] == "CANARY-id-1"
    assert fake.calls[:2] == ["restore 1", "create 1"]
    assert "deleted or lost its rights elsewhere: a new one" in fake.listener.warnings[0]
    assert fake.lost_keys == [credential(1)]


def test_a_rotation_tells_that_the_key_before_it_was_lost() -> None:
    """Recordings that were started with it have to be told; it is not restored."""
    fake = FakeWriter(in_sync=[False])
    assert fake.update(stored(1), declared(key_generation=2))["access_key"] == "CANARY-id-2"
    assert fake.calls[0] == "create 2"
    assert "deleted or lost its rights elsewhere" in fake.listener.warnings[0]
    assert fake.lost_keys == [credential(1)]


@pytest.mark.parametrize("days", [30, 730])
def test_a_changed_declaration_is_applied(days: int) -> None:
    """Also where the cloud shows no difference; the key stays, since live recordings use it."""
    fake = FakeWriter()
    before = {**declared("azure"), "previous_keys": {}, **credential(1)}
    outputs = fake.update(before, declared("azure", valid_days=days))
    assert outputs == {**credential(1), "previous_keys": {}}
    assert fake.calls == ["restore 1", "list", "now"]


def test_a_writer_that_is_in_sync_is_not_changed() -> None:
    fake = FakeWriter()
    fake.update(stored(), declared(apps=[]))
    assert fake.calls == ["list", "now"]


def test_a_refused_deletion_changes_no_state() -> None:
    """The engine keeps the old state, so that the next deployment tries again."""
    fake = FakeWriter()
    before = stored(2, previous_keys={"1": format_time(-100)})

    def refuse(generation: int) -> None:
        raise StorageCredentialError(f"{generation} is kept")

    object.__setattr__(fake.ports, "delete", refuse)
    with pytest.raises(StorageCredentialError, match="1 is kept"):
        fake.update(before, declared(key_generation=3))
    assert before["previous_keys"] == {"1": format_time(-100)}


def test_a_writer_is_deleted_with_all_its_generations() -> None:
    """The oldest first."""
    fake = FakeWriter()
    fake.delete(stored(3, previous_keys={"1": format_time(-100), "2": format_time(-50)}))
    assert fake.calls == ["delete 1", "delete 2", "delete 3"]
