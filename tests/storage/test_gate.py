"""The gate between a credential and the recordings that are started with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtimekit_provider.api.models.recording import UNKNOWN_STATUS, Recording
from realtimekit_provider.api.models.storage_config import (
    CREDENTIAL_KEYS,
    TARGET_KEYS,
    StorageConfig,
)
from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.deployment.run_registry import RunRegistry
from realtimekit_provider.deployment.targets import extract_target
from realtimekit_provider.deployment.timing import Timing
from realtimekit_provider.errors import (
    StorageCredentialError,
    StorageNotFoundError,
    StorageUnreachableError,
    TokenRejectedError,
    WaitTimeoutError,
)
from realtimekit_provider.schema.input_diff import InputDiff
from realtimekit_provider.schema.unknown import UNKNOWN
from realtimekit_provider.storage.gate.gate import (
    GatePorts,
    apply_gate_defaults,
    diff_gate,
    drain_uploads,
    storage_config_from,
    validate_gate_inputs,
    verify_write_access,
)
from tests.example_values import ACCOUNT, APP, CANARY, STORAGE, URN, build_recording
from tests.fakes import FakeClock, FakeRecordings, FakeReporter, make_call_error, make_not_found
from tests.storage.test_location import HOST_KEY

APPS = [{"account_id": ACCOUNT, "app_id": APP}]
HERE = extract_target(STORAGE["aws"])
THERE = {**HERE, "bucket": "acme-archive"}
LIVE = ("INVOKED", "RECORDING", "PAUSED", "UPLOADING", "SOMETHING_NEW")
REFUSED = StorageCredentialError("the key may not s3:PutObject into bucket acme-recordings")


def gate(kind: str = "aws", **changed: Any) -> dict[str, Any]:
    """Return completed inputs."""
    host_key = HOST_KEY if kind == "sftp" else None
    return apply_gate_defaults(
        {**STORAGE[kind], "host_key": host_key, "resource_urn": URN, **changed}, APPS
    )


def writing(recording_id: str, status: str, target: Mapping[str, Any] | None = HERE) -> Recording:
    """Return a recording whose storage the API reports, or does not."""
    return build_recording(recording_id, status, storage_config=target)


class Gatekeeper:
    """A gate's ports: what each app answers, what each proof comes to, and what was said."""

    def __init__(self, *apps: Mapping[str, Sequence[Any]], proofs: Sequence[Any] = (None,)) -> None:
        self.clock = FakeClock()
        self.listener = FakeReporter()
        self.registry = RunRegistry()
        self.apis = [FakeRecordings(self.clock, **scripts) for scripts in apps]
        self.proven: list[tuple[StorageConfig, str | None]] = []
        self._proofs = list(proofs)
        self.ports = GatePorts(
            recordings=self.apis,
            prove=self._prove,
            reporter=self.listener,
            clock=self.clock,
            registry=self.registry,
            timing=Timing(),
        )

    def _prove(self, config: StorageConfig, host_key: str | None) -> None:
        self.proven.append((config, host_key))
        proof = self._proofs.pop(0) if len(self._proofs) > 1 else self._proofs[0]
        if proof is not None:
            raise proof

    def stopped(self, recording_id: str, target: Mapping[str, Any] = HERE) -> None:
        """Note what a recording's delete notes in the same run."""
        self.registry.recordings.register_stopped(recording_id)
        self.registry.recordings.register_targets(recording_id, (ACCOUNT, APP), [target])

    @property
    def waited(self) -> float:
        return self.clock.now() - 1000

    @property
    def calls(self) -> list[str]:
        return [call for api in self.apis for call in api.calls]


# Inputs.


@pytest.mark.parametrize("kind", STORAGE)
def test_a_gate_is_complete_with_the_stacks_own_app(kind: str) -> None:
    """Its ``storage_config`` is the one that was given, key by key."""
    inputs = gate(kind)
    assert list(validate_gate_inputs(inputs)) == []
    assert (inputs["apps"], inputs["write_test"], inputs["upload_deadline"]) == (APPS, True, 900)
    assert storage_config_from(inputs) == STORAGE[kind]


