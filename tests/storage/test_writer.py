"""The life of a writer: an identity in the cloud for each generation of its key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.errors import StorageCredentialError
from realtimekit_provider.schema.input_diff import InputDiff
from realtimekit_provider.schema.unknown import UNKNOWN
from realtimekit_provider.storage.writer.keys import (
    WriterPorts,
    apply_writer_defaults,
    create_writer,
    delete_writer,
    diff_writer,
    parse_writer,
    update_writer,
    validate_writer,
)
from tests.example_values import ACCOUNT, APP, MARK, URN, build_recording
from tests.fakes import NOON, FakeReporter, format_time

WRITERS: Mapping[str, Mapping[str, Any]] = {
    "aws": {"kind": "aws", "name": "archive", "bucket": "acme-recordings", "region": "eu-west-1"},
    "azure": {"kind": "azure", "name": "archive", "bucket": "recordings", "account": "acme"},
    "gcs": {"kind": "gcs", "name": "archive", "bucket": "acme-recordings", "project": "acme-prod"},
}
APPS = [{"account_id": ACCOUNT, "app_id": APP}]
OURS = {"mark": MARK, "resource_urn": URN}


def declared(kind: str = "aws", **changed: Any) -> dict[str, Any]:
    """Return completed inputs."""
    return apply_writer_defaults({**WRITERS[kind], **OURS, **changed}, {}, APPS)


def stored(generation: int = 1, **changed: Any) -> dict[str, Any]:
    """Return what state keeps of a writer with that generation of its key."""
    kept = {"older": {}, **credential(generation)}
    return {**declared(key_generation=generation), **kept, **changed}


def credential(generation: int) -> dict[str, str]:
    return {"access_key": f"CANARY-id-{generation}", "secret": f"CANARY-secret-{generation}"}


class Cloud:
    """Generations of one writer, in the order of what was done to them."""

    def __init__(
        self, live: Sequence[Recording] | None = (), intact: Sequence[bool] = (True,)
    ) -> None:
        self.done: list[str] = []
        self.listener = FakeReporter()
        self._live = live
        self._intact = list(intact)
        self.ports = WriterPorts(
            make=self._make,
            is_intact=self._is_intact,
            restore=lambda generation: self.done.append(f"restore {generation}"),
            remove=lambda generation: self.done.append(f"remove {generation}"),
            live=self._listed,
            now=self._now,
            reporter=self.listener,
        )

    def _make(self, generation: int) -> Mapping[str, str]:
        self.done.append(f"make {generation}")
        return credential(generation)

    def _is_intact(self, generation: int, key: Mapping[str, str]) -> bool:
        assert key == credential(generation)
        return self._intact.pop(0) if len(self._intact) > 1 else self._intact[0]

    def _listed(self) -> Sequence[Recording] | None:
        self.done.append("list")
        return self._live

    def _now(self) -> datetime:
        self.done.append("now")
        return NOON


def test_a_writer_begins_with_the_first_generation_and_is_intact() -> None:
    """A refresh shows ``intact`` where it is not so, and the next preview mends it."""
    inputs = declared()
    assert inputs["key_generation"] == 1
    assert inputs["intact"] is True
    assert inputs["mark"] == MARK


def test_a_rotation_asks_the_apps_that_are_named() -> None:
    """The stack's own is one by default; where it has none, nobody is guessed."""
    given = {**WRITERS["aws"], **OURS}
    assert apply_writer_defaults(given, {}, APPS)["apps"] == APPS
    assert list(validate_writer(apply_writer_defaults({**given, "apps": []}, {}, []), {})) == []
    [problem] = validate_writer(apply_writer_defaults(given, stored(), []), stored())
    assert problem.path == "apps"


