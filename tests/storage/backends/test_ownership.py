"""Whose a location is, in every cloud: its mark says it, and its name proves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from realtimekit_provider.errors import StorageConflictError, StorageNotFoundError
from realtimekit_provider.storage.backends.s3.buckets import is_new_in_account
from realtimekit_provider.storage.location.lifecycle import FoundLocation
from realtimekit_provider.storage.location.obstacles import find_obstacle
from tests.shared_servers import get_azurite
from tests.storage.clouds import Aws, Azure, Cloud, Gcs, Sftp, Spaces
from tests.storage.locations import OTHER_MARK, OWN_MARK, Locations, locations
from tools.test_servers.gcs_server import gcs_server
from tools.test_servers.moto_server import MotoServer
from tools.test_servers.sftp_server import sftp_server

RENAMED_MARK = f"{OWN_MARK[:10]}00000000"
"""The mark of another resource of the same stack."""

MARKED = ["aws", "azure", "digitalocean", "gcs"]
MARKED_AT_CREATION = ["azure", "gcs"]


@pytest.fixture
def cloud(
    request: pytest.FixtureRequest,
    moto: MotoServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Cloud]:
    """The cloud that the test is parametrized with."""
    start: dict[str, Callable[[ExitStack], tuple[Cloud, Any]]] = {
        "aws": lambda _: (Aws(moto.client("s3")), moto.environment),
        "azure": _start_azure,
        "digitalocean": lambda _: (Spaces(moto.client("s3")), moto.spaces_environment),
        "gcs": lambda stack: _start_gcs(stack, tmp_path),
        "sftp": lambda stack: (Sftp(stack.enter_context(sftp_server(tmp_path))), {}),
    }
    with ExitStack() as stack:
        found, environment = start[request.param](stack)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield found


def _start_azure(stack: ExitStack) -> tuple[Cloud, Any]:
    server = get_azurite()
    return Azure(stack.enter_context(server.client())), server.environment


def _start_gcs(stack: ExitStack, folder: Path) -> tuple[Cloud, Any]:
    server = stack.enter_context(gcs_server())
    return Gcs(server), server.environment(folder)


def _as_owner(cloud: Cloud) -> Locations:
    return locations(cloud.storage_type)


def _as_other_stack(cloud: Cloud) -> Locations:
    return locations(cloud.storage_type, OTHER_MARK)


@pytest.mark.parametrize("cloud", MARKED, indirect=True)
def test_another_stacks_location_is_refused_and_stays_unchanged(cloud: Cloud) -> None:
    """By create, update and delete; the text names the mark and the two ways on."""
    _as_other_stack(cloud).create(cloud.declare())
    cloud.put_file()
    before, owner = cloud.describe(), _as_owner(cloud)
    forced = cloud.declare(on_delete="force")
    for act in (owner.create, owner.update, owner.delete):
        with pytest.raises(StorageConflictError) as refusal:
            act(forced)
        sentence, command = str(refusal.value).splitlines()
        assert f"its mark is {OTHER_MARK}" in sentence
        assert "Declare it with 'existing: true'" in sentence
        assert cloud.name in command
        assert cloud.describe() == before


@pytest.mark.parametrize("cloud", [*MARKED, "sftp"], indirect=True)
def test_a_location_that_cannot_be_created_is_found_before_and_stays_unchanged(
    cloud: Cloud,
) -> None:
    """By the words of the creation; one that can be created is asked for, and not created."""
    location, owner = cloud.declare(), _as_owner(cloud)
    assert find_obstacle(owner.backend, location, OWN_MARK, is_freed=False) is None
    assert owner.read(location) is None
    missing = find_obstacle(owner.backend, cloud.declare(existing=True), "", is_freed=False)
    assert isinstance(missing, StorageNotFoundError)
    _as_other_stack(cloud).create(location)
    cloud.put_file()
    before = cloud.describe()
    found = find_obstacle(owner.backend, location, OWN_MARK, is_freed=False)
    assert find_obstacle(owner.backend, location, OWN_MARK, is_freed=True) is None
    with pytest.raises(StorageConflictError) as refusal:
        owner.create(location)
    assert str(found) == str(refusal.value)
    assert cloud.describe() == before
    used = cloud.declare(existing=True)
    assert find_obstacle(owner.backend, used, OWN_MARK, is_freed=False) is None


@pytest.mark.parametrize("cloud", MARKED, indirect=True)
@pytest.mark.parametrize("own_stack", [True, False])
def test_a_kept_location_comes_back_to_whoever_declares_it(cloud: Cloud, own_stack: bool) -> None:
    """With its files; from then on it is theirs alone."""
    owner, other = _as_owner(cloud), _as_other_stack(cloud)
    owner.create(cloud.declare())
    cloud.put_file()
    assert owner.delete(cloud.declare()) == "kept"
    files = cloud.describe()[0]
    after, before = (owner, other) if own_stack else (other, owner)
    after.create(cloud.declare())
    assert cloud.describe()[0] == files
    with pytest.raises(StorageConflictError, match=f"its mark is {after.mark}"):
        before.delete(cloud.declare(on_delete="force"))
    assert after.delete(cloud.declare(on_delete="force")) == "deleted"


@pytest.mark.parametrize("cloud", MARKED, indirect=True)
def test_a_location_without_a_mark_is_refused(cloud: Cloud) -> None:
    """Somebody made it by hand, or an older version did; an update and a delete refuse it too."""
    cloud.create()
    cloud.set_something()
    cloud.put_file()
    before, owner = cloud.describe(), _as_owner(cloud)
    for act in (owner.create, owner.update, owner.delete):
        with pytest.raises(StorageConflictError, match="it carries no mark"):
            act(cloud.declare(on_delete="force"))
        assert cloud.describe() == before


@pytest.mark.parametrize("cloud", MARKED_AT_CREATION, indirect=True)
def test_an_empty_location_without_a_mark_is_refused(cloud: Cloud) -> None:
    """Where a location is marked as it is created, no interrupted run leaves one like that."""
    cloud.create()
    before = cloud.describe()
    with pytest.raises(StorageConflictError, match="it carries no mark"):
        _as_owner(cloud).create(cloud.declare())
    assert cloud.describe() == before


@pytest.mark.parametrize("cloud", ["aws", "digitalocean"], indirect=True)
@pytest.mark.parametrize("sign", ["put_file", "set_something"])
def test_a_new_bucket_that_somebody_uses_is_refused(cloud: Cloud, sign: str) -> None:
    """Only one that is as an interrupted run leaves it is taken over."""
    cloud.create()
    getattr(cloud, sign)()
    before = cloud.describe()
    with pytest.raises(StorageConflictError, match="it carries no mark"):
        _as_owner(cloud).create(cloud.declare())
    assert cloud.describe() == before


@pytest.mark.parametrize("cloud", ["aws", "digitalocean"], indirect=True)
def test_a_bucket_that_was_created_and_not_yet_marked_is_taken_over(cloud: Cloud) -> None:
    """The run was killed between the two calls."""
    cloud.create()
    owner = _as_owner(cloud)
    owner.create(cloud.declare())
    with pytest.raises(StorageConflictError, match=f"its mark is {OWN_MARK}"):
        _as_other_stack(cloud).create(cloud.declare())
    assert owner.delete(cloud.declare()) == "deleted"


@pytest.mark.parametrize(
    ("name", "age", "expected"),
    [("own", 1, True), ("own", 25, False), ("another", 1, False)],
)
def test_a_bucket_is_new_for_a_day_and_in_its_own_account_only(
    name: str, age: int, expected: bool
) -> None:
    """The list of buckets has those of the account, with the time of their creation."""
    now = datetime(2030, 1, 2, tzinfo=timezone.utc)

    class FakeS3:
        def list_buckets(self) -> dict[str, Any]:
            return {"Buckets": [{"Name": "own", "CreationDate": now - timedelta(hours=age)}]}

    assert is_new_in_account(FakeS3(), name, now) is expected


@pytest.mark.parametrize("cloud", MARKED, indirect=True)
@pytest.mark.parametrize("act", ["create", "update"])
def test_the_command_of_a_refusal_helps(cloud: Cloud, act: str) -> None:
    """Run as it stands; what else is set there stays, and the text says what it overwrites."""
    cloud.create()
    cloud.set_something()
    cloud.put_file()
    owner = _as_owner(cloud)
    with pytest.raises(StorageConflictError) as refusal:
        getattr(owner, act)(cloud.declare())
    is_overwriting = "as they are now: run it right away" in str(refusal.value)
    assert is_overwriting is (cloud.storage_type != "gcs")
    cloud.run_command(str(refusal.value).splitlines()[1])
    assert _mentions_somebodys_setting(cloud)
    getattr(owner, act)(cloud.declare())
    assert owner.delete(cloud.declare()) == "kept"


def _mentions_somebodys_setting(cloud: Cloud) -> bool:
    return any(word in str(cloud.describe()) for word in ("ours", "tidy"))


@pytest.mark.parametrize("cloud", MARKED, indirect=True)
def test_a_renamed_resource_takes_the_location_over(cloud: Cloud) -> None:
    """The delete of the old name leaves it to the new one."""
    owner, renamed = _as_owner(cloud), locations(cloud.storage_type, RENAMED_MARK)
    owner.create(cloud.declare())
    cloud.put_file()
    renamed.create(cloud.declare())
    with pytest.raises(StorageConflictError, match="another resource of this stack has it now"):
        owner.update(cloud.declare())
    assert owner.delete(cloud.declare(on_delete="force")) == "left"
    assert renamed.delete(cloud.declare(on_delete="force")) == "deleted"


@pytest.mark.parametrize("cloud", MARKED, indirect=True)
def test_a_release_that_was_cut_off_before_the_state_knew_is_no_loss(cloud: Cloud) -> None:
    """A second delete leaves the location; an update claims it again."""
    owner = _as_owner(cloud)
    owner.create(cloud.declare())
    cloud.put_file()
    assert owner.delete(cloud.declare()) == "kept"
    assert owner.delete(cloud.declare(on_delete="force")) == "left"
    owner.update(cloud.declare())
    assert owner.delete(cloud.declare(on_delete="force")) == "deleted"


@pytest.mark.parametrize("cloud", MARKED, indirect=True)
@pytest.mark.parametrize("release", ["delete", "becomes existing"])
def test_a_refresh_finds_a_release_that_the_state_does_not_know(cloud: Cloud, release: str) -> None:
    """So the next deployment claims the location, and no other stack gets its files."""
    owner = _as_owner(cloud)
    owner.create(cloud.declare())
    cloud.put_file()
    if release == "delete":
        owner.delete(cloud.declare())
    else:
        owner.update(cloud.declare(existing=True), was_existing=False)
    found = owner.find(cloud.declare())
    assert found == FoundLocation(cloud.declare(), is_released=True)
    assert "run 'pulumi up', which claims it" in owner.reporter.warnings[0]
    owner.update(cloud.declare())
    assert owner.find(cloud.declare()) == FoundLocation(cloud.declare())
    with pytest.raises(StorageConflictError, match=f"its mark is {OWN_MARK}"):
        _as_other_stack(cloud).create(cloud.declare())


@pytest.mark.parametrize("cloud", MARKED, indirect=True)
@pytest.mark.parametrize(
    ("mark", "is_reported"), [(OWN_MARK, False), (RENAMED_MARK, False), (OTHER_MARK, True)]
)
def test_another_stack_reads_which_resource_released_what_it_takes_over(
    cloud: Cloud, mark: str, is_reported: bool
) -> None:
    """The first one may still have it in its state; its own stack is told nothing new."""
    owner, next_owner = _as_owner(cloud), locations(cloud.storage_type, mark)
    owner.create(cloud.declare())
    cloud.put_file()
    owner.delete(cloud.declare())
    next_owner.create(cloud.declare())
    notices = " ".join(next_owner.reporter.notices)
    assert (f"the resource with the mark {OWN_MARK} released it" in notices) is is_reported


@pytest.mark.parametrize("cloud", MARKED, indirect=True)
def test_a_location_that_becomes_existing_is_released(cloud: Cloud) -> None:
    """So it can be claimed again, here or elsewhere."""
    owner = _as_owner(cloud)
    owner.create(cloud.declare())
    cloud.put_file()
    owner.update(cloud.declare(existing=True), was_existing=False)
    _as_other_stack(cloud).create(cloud.declare())
    with pytest.raises(StorageConflictError, match=f"its mark is {OTHER_MARK}"):
        owner.update(cloud.declare(), was_existing=True)


@pytest.mark.parametrize("cloud", MARKED, indirect=True)
@pytest.mark.parametrize("moment", ["read_mark", "write_mark", "apply_settings"])
def test_a_location_that_two_stacks_claim_at_once_is_refused_to_the_first(
    cloud: Cloud, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one marked it last, whenever that was, so it is the owner."""
    owner, other = _as_owner(cloud), _as_other_stack(cloud)
    owner.create(cloud.declare())
    cloud.put_file()
    owner.delete(cloud.declare())
    location = cloud.declare()

    def let_other_stack_mark_it() -> None:
        with other.backend.connect(location) as client:
            assert client.write_mark(OTHER_MARK, before=client.read_mark())

    with owner.backend.connect(location) as client:
        _run_after(monkeypatch, type(client), moment, let_other_stack_mark_it)
    with pytest.raises(StorageConflictError, match=f"its mark is {OTHER_MARK}"):
        owner.create(location)
    assert other.delete(location) == "kept"