@pytest.mark.parametrize(
    ("kind", "changed", "path"),
    [
        ("aws", {"secret": None}, "secret"),
        ("aws", {"bucket": "s3://acme"}, "bucket"),
        ("aws", {"password": "CANARY"}, "password"),
        ("aws", {"upload_deadline": -1}, "upload_deadline"),
        ("aws", {"apps": [{"account_id": ACCOUNT}]}, "apps[0].app_id"),
        ("aws", {"surprise": 1}, "surprise"),
        ("aws", {"type": "s3"}, "type"),
        ("sftp", {"host_key": None}, "host_key"),
        ("sftp", {"host_key": "AAAA"}, "host_key"),
        ("sftp", {"private_key": None}, ""),
    ],
)
def test_a_mistake_is_told_with_its_path(kind: str, changed: dict[str, Any], path: str) -> None:
    """And never with a credential."""
    [problem] = validate_gate_inputs(gate(kind, **changed))
    assert problem.path == path
    assert CANARY not in problem.reason


@pytest.mark.parametrize("named", [[], APPS, UNKNOWN])
def test_a_gate_that_would_ask_nobody_by_mistake_is_refused(named: Any) -> None:
    """Where the stack has no app of its own, apps are named, if only as none or known later."""
    given = {**STORAGE["aws"], "resource_urn": URN}
    [problem] = validate_gate_inputs(apply_gate_defaults(given, []))
    assert problem.path == "apps"
    assert problem.reason.startswith("name whose recordings may write here")
    assert list(validate_gate_inputs(apply_gate_defaults({**given, "apps": named}, []))) == []


def test_without_a_proof_no_host_key_is_asked_for() -> None:
    """The API has its own; ours is to check the server that the proof writes to."""
    assert list(validate_gate_inputs(gate("sftp", host_key=None, write_test=False))) == []


@pytest.mark.parametrize("kind", STORAGE)
def test_what_is_not_known_yet_is_no_mistake(kind: str) -> None:
    for name in gate(kind):
        assert list(validate_gate_inputs({**gate(kind), name: UNKNOWN})) == []


@pytest.mark.parametrize("name", [*TARGET_KEYS, *CREDENTIAL_KEYS])
def test_another_target_is_another_gate_and_another_credential_is_not(name: str) -> None:
    """Each waits for the recordings of its own target; not known yet counts as changed."""
    for value in ("other", UNKNOWN):
        found = diff_gate(gate(), {**gate(), name: value})
        expected = (
            InputDiff(replaces=(name,)) if name in TARGET_KEYS else InputDiff(updates=(name,))
        )
        assert found == expected


@pytest.mark.parametrize("name", ["apps", "write_test", "upload_deadline", "host_key"])
def test_a_setting_of_the_gate_is_updated(name: str) -> None:
    assert diff_gate(gate(), {**gate(), name: "other"}) == InputDiff(updates=(name,))


def test_a_gate_that_is_as_declared_does_not_change() -> None:
    """A new URN, after a rename by an alias, is none."""
    assert diff_gate(gate(), gate(resource_urn="other")).is_empty


def test_a_key_of_a_storage_config_says_where_or_with_which_right() -> None:
    """None is both, and each credential is among the second."""
    assert not set(TARGET_KEYS) & set(CREDENTIAL_KEYS)
    assert set(CREDENTIAL_KEYS) >= SECRET_KEYS
    assert {key for one in STORAGE.values() for key in one} <= {*TARGET_KEYS, *CREDENTIAL_KEYS}


# Opening.


@pytest.mark.parametrize("kind", STORAGE)
def test_a_gate_opens_with_one_proof_of_the_very_credential(kind: str) -> None:
    """No recording is asked for."""
    keeper = Gatekeeper({})
    verify_write_access(gate(kind), keeper.ports)
    [(config, host_key)] = keeper.proven
    assert config.type == kind
    assert host_key == (HOST_KEY if kind == "sftp" else None)
    assert (keeper.calls, keeper.waited) == ([], 0)


def test_a_fresh_key_is_given_time_to_be_known() -> None:
    """A cloud refuses it for some seconds."""
    keeper = Gatekeeper(proofs=[REFUSED, REFUSED, None])
    verify_write_access(gate(), keeper.ports)
    assert keeper.clock.sleeps == [1.0, 1.5]
    assert keeper.listener.waits[0] == "waiting 0 of 60 s for the storage to know the credential"