def test_a_renamed_writer_keeps_its_identities() -> None:
    """An alias gives the resource another mark and name; recordings write with the old key."""
    renamed = {**WRITERS["aws"], **OURS, "mark": "after", "name": "after"}
    after = apply_writer_defaults(renamed, stored(), APPS)
    assert (after["mark"], after["name"]) == (MARK, "archive")
    assert diff_writer(stored(), after).is_empty


@pytest.mark.parametrize("kind", WRITERS)
def test_inputs_describe_a_writer_of_their_kind(kind: str) -> None:
    """Without what is ours about them."""
    inputs = declared(kind)
    assert list(validate_writer(inputs, {})) == []
    assert parse_writer(inputs).kind == kind
    assert parse_writer({**inputs, **credential(1), "older": {}}) == parse_writer(inputs)


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"name": "Archive"}, "name"),
        ({"bucket": "s3://acme"}, "bucket"),
        ({"prefix": "../up"}, "prefix"),
        ({"partition": "azure"}, "partition"),
        ({"kms_key": "alias/mine"}, "kms_key"),
        ({"password": "CANARY"}, None),
        ({"key_generation": 0}, "key_generation"),
        ({"key_generation": 4}, "key_generation"),
        ({"bucket": UNKNOWN}, None),
    ],
)
def test_a_mistake_is_told_with_its_path(changed: dict[str, Any], path: str | None) -> None:
    """What is not known yet is none."""
    problems = validate_writer(declared(**changed), {"key_generation": 1})
    assert [problem.path for problem in problems] == ([path] if path else [])


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind in WRITERS for name in ("kind", "name", "bucket", "prefix")]
    + [("aws", "region"), ("aws", "partition"), ("gcs", "project"), ("azure", "account")],
)
def test_another_writer_is_another_resource(kind: str, name: str) -> None:
    """Its rights are bound to the location; one not known yet counts as another."""
    before = {**declared(kind), "older": {}, **credential(1)}
    for value in ("other", UNKNOWN):
        found = diff_writer(before, {**declared(kind), name: value})
        assert found == InputDiff(replaces=(name,))


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"key_generation": 2}, "key_generation"),
        ({"kms_key": "arn:aws:kms:eu-west-1:1:key/k"}, "kms_key"),
        ({"apps": []}, "apps"),
    ],
)
def test_a_rotation_is_an_update(changed: dict[str, Any], path: str) -> None:
    """As is everything that is not the place: live recordings go on."""
    assert diff_writer(stored(), declared(**changed)) == InputDiff(updates=(path,))


def test_what_the_cloud_made_is_no_change() -> None:
    """Nor are the mark and the URN, by which nothing in the cloud is known."""
    before = stored(2, older={"1": format_time(0)})
    after = {**declared(key_generation=2), "mark": "other", "resource_urn": "other"}
    assert diff_writer(before, after).is_empty


def test_a_generation_that_had_to_stay_is_a_change_at_each_deployment() -> None:
    """Until it is gone; the last one before the current one is meant to stay."""
    assert diff_writer(
        stored(3, older={"1": format_time(0), "2": format_time(1)}), declared(key_generation=3)
    ) == (InputDiff(updates=("older",)))
    assert diff_writer(stored(3, older={"2": format_time(1)}), declared(key_generation=3)).is_empty


def test_somebody_who_changed_the_rights_is_a_change() -> None:
    assert diff_writer({**stored(), "intact": False}, declared()) == InputDiff(updates=("intact",))


def test_a_new_writer_has_no_older_generations() -> None:
    cloud = Cloud()
    assert create_writer(declared(key_generation=3), cloud.ports) == {**credential(3), "older": {}}
    assert cloud.done == ["make 3"]


def test_a_rotation_makes_the_new_key_first_and_keeps_the_last_one() -> None:
    """The list is read before the clock: the API's answer tells the API's time."""
    cloud = Cloud()
    made = update_writer(stored(1), declared(key_generation=2), cloud.ports)
    assert made == {**credential(2), "older": {"1": NOON.isoformat()}}
    assert cloud.done == ["make 2", "list", "now"]
    assert cloud.listener.text == ""


