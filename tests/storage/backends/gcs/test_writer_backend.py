"""Cloud Storage's writers: service accounts, their keys and their rights."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from realtimekit_provider.deployment.progress import reporting_progress
from realtimekit_provider.errors import (
    StorageConflictError,
    StorageCredentialError,
    StorageNotFoundError,
    StorageUnreachableError,
)
from realtimekit_provider.storage.backends.gcs.write_probe import GcsWriteProbe
from tests.fakes import FakeReporter
from tests.storage.backends.gcs.gcs_setup import BUCKET, build_location, config, meddle, writer
from tests.storage.locations import OTHER_MARK, locations
from tests.storage.writers import writers_of
from tools.test_servers.gcs_server import PROJECT, GcsServer
from tools.test_servers.google_client import Forbidden, create_client
from tools.test_servers.google_iam import Account, GoogleApiError


def test_the_key_can_write_below_the_prefix_and_nothing_else(
    server: GcsServer, secret: str
) -> None:
    bucket = create_client(secret, PROJECT).bucket(BUCKET)
    bucket.blob("tracks/a.webm").upload_from_string(b"webm")
    assert server.objects(BUCKET) == {"tracks/a.webm"}
    denied = [
        lambda: bucket.blob("tracks/a.webm").download_as_bytes(),
        lambda: bucket.blob("tracks/a.webm").delete(),
        lambda: bucket.blob("tracks/a.webm").upload_from_string(b"over", retry=None),
        lambda: bucket.blob("elsewhere/a.webm").upload_from_string(b"webm", retry=None),
        lambda: bucket.blob("tracks-of-others/a.webm").upload_from_string(b"webm", retry=None),
        lambda: list(bucket.list_blobs()),
        bucket.reload,
        bucket.get_iam_policy,
        bucket.delete,
    ]
    for call in denied:
        with pytest.raises(Forbidden):
            call()
    assert server.objects(BUCKET) == {"tracks/a.webm"}


def test_the_key_cannot_touch_iam(server: GcsServer, secret: str) -> None:
    session = create_client(secret, PROJECT)._http
    accounts = f"{server.url}/v1/projects/{PROJECT}/serviceAccounts"
    own = f"{accounts}/{json.loads(secret)['client_email']}"
    for method, url in [("GET", own), ("POST", f"{own}/keys"), ("DELETE", own), ("POST", accounts)]:
        assert session.request(method, url, json={"accountId": "another"}).status_code == 403


def test_the_policy_says_role_member_and_prefix(server: GcsServer, secret: str) -> None:
    email = json.loads(secret)["client_email"]
    assert email == f"archive-rk0123456789abcdef-g1@{PROJECT}.iam.gserviceaccount.com"
    policy = server.iam.policies[BUCKET]
    assert policy["version"] == 3
    assert policy["bindings"] == [
        {
            "role": "roles/storage.objectCreator",
            "members": [f"serviceAccount:{email}"],
            "condition": {
                "title": "realtimekit-rk0123456789abcdef",
                "expression": (
                    'resource.name.startsWith("projects/_/buckets/acme-recordings/objects/tracks/")'
                ),
            },
        }
    ]


@pytest.mark.parametrize("prefix", ["tracks/", "/tracks"])
def test_a_prefix_with_slashes_is_the_same_folder(secret: str, prefix: str) -> None:
    """The condition is not written again, and holds for the objects below it."""
    assert writers_of("gcs").is_in_sync(writer(prefix=prefix), 1, {"secret": secret})


def test_without_a_prefix_the_whole_bucket_is_meant(server: GcsServer) -> None:
    locations("gcs").create(build_location())
    secret = writers_of("gcs").create(writer(prefix=""), 1)["secret"]
    assert "condition" not in server.iam.policies[BUCKET]["bindings"][0]
    assert writers_of("gcs").is_in_sync(writer(prefix=""), 1, {"secret": secret})
    GcsWriteProbe().check(config(secret, path=""), None)


@pytest.mark.parametrize("name", ["a", "a-name-of-exactly-32-characters-x"[:32], "a-name-of-13-"])
def test_an_accounts_id_is_one_that_google_takes(server: GcsServer, name: str) -> None:
    locations("gcs").create(build_location())
    writers_of("gcs").create(writer(name=name), 12)
    (email,) = set(server.iam.accounts) - {server.iam.admin.email}
    assert email.partition("@")[0].endswith("rk0123456789abcdef-g12")


def test_other_peoples_rights_survive(server: GcsServer) -> None:
    locations("gcs").create(build_location())
    foreign = {"role": "roles/storage.admin", "members": ["user:ops@example.com"]}
    server.iam.set_policy(BUCKET, {"version": 3, "bindings": [foreign]})
    writers_of("gcs").create(writer(), 1)
    writers_of("gcs").create(writer(), 2)
    assert foreign in server.iam.policies[BUCKET]["bindings"]
    writers_of("gcs").delete(writer(), 1)
    left = server.iam.policies[BUCKET]["bindings"]
    assert foreign in left
    assert [b["members"] for b in left if b != foreign] == [
        [f"serviceAccount:archive-rk0123456789abcdef-g2@{PROJECT}.iam.gserviceaccount.com"]
    ]


def test_as_many_writers_as_run_at_once_share_one_bucket(
    server: GcsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They take turns at its policy: none is refused because another one was faster."""
    locations("gcs").create(build_location())
    honest, attempts = server.iam.set_policy, []

    def count(bucket: str, policy: dict[str, Any]) -> dict[str, Any]:
        attempts.append(bucket)
        return honest(bucket, policy)

    monkeypatch.setattr(server.iam, "set_policy", count)
    writers = [writer(mark=f"rk0123456789abcd{number:02x}") for number in range(16)]
    with ThreadPoolExecutor(len(writers)) as pool:
        list(pool.map(lambda one: writers_of("gcs").create(one, 1), writers))
    assert len(server.iam.policies[BUCKET]["bindings"]) == len(attempts) == 16