def test_a_credential_that_stays_refused_is_refused_with_the_last_text() -> None:
    """After a minute, not before."""
    keeper = Gatekeeper(proofs=[StorageCredentialError("the key is not known"), REFUSED])
    with pytest.raises(StorageCredentialError, match="may not s3:PutObject into bucket acme"):
        verify_write_access(gate(), keeper.ports)
    assert keeper.waited == pytest.approx(60)


@pytest.mark.parametrize("error", [StorageNotFoundError("no"), StorageUnreachableError("no")])
def test_what_time_does_not_mend_is_told_at_once(error: Exception) -> None:
    """No such bucket, wrong host key."""
    keeper = Gatekeeper(proofs=[error])
    with pytest.raises(type(error)):
        verify_write_access(gate(), keeper.ports)
    assert keeper.waited == 0


def test_write_test_false_proves_nothing() -> None:
    keeper = Gatekeeper()
    verify_write_access(gate(write_test=False), keeper.ports)
    assert keeper.proven == []


# Closing.


def test_a_gate_that_nobody_writes_through_closes_with_one_list() -> None:
    """An app each, and nothing is said."""
    keeper = Gatekeeper({}, {})
    drain_uploads(gate(), keeper.ports)
    assert keeper.calls == ["list_unfinished", "list_unfinished"]
    assert (keeper.waited, keeper.listener.text) == (0, "")


@pytest.mark.parametrize("status", LIVE)
def test_a_gate_waits_for_whatever_writes_there(status: str) -> None:
    """Whoever started it, in whatever state that may still change."""
    keeper = Gatekeeper({"list_unfinished": [[writing("a", status)], [writing("a", status)], []]})
    drain_uploads(gate(), keeper.ports)
    assert keeper.calls == ["list_unfinished"] * 3
    assert keeper.listener.waits[0] == "waiting 0 of 900 s for the last uploads to land"


@pytest.mark.parametrize("status", LIVE)
def test_a_gate_does_not_wait_for_what_writes_elsewhere(status: str) -> None:
    keeper = Gatekeeper({"list_unfinished": [[writing("a", status, THERE)]]})
    drain_uploads(gate(), keeper.ports)
    assert keeper.waited == 0


def test_a_target_is_the_same_however_the_api_writes_it() -> None:
    said = {**HERE, "path": "/standup", "region": "US-EAST-1"}
    keeper = Gatekeeper({"list_unfinished": [[writing("a", "UPLOADING", said)], []]})
    drain_uploads(gate(), keeper.ports)
    assert keeper.calls == ["list_unfinished"] * 2


@pytest.mark.parametrize("status", ["UPLOADING", UNKNOWN_STATUS])
def test_an_upload_whose_target_nobody_tells_is_waited_for(status: str) -> None:
    """It may be one of an earlier, interrupted run; without a status it may be an upload."""
    keeper = Gatekeeper({"list_unfinished": [[writing("a", status, None)], []]})
    drain_uploads(gate(), keeper.ports)
    assert keeper.calls == ["list_unfinished"] * 2


def test_a_recording_whose_target_nobody_tells_is_not() -> None:
    """Nobody is about to end it: somebody else's meeting would hold up every destroy."""
    keeper = Gatekeeper({"list_unfinished": [[writing("a", "RECORDING", None)]]})
    drain_uploads(gate(), keeper.ports)
    assert keeper.waited == 0


def test_what_this_run_ended_is_known_to_write_there_or_elsewhere() -> None:
    """Though the API tells no target."""
    keeper = Gatekeeper({"list_unfinished": [[writing("there", "UPLOADING", None)]]})
    keeper.stopped("there", THERE)
    drain_uploads(gate(), keeper.ports)
    assert keeper.calls == ["list_unfinished"]
    keeper = Gatekeeper(
        {
            "list_unfinished": [[writing("a", "UPLOADING", None)], []],
            "get": [writing("a", "UPLOADED")],
        }
    )
    keeper.stopped("a")
    drain_uploads(gate(), keeper.ports)
    assert keeper.calls == ["list_unfinished", "list_unfinished", "get a"]


def test_what_no_list_holds_is_asked_for() -> None:
    """A list may lag behind: only a final state, or a clear 404, ends the wait."""
    states = [writing("a", "RECORDING"), writing("a", "UPLOADING"), writing("a", "UPLOADED")]
    keeper = Gatekeeper({"get": states})
    keeper.stopped("a")
    drain_uploads(gate(), keeper.ports)
    assert keeper.calls == ["list_unfinished", "get a"] * 3