def test_the_rotation_after_deletes_what_nothing_needs() -> None:
    cloud = Cloud()
    before = stored(2, older={"1": format_time(-100)})
    made = update_writer(before, declared(key_generation=3), cloud.ports)
    assert made == {**credential(3), "older": {"2": NOON.isoformat()}}
    assert cloud.done == ["make 3", "list", "now", "remove 1"]


@pytest.mark.parametrize("live", [None, [build_recording(invoked_time=format_time(-500))]])
def test_a_key_that_may_be_needed_stays_and_is_told(live: list[Recording] | None) -> None:
    """Because a live recording was started with it, or because nobody can be asked."""
    cloud = Cloud(live)
    before = stored(2, older={"1": format_time(-100)})
    made = update_writer(before, declared(key_generation=3), cloud.ports)
    assert made["older"] == {"1": format_time(-100), "2": NOON.isoformat()}
    assert not [done for done in cloud.done if done.startswith("remove")]
    [notice] = cloud.listener.notices
    assert notice == (
        "key generation 1 stays: a recording that was started with it may still write. "
        "A later deployment deletes it"
    )


def test_a_later_deployment_deletes_it_and_makes_nothing() -> None:
    cloud = Cloud()
    before = stored(3, older={"1": format_time(-100), "2": format_time(-50)})
    made = update_writer(before, declared(key_generation=3), cloud.ports)
    assert made == {**credential(3), "older": {"2": format_time(-50)}}
    assert "remove 1" in cloud.done
    assert not [done for done in cloud.done if done.startswith(("make", "restore"))]


def test_changed_rights_are_restored_and_the_key_stays() -> None:
    """Live recordings write with it."""
    cloud = Cloud(intact=[False, True])
    assert update_writer(stored(), declared(), cloud.ports) == {**credential(1), "older": {}}
    assert cloud.done[0] == "restore 1"
    assert cloud.listener.text == ""


def test_a_key_that_somebody_deleted_is_made_again_with_a_warning() -> None:
    cloud = Cloud(intact=[False, False])
    assert update_writer(stored(), declared(), cloud.ports)["access_key"] == "CANARY-id-1"
    assert cloud.done[:2] == ["restore 1", "make 1"]
    assert cloud.listener.warnings == ["the writer's key was deleted elsewhere: a new one is made"]


@pytest.mark.parametrize("days", [30, 730])
def test_what_is_declared_otherwise_is_brought_about(days: int) -> None:
    """Also where the cloud shows no difference; the key stays, since live recordings use it."""
    cloud = Cloud()
    before = {**declared("azure"), "older": {}, **credential(1)}
    made = update_writer(before, declared("azure", valid_days=days), cloud.ports)
    assert made == {**credential(1), "older": {}}
    assert cloud.done == ["restore 1", "list", "now"]


def test_an_intact_writer_is_left_alone() -> None:
    cloud = Cloud()
    update_writer(stored(), declared(apps=[]), cloud.ports)
    assert cloud.done == ["list", "now"]


def test_a_refused_deletion_keeps_what_is_stored() -> None:
    """The engine keeps the old state, so that the next deployment tries again."""
    cloud = Cloud()
    before = stored(2, older={"1": format_time(-100)})

    def refuse(generation: int) -> None:
        raise StorageCredentialError(f"{generation} stays")

    object.__setattr__(cloud.ports, "remove", refuse)
    with pytest.raises(StorageCredentialError, match="1 stays"):
        update_writer(before, declared(key_generation=3), cloud.ports)
    assert before["older"] == {"1": format_time(-100)}


def test_a_writer_goes_with_all_its_generations() -> None:
    """The oldest first."""
    cloud = Cloud()
    delete_writer(stored(3, older={"1": format_time(-100), "2": format_time(-50)}), cloud.ports)
    assert cloud.done == ["remove 1", "remove 2", "remove 3"]
