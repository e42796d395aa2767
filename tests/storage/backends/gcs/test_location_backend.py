"""Cloud Storage's buckets: how they are created, changed and deleted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from realtimekit_provider.errors import (
    StorageConflictError,
    StorageCredentialError,
    StorageNotEmptyError,
    StorageNotFoundError,
    StorageSettingsError,
    StorageUnreachableError,
)
from tests.storage.backends.gcs.gcs_setup import BUCKET, build_location, writer
from tests.storage.locations import OTHER_MARK, OWN_MARK, locations
from tests.storage.writers import writers_of
from tools.test_servers.gcs_server import GcsServer


def test_a_bucket_is_made_closed(server: GcsServer) -> None:
    locations("gcs").create(build_location(retention_days=30, versioning=True))
    made = server.bucket(BUCKET)
    assert made["location"] == "EU"
    assert made["iamConfiguration"] == {
        "uniformBucketLevelAccess": {"enabled": True},
        "publicAccessPrevention": "enforced",
    }
    assert made["versioning"] == {"enabled": True}
    assert made["lifecycle"] == {"rule": [{"action": {"type": "Delete"}, "condition": {"age": 30}}]}


def test_a_bucket_lives_from_create_to_delete(server: GcsServer) -> None:
    backend = locations("gcs")
    assert backend.read(build_location()) is None
    backend.create(build_location())
    assert backend.read(build_location()) == build_location()
    backend.update(build_location(retention_days=7))
    assert backend.read(build_location()) == build_location(retention_days=7)
    assert backend.delete(build_location()) == "deleted"
    assert backend.delete(build_location()) == "deleted"
    assert backend.read(build_location()) is None


DRIFTS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}}},
     {"public_access": "open"}),
    ({"iamConfiguration": {"publicAccessPrevention": "enforced"}}, {"uniform_access": False}),
    ({"versioning": {"enabled": True}}, {"versioning": True}),
    ({"lifecycle": {"rule": [{"action": {"type": "Delete"}, "condition": {"age": 1}}]}},
     {"retention_days": 1}),
    ({"lifecycle": {"rule": [{"action": {"type": "Delete"}, "condition": {"isLive": False}}]}},
     {"retention_days": "other rules"}),
]  # fmt: skip


@pytest.mark.parametrize(("change", "seen"), DRIFTS)
def test_drift_is_seen_and_undone(
    server: GcsServer, change: dict[str, Any], seen: dict[str, Any]
) -> None:
    declared = build_location(retention_days=30)
    locations("gcs").create(declared)
    server.bucket(BUCKET).update(change)
    found = locations("gcs").read(declared)
    assert found == declared.model_copy(update=seen)
    locations("gcs").update(declared)
    assert locations("gcs").read(declared) == declared


def test_an_update_that_finds_nothing_to_do_changes_nothing(server: GcsServer) -> None:
    locations("gcs").create(build_location())
    server.calls.clear()
    locations("gcs").update(build_location())
    assert [call for call in server.calls if not call.startswith(("GET", "POST /token"))] == []


def test_a_bucket_of_an_interrupted_run_is_brought_to_what_is_declared(server: GcsServer) -> None:
    locations("gcs").create(build_location())
    server.bucket(BUCKET)["iamConfiguration"] = {}
    locations("gcs").create(build_location())
    assert locations("gcs").read(build_location()) == build_location()


def test_a_bucket_cannot_move(server: GcsServer) -> None:
    locations("gcs").create(build_location())
    with pytest.raises(
        StorageSettingsError, match="exists already in EU, and a bucket cannot move"
    ):
        locations("gcs", OTHER_MARK).create(build_location(region="us-east1"))
    assert server.bucket(BUCKET)["labels"] == {"realtimekit-mark": OWN_MARK}


def test_a_name_that_another_project_has_is_refused(
    server: GcsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    locations("gcs").create(build_location())
    listing = {"items": [{"name": f"{BUCKET}-other"}]}
    monkeypatch.setattr("gcp_storage_emulator.handlers.buckets.ls", lambda *_: None)
    monkeypatch.setattr(
        "tools.test_servers.gcs_server._Proxy._bucket",
        lambda self, caller, *found: (
            (409, {}, b"{}") if self.command == "POST" else (200, {}, json.dumps(listing).encode())
        ),
    )
    with pytest.raises(StorageConflictError, match="is taken by another project"):
        locations("gcs").create(build_location())


def test_somebodys_bucket_with_objects_is_not_taken_over(server: GcsServer) -> None:
    """Nor is it changed: its objects would be at the mercy of ``retention_days``."""
    locations("gcs").create(build_location())
    server.bucket(BUCKET)["labels"] = {"team": "foreign"}
    server.put(BUCKET, "foreign.txt")
    before = dict(server.bucket(BUCKET))
    with pytest.raises(StorageConflictError, match="nothing says that this stack made it"):
        locations("gcs").create(build_location(retention_days=1))
    assert server.bucket(BUCKET) == before


def test_a_bucket_that_was_kept_is_taken_over(server: GcsServer) -> None:
    """And brought to what is declared."""
    locations("gcs").create(build_location())
    server.put(BUCKET, "tracks/a.webm")
    assert locations("gcs").delete(build_location()) == "kept"
    locations("gcs").create(build_location(retention_days=30))
    assert locations("gcs").read(build_location()) == build_location(retention_days=30)


@pytest.mark.parametrize("on_delete", ["keep", "fail", "force"])
def test_an_existing_bucket_is_never_touched(server: GcsServer, on_delete: str) -> None:
    foreign = build_location(existing=True, on_delete=on_delete, retention_days=30)
    with pytest.raises(StorageNotFoundError, match="declared as existing"):
        locations("gcs").create(foreign)
    locations("gcs").create(build_location())
    server.put(BUCKET, "foreign.txt")
    before = dict(server.bucket(BUCKET))
    locations("gcs").create(foreign)
    locations("gcs").update(foreign)
    assert locations("gcs").delete(foreign) == "left"
    assert server.bucket(BUCKET) == before
    assert server.objects(BUCKET) == {"foreign.txt"}


def test_keep_leaves_a_bucket_that_holds_objects(server: GcsServer) -> None:
    locations("gcs").create(build_location())
    server.put(BUCKET, "tracks/a.webm")
    assert locations("gcs").delete(build_location()) == "kept"
    assert server.objects(BUCKET) == {"tracks/a.webm"}


def test_fail_says_that_there_are_objects(server: GcsServer) -> None:
    locations("gcs").create(build_location())
    server.put(BUCKET, "tracks/a.webm")
    with pytest.raises(
        StorageNotEmptyError, match=rf"{BUCKET} .*holds objects, such as .*, and on_delete"
    ):
        locations("gcs").delete(build_location(on_delete="fail"))
    assert server.objects(BUCKET) == {"tracks/a.webm"}


def test_force_deletes_the_objects_and_the_bucket(server: GcsServer) -> None:
    locations("gcs").create(build_location())
    for number in range(12):
        server.put(BUCKET, f"tracks/{number}.webm")
    assert locations("gcs").delete(build_location(on_delete="force")) == "deleted"
    assert server.bucket_names() == set()


@pytest.mark.parametrize(
    ("permission", "act"),
    [
        ("storage.buckets.create", lambda: locations("gcs").create(build_location())),
        ("storage.buckets.get", lambda: locations("gcs").read(build_location())),
        ("iam.serviceAccounts.create", lambda: writers_of("gcs").create(writer(), 1)),
        ("iam.serviceAccountKeys.create", lambda: writers_of("gcs").create(writer(), 1)),
        ("storage.buckets.setIamPolicy", lambda: writers_of("gcs").create(writer(), 1)),
    ],
)
def test_a_refusal_names_the_missing_permission(
    server: GcsServer, permission: str, act: Any
) -> None:
    if permission != "storage.buckets.create":
        locations("gcs").create(build_location())
    server.iam.denied.add(permission)
    with pytest.raises(StorageCredentialError) as caught:
        act()
    assert f"administrator's Google credentials lack {permission}. Grant" in str(caught.value)


def test_without_credentials_the_text_says_how_to_log_in(
    server: GcsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STORAGE_EMULATOR_HOST")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "none.json"))
    with pytest.raises(StorageCredentialError, match="gcloud auth application-default login"):
        locations("gcs").read(build_location())


def test_an_error_of_googles_own_is_tried_again_and_then_reported(server: GcsServer) -> None:
    locations("gcs").create(build_location())
    server.failures.append(503)
    assert locations("gcs").read(build_location()) == build_location()
    server.failures.extend([503, 429])
    with pytest.raises(StorageUnreachableError, match="it is busy"):
        locations("gcs").read(build_location())