def _run_after(
    monkeypatch: pytest.MonkeyPatch, owner: type, name: str, then: Callable[[], None]
) -> None:
    method = getattr(owner, name)

    def run_once(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(owner, name, method)
        result = method(*args, **kwargs)
        then()
        return result

    monkeypatch.setattr(owner, name, run_once)


@pytest.mark.parametrize("cloud", MARKED_AT_CREATION, indirect=True)
def test_one_of_many_that_claim_a_released_location_at_once_gets_it(cloud: Cloud) -> None:
    """Where the cloud can compare and write in one step, or be locked for it."""
    owner = _as_owner(cloud)
    owner.create(cloud.declare())
    cloud.put_file()
    owner.delete(cloud.declare())
    stacks = [locations(cloud.storage_type, f"rk{number:08x}89abcdef") for number in range(8)]
    with ThreadPoolExecutor(len(stacks)) as pool:
        winners = [
            mark for mark in pool.map(lambda stack: _try_to_claim(stack, cloud), stacks) if mark
        ]
    assert len(winners) == 1
    assert locations(cloud.storage_type, winners[0]).delete(cloud.declare()) == "kept"


def _try_to_claim(stack: Locations, cloud: Cloud) -> str | None:
    try:
        stack.create(cloud.declare())
    except StorageConflictError:
        return None
    return stack.mark


@pytest.mark.parametrize("cloud", MARKED, indirect=True)
def test_a_refresh_warns_of_a_location_that_is_no_longer_ours(cloud: Cloud) -> None:
    """It shows no drift that a deployment could not undo."""
    owner = _as_owner(cloud)
    _as_other_stack(cloud).create(cloud.declare())
    assert owner.read(cloud.declare()) == cloud.declare()
    assert f"{cloud.name} carries the mark {OTHER_MARK}" in owner.reporter.warnings[0]


@pytest.mark.parametrize("cloud", MARKED, indirect=True)
def test_the_state_of_an_older_version_is_reported_to_deploy_first(cloud: Cloud) -> None:
    """It has no mark, so nothing is deleted."""
    _as_owner(cloud).create(cloud.declare())
    before = cloud.describe()
    with pytest.raises(StorageConflictError, match="older version's: run 'pulumi up' first"):
        locations(cloud.storage_type, "").delete(cloud.declare())
    assert cloud.describe() == before


@pytest.mark.parametrize("cloud", ["sftp"], indirect=True)
def test_a_folder_that_no_state_knows_is_refused_while_it_holds_files(cloud: Cloud) -> None:
    """It can carry no mark. One that the state knows is updated and deleted as ever."""
    cloud.create()
    owner = _as_owner(cloud)
    owner.create(cloud.declare())
    cloud.put_file()
    before = cloud.describe()
    with pytest.raises(StorageConflictError, match=r"such as 'kept\.webm'.*existing: true"):
        owner.create(cloud.declare(on_delete="force"))
    owner.create(cloud.declare(existing=True))
    owner.update(cloud.declare())
    assert owner.delete(cloud.declare()) == "kept_unmarked"
    assert cloud.describe() == before
    assert owner.delete(cloud.declare(on_delete="force")) == "deleted"


@pytest.mark.parametrize("cloud", ["sftp"], indirect=True)
@pytest.mark.parametrize("on_delete", ["keep", "fail", "force"])
def test_a_folder_that_was_there_is_never_deleted_or_emptied(cloud: Cloud, on_delete: str) -> None:
    """Another stack may have it, or an interrupted create left it: it is used, and stays."""
    cloud.create()
    owner, declared = _as_owner(cloud), cloud.declare(on_delete=on_delete)
    is_owned = owner.create(declared)
    assert "never deleted or emptied" in owner.reporter.warnings[0]
    cloud.put_file()
    before = cloud.describe()
    is_owned = owner.update(declared, was_owned=is_owned)
    assert owner.delete(declared, is_owned=is_owned) == "not_created"
    assert cloud.describe() == before


@pytest.mark.parametrize("cloud", ["sftp"], indirect=True)
def test_a_folder_is_of_whoever_created_it(cloud: Cloud) -> None:
    """Also where an update creates it again, and where several stacks declare it at once."""
    owner, declared = _as_owner(cloud), cloud.declare()
    assert owner.update(declared, was_owned=False)
    assert owner.delete(declared) == "deleted"
    stacks = [_as_other_stack(cloud) for _ in range(4)]
    with ThreadPoolExecutor(len(stacks)) as pool:
        assert sorted(pool.map(lambda stack: stack.create(declared), stacks)) == [
            *[False] * (len(stacks) - 1),
            True,
        ]


@pytest.mark.parametrize("cloud", MARKED, indirect=True)
def test_a_location_that_carries_the_mark_is_owned_whoever_created_it(cloud: Cloud) -> None:
    """A run that was interrupted after it had created the location left it to the next one."""
    owner, declared = _as_owner(cloud), cloud.declare()
    assert [owner.create(declared) for _ in range(2)] == [True, True]
    assert owner.update(declared)
    assert owner.delete(declared) == "deleted"