def test_what_is_gone_is_not_waited_for() -> None:
    keeper = Gatekeeper({"get": [make_not_found()]})
    keeper.stopped("a")
    drain_uploads(gate(), keeper.ports)
    assert keeper.waited == 0


def test_what_has_landed_is_not_asked_for_again() -> None:
    """A poll costs pages, not recordings."""
    keeper = Gatekeeper(
        {
            "list_unfinished": [[writing("slow", "UPLOADING")]] * 5 + [[]],
            "get": [writing("x", "UPLOADED")],
        }
    )
    for number in range(40):
        keeper.stopped(f"quick-{number}")
    keeper.stopped("slow")
    drain_uploads(gate(), keeper.ports)
    asked = [call for call in keeper.calls if call != "list_unfinished"]
    assert len(asked) == len(set(asked)) == 41


def test_a_recording_is_found_in_the_app_that_it_belongs_to() -> None:
    keeper = Gatekeeper({"get": [make_not_found()]}, {"get": [writing("a", "UPLOADED")]})
    keeper.stopped("a")
    drain_uploads(gate(), keeper.ports)
    assert keeper.calls == ["list_unfinished", "get a", "list_unfinished", "get a"]


def test_a_file_that_may_be_missing_is_told() -> None:
    """Once, and the gate closes: no wait brings it back."""
    keeper = Gatekeeper(
        {"list_unfinished": [[writing("b", "UPLOADING")], []], "get": [writing("a", "ERRORED")]}
    )
    keeper.stopped("a")
    drain_uploads(gate(), keeper.ports)
    assert keeper.listener.warnings == ["recording a ended ERRORED: its files may be missing"]


def test_past_the_deadline_everything_stays_and_that_is_told() -> None:
    """With what is pending, where, and what to do."""
    pending = [writing(f"rec-{number}", "UPLOADING") for number in range(7)]
    keeper = Gatekeeper({"list_unfinished": [pending]})
    with pytest.raises(WaitTimeoutError) as raised:
        drain_uploads(gate(upload_deadline=30), keeper.ports)
    assert keeper.waited == pytest.approx(30)
    told = str(raised.value)
    assert told.startswith("7 recordings still write to aws acme-recordings: rec-0 (UPLOADING), ")
    assert "rec-5" not in told
    assert "Storage and credential stay in place after 30 s" in told
    assert "deploy again to go on, or raise upload_deadline" in told


def test_the_gates_of_a_run_share_one_deadline() -> None:
    """Else three stuck gates would hold up a pipeline three times as long."""
    keeper = Gatekeeper({"list_unfinished": [[writing("a", "RECORDING")]]})
    for _ in range(3):
        with pytest.raises(WaitTimeoutError):
            drain_uploads(gate(upload_deadline=30), keeper.ports)
    assert keeper.waited == pytest.approx(30)


def test_an_api_that_says_no_keeps_the_gate_closed() -> None:
    """Not knowing is no reason to delete."""
    keeper = Gatekeeper({"list_unfinished": [make_call_error(TokenRejectedError)]})
    with pytest.raises(TokenRejectedError):
        drain_uploads(gate(), keeper.ports)


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans(), st.booleans()), max_size=8))
def test_a_gate_never_closes_before_the_last_file_and_never_long_after(
    lives: list[tuple[int, bool, bool]],
) -> None:
    """For uploads of any length, of this run or an earlier one, with their target told or not."""
    keeper = Gatekeeper({})

    def now_of(number: int) -> Recording:
        landed_at, _, told = lives[number]
        status = "UPLOADING" if keeper.waited < landed_at else "UPLOADED"
        return writing(f"rec-{number}", status, HERE if told else None)

    def listed() -> list[Recording]:
        found = [now_of(number) for number in range(len(lives))]
        return [one for one in found if one.status == "UPLOADING"]

    [api] = keeper.apis
    api.list_unfinished = listed  # type: ignore[method-assign]
    api.get = lambda recording_id: now_of(int(recording_id[4:]))  # type: ignore[method-assign]
    for number, (_, is_of_this_run, _) in enumerate(lives):
        if is_of_this_run:
            keeper.stopped(f"rec-{number}")
    drain_uploads(gate(), keeper.ports)
    last = max((landed_at for landed_at, _, _ in lives), default=0)
    assert last <= keeper.waited <= last + 3 * keeper.ports.timing.poll_interval