@pytest.mark.parametrize("changes", [1, 12])
def test_a_policy_that_others_change_meanwhile_is_read_again(
    server: GcsServer, monkeypatch: pytest.MonkeyPatch, changes: int
) -> None:
    """However often, within a minute."""
    pause = "realtimekit_provider.storage.backends.gcs.bucket_policy._PAUSE_SECONDS"
    monkeypatch.setattr(pause, 0.01)
    locations("gcs").create(build_location())
    foreign = {"role": "roles/storage.admin", "members": ["user:ops@example.com"]}
    honest = server.iam.set_policy
    concurrent_bindings = [foreign] * changes

    def raced(bucket: str, policy: dict[str, Any]) -> dict[str, Any]:
        if concurrent_bindings:
            honest(bucket, {"version": 3, "bindings": [concurrent_bindings.pop()]})
        return honest(bucket, policy)

    monkeypatch.setattr(server.iam, "set_policy", raced)
    secret = writers_of("gcs").create(writer(), 1)["secret"]
    assert foreign in server.iam.policies[BUCKET]["bindings"]
    assert writers_of("gcs").is_in_sync(writer(), 1, {"secret": secret})


def test_an_account_that_is_not_known_everywhere_yet_is_waited_for(server: GcsServer) -> None:
    locations("gcs").create(build_location())
    server.iam.members_to_refuse = 3
    reporter = FakeReporter()
    with reporting_progress(reporter):
        assert "private_key" in writers_of("gcs").create(writer(), 1)["secret"]
    assert reporter.waits == ["0/60 s: Google does not know the service account yet"] * 3


def hide_accounts(server: GcsServer, monkeypatch: pytest.MonkeyPatch, times: int) -> list[int]:
    """Let the first questions for an account find none, and return how many are left."""
    honest, unseen = server.iam.account, list(range(times))

    def late(email: str) -> Account:
        if unseen:
            unseen.pop()
            raise GoogleApiError(404, "Unknown service account")
        return honest(email)

    monkeypatch.setattr(server.iam, "account", late)
    return unseen


@pytest.mark.parametrize("left_by", ["nobody", "an interrupted run"])
def test_an_account_that_cannot_be_read_yet_is_not_one_that_was_deleted(
    server: GcsServer, monkeypatch: pytest.MonkeyPatch, left_by: str
) -> None:
    """Google lists a new one late, also where a run that was interrupted had just made it."""
    locations("gcs").create(build_location())
    if left_by == "an interrupted run":
        writers_of("gcs").create(writer(), 1)
    unseen = hide_accounts(server, monkeypatch, times=2)
    assert "private_key" in writers_of("gcs").create(writer(), 1)["secret"]
    assert unseen == []


def test_an_account_that_stays_out_of_sight_is_reported(
    server: GcsServer, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows whose it is, so it is not taken over."""
    monkeypatch.setattr(
        "realtimekit_provider.storage.backends.gcs.service_account._PROPAGATION_TIMEOUT", 0.05
    )
    hide_accounts(server, monkeypatch, times=1000)
    with pytest.raises(
        StorageUnreachableError, match="that it exists already, and does not show it"
    ):
        writers_of("gcs").create(writer(), 1)


@pytest.mark.parametrize("changed", [{"bucket": "another-bucket"}, {"prefix": "elsewhere"}])
def test_a_writer_of_another_location_keeps_its_key(secret: str, changed: dict[str, str]) -> None:
    """Renamed by an alias it has the name that a new component of the old name would take."""
    with pytest.raises(StorageConflictError, match=r"already, and its mark \(description\) is"):
        writers_of("gcs").create(writer(**changed), 1)
    assert writers_of("gcs").is_in_sync(writer(), 1, {"secret": secret})


def test_a_long_prefix_is_cut_in_the_description(server: GcsServer) -> None:
    """Google takes 256 bytes; the account is still known as this writer's."""
    locations("gcs").create(build_location())
    long = writer(prefix="ä" * 200)
    secret = writers_of("gcs").create(long, 1)["secret"]
    account = server.iam.accounts[json.loads(secret)["client_email"]]
    assert len(account.settings["description"].encode()) in {255, 256}
    assert writers_of("gcs").is_in_sync(long, 1, {"secret": secret})


@pytest.mark.parametrize(
    ("act", "advice"),
    [
        ("create", "so it is another writer's. Delete it"),
        ("restore", "gcloud iam service-accounts update"),
        ("delete", "gcloud iam service-accounts update"),
    ],
)
def test_an_account_of_another_writer_is_neither_changed_nor_deleted(
    server: GcsServer, secret: str, act: str, advice: str
) -> None:
    """Its description names another mark; a refresh shows it as changed."""
    account = server.iam.accounts[json.loads(secret)["client_email"]]
    account.settings["description"] = account.settings["description"].replace(
        writer().mark, OTHER_MARK
    )
    account.disabled = True
    policies = json.dumps(server.iam.policies[BUCKET])
    assert not writers_of("gcs").is_in_sync(writer(), 1, {"secret": secret})
    with pytest.raises(StorageConflictError, match=advice):
        getattr(writers_of("gcs"), act)(writer(), 1)
    assert account.email in server.iam.accounts
    assert account.disabled
    assert json.dumps(server.iam.policies[BUCKET]) == policies


def test_a_writer_of_an_interrupted_run_is_taken_over(server: GcsServer, secret: str) -> None:
    """It can log in again, and with nothing but its new key."""
    (account,) = [each for each in server.iam.accounts.values() if each != server.iam.admin]
    account.disabled = True
    again = writers_of("gcs").create(writer(), 1)["secret"]
    assert not account.disabled
    assert list(account.keys) == [json.loads(again)["private_key_id"]]
    with pytest.raises(StorageCredentialError):
        GcsWriteProbe().check(config(secret), None)
    GcsWriteProbe().check(config(again), None)


@pytest.mark.parametrize("how", ["account", "key", "disabled", "rights", "more rights", "bucket"])
def test_a_change_of_a_writer_by_somebody_else_is_seen(
    server: GcsServer, secret: str, how: str
) -> None:
    assert writers_of("gcs").is_in_sync(writer(), 1, {"secret": secret})
    meddle(server, how, secret)
    assert not writers_of("gcs").is_in_sync(writer(), 1, {"secret": secret})


@pytest.mark.parametrize("how", ["disabled", "rights", "more rights"])
def test_restore_gives_the_rights_again_and_keeps_the_key(
    server: GcsServer, secret: str, how: str
) -> None:
    meddle(server, how, secret)
    writers_of("gcs").restore(writer(), 1)
    assert writers_of("gcs").is_in_sync(writer(), 1, {"secret": secret})
    GcsWriteProbe().check(config(secret), None)
    if how == "more rights":
        admins = server.iam.policies[BUCKET]["bindings"][0]
        assert admins["members"] == ["user:ops@example.com"]


def test_restore_says_that_a_deleted_account_needs_a_new_generation(
    server: GcsServer, secret: str
) -> None:
    meddle(server, "account", secret)
    with pytest.raises(StorageNotFoundError, match="Raise key_generation to 2"):
        writers_of("gcs").restore(writer(), 1)


def test_delete_takes_account_keys_and_rights(server: GcsServer, secret: str) -> None:
    writers_of("gcs").delete(writer(), 1)
    writers_of("gcs").delete(writer(), 1)
    assert set(server.iam.accounts) == {server.iam.admin.email}
    assert server.iam.policies[BUCKET]["bindings"] == []


def test_delete_works_without_the_bucket_and_after_somebody_deleted_the_account(
    server: GcsServer, secret: str
) -> None:
    meddle(server, "account", secret)
    writers_of("gcs").delete(writer(), 1)
    assert server.iam.policies[BUCKET]["bindings"] == []
    writers_of("gcs").create(writer(), 2)
    locations("gcs").delete(build_location())
    writers_of("gcs").delete(writer(), 2)
    assert set(server.iam.accounts) == {server.iam.admin.email}


def test_an_organisation_that_forbids_keys_is_quoted(server: GcsServer) -> None:
    locations("gcs").create(build_location())
    server.iam.keys_forbidden = True
    with pytest.raises(StorageCredentialError, match="organisation forbids"):
        writers_of("gcs").create(writer(), 1)
