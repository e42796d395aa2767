"""What checks decide, where no project is needed to see it."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, cast

import pytest

from realtimekit_provider.api.client import RecordingsClient
from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.api.models.remaining_calls import RemainingCalls
from realtimekit_provider.api.models.token import TokenInfo
from realtimekit_provider.api.network_settings import CaBundle, NetworkSettings, Proxy
from realtimekit_provider.cli.checks.access import judge_account
from realtimekit_provider.cli.checks.connection import (
    judge_network,
    judge_offset,
    judge_remaining_calls,
)
from realtimekit_provider.cli.checks.evidence.access_calls import AccessAnswers
from realtimekit_provider.cli.checks.evidence.current_recordings import read_current_recordings
from realtimekit_provider.cli.checks.evidence.deployed_gates import list_deployed_gates
from realtimekit_provider.cli.checks.evidence.lazy import UnavailableError
from realtimekit_provider.cli.checks.installation import find_missing_plugins
from realtimekit_provider.cli.checks.live_recordings import judge_live_recordings
from realtimekit_provider.cli.checks.locks import judge_locks, judge_pending_operations
from realtimekit_provider.cli.checks.texts import (
    describe_cli_error,
    format_span,
    hide_url_credentials,
)
from realtimekit_provider.cli.checks.token import judge_token
from realtimekit_provider.cli.deployments.file_locks import StackLock, list_file_locks
from realtimekit_provider.cli.deployments.locks import Lock
from realtimekit_provider.cli.exit_codes import CommandError
from realtimekit_provider.cli.stack_files.project import Project
from realtimekit_provider.errors import (
    CallError,
    CallInfo,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitedError,
    RequestRejectedError,
    TokenRejectedError,
)
from realtimekit_provider.storage.gate.inputs import parse_storage_config
from tests.cli.inventory.stacks import StackBuilder
from tests.cli.test_states import STATE
from tests.example_values import ACCOUNT, APP, CANARY, build_recording

NOW = datetime(2026, 11, 26, 4, tzinfo=timezone.utc)
LIST = f"/accounts/{ACCOUNT}/realtime/kit/{APP}/recordings"


def build_error(status: int, code: int | None = None) -> CallError:
    """Return what the API's refusal with that status is."""
    kinds = {401: TokenRejectedError, 403: TokenRejectedError, 404: NotFoundError}
    kind = kinds.get(status, RequestRejectedError)
    return kind("refused", CallInfo("GET", LIST, status, code))


UNKNOWN = build_error(401, 1000)


@pytest.mark.parametrize(
    ("token", "listed", "token_outcome", "account_outcome"),
    [
        (TokenInfo("user", "active"), None, "ok", "ok"),
        (TokenInfo("user", "frozen"), None, "warn", "ok"),
        (TokenInfo("user", "active", not_before=NOW + timedelta(1)), None, "fail", "ok"),
        (TokenInfo("user", "active", expires_at=NOW - timedelta(1)), None, "fail", "ok"),
        (TokenInfo("user", "active"), build_error(403), "ok", "fail"),
        (TokenInfo("account", "active"), build_error(403), "ok", "ok"),
        (TokenInfo("user", "active"), build_error(404), "ok", "ok"),
        (TokenInfo("user", "active"), build_error(400, 7003), "ok", "fail"),
        (UNKNOWN, None, "ok", "ok"),
        (UNKNOWN, build_error(404), "ok", "ok"),
        (UNKNOWN, build_error(401), "fail", "fail"),
        (UNKNOWN, build_error(403, 9109), "fail", "fail"),
        (UNKNOWN, build_error(403, 10000), "skipped", "fail"),
        (build_error(404, 7003), None, "ok", "ok"),
    ],
)
def test_token_or_account_is_the_wrong_one(
    token: TokenInfo | CallError,
    listed: CallError | None,
    token_outcome: str,
    account_outcome: str,
) -> None:
    """By what verifies the token, and by what lists the app's recordings."""
    answers = AccessAnswers(token, {(ACCOUNT, APP): listed})
    assert judge_token(answers, NOW).outcome.value == token_outcome
    assert judge_account(answers, [(ACCOUNT, APP)]).outcome.value == account_outcome


class _SilentApi:
    def __init__(self) -> None:
        self.calls = 0

    def get_via_list(self, *_arguments: Any) -> Recording:
        self.calls += 1
        raise OutcomeUnknownError("no response", CallInfo("GET", LIST))


def test_after_a_call_without_an_answer_no_other_one_is_made() -> None:
    """Each would take its ten seconds; what is known of the recordings is the state's."""
    api = _SilentApi()
    held = StackBuilder("prod", "1d3a7c5e").add("a", "1").add("b", "2").build().recordings
    current = read_current_recordings(held, lambda _account, _app: cast("RecordingsClient", api))
    assert [(one.now.status, one.error) for one in current] == [("RECORDING", "no response")] * 2
    assert api.calls == 1


def test_an_account_is_right_where_a_list_shows_it() -> None:
    """An API that fails says nothing of it, nor does a list that was limited."""
    failed = OutcomeUnknownError("failed", CallInfo("GET", LIST, 500))
    limited = RateLimitedError("limited", CallInfo("GET", LIST, 429))
    for error, check_id in ((failed, "read-right"), (limited, "rate-limit")):
        answers = AccessAnswers(TokenInfo("user", "active"), {(ACCOUNT, APP): error})
        with pytest.raises(UnavailableError, match=check_id):
            judge_account(answers, [(ACCOUNT, APP)])


@pytest.mark.parametrize(
    ("network", "outcome", "evidence"),
    [
        (NetworkSettings("api"), "ok", "api directly"),
        (NetworkSettings("api", Proxy("proxy:3128", "HTTPS_PROXY")), "ok", "proxy:3128"),
        (NetworkSettings("api", Proxy(None, "HTTPS_PROXY")), "fail", "HTTPS_PROXY names a proxy"),
        (NetworkSettings("api", ca_bundle=CaBundle("CURL_CA_BUNDLE")), "ok", "CURL_CA_BUNDLE"),
        (
            NetworkSettings("api", ca_bundle=CaBundle("CURL_CA_BUNDLE", "names x, a folder")),
            "fail",
            "CURL_CA_BUNDLE names x, a folder",
        ),
    ],
)
def test_proxies_and_certificates_are_shown(
    network: NetworkSettings, outcome: str, evidence: str
) -> None:
    """One that cannot be used is a failure."""
    result = judge_network(network)
    assert (result.outcome.value, evidence in result.evidence) == (outcome, True)


@pytest.mark.parametrize(
    ("remaining", "outcome"),
    [
        ((), "skipped"),
        ((RemainingCalls("a", 50, 30),), "ok"),
        ((RemainingCalls("a", 0, 30),), "fail"),
        ((RemainingCalls("a", 0, 30, 100),), "fail"),
        ((RemainingCalls("a", 50, 30, 100), RemainingCalls("b", 9, 30, 100)), "warn"),
        ((RemainingCalls("a", 10, 30, 100),), "ok"),
    ],
)
def test_a_tenth_of_a_limit_is_little(remaining: tuple[RemainingCalls, ...], outcome: str) -> None:
    """The limit that is closest to its end counts."""
    assert judge_remaining_calls(remaining).outcome.value == outcome


@pytest.mark.parametrize(
    ("seconds", "outcome", "side"),
    [(60, "ok", "within a minute"), (61, "warn", "behind"), (-299, "warn", "ahead of")],
)
def test_a_clock_is_behind_or_ahead(seconds: int, outcome: str, side: str) -> None:
    """By the server's time less this machine's."""
    result = judge_offset(timedelta(seconds=seconds))
    assert (result.outcome.value, side in result.evidence) == (outcome, True)


def test_gates_are_read_from_a_state_with_their_credentials() -> None:
    """Each makes a storage_config, of every type."""
    exported = json.loads(STATE.read_text("utf-8"))["state"]
    gates = dict(list_deployed_gates(exported))
    types = {parse_storage_config(inputs).type for inputs in gates.values()}
    assert types == {"aws", "azure", "digitalocean", "gcs", "sftp"}
    assert gates["sftp-gate"]["password"] == "CANARY-sftp-password"


@pytest.mark.parametrize("content", ["", "[]", "{", '{"pid": "x", "timestamp": 7}'])
def test_a_lock_that_cannot_be_read_is_named(tmp_path: Path, content: str) -> None:
    """With it no deployment begins; where a part of it is odd, the rest is shown."""
    folder = tmp_path / "a state" / ".pulumi" / "locks" / "organization" / "acme" / "prod"
    folder.mkdir(parents=True)
    (folder / "1.json").write_text(content)
    project = Project("acme", tmp_path / "Pulumi.yaml", tmp_path)
    found = list_file_locks("file://./a%20state", project, "prod") or []
    assert [(one.lock.process_id, one.lock.since, one.is_stale) for one in found] == [
        (0, None, False)
    ]
    result = judge_locks(found, NOW, "prod")
    assert ("1.json is no lock" in result.evidence) == ("pid" not in content)
    assert (result.outcome.value == "fail") == ("pid" not in content)


WAITING = "'realtimekit up --wait-for-lock 10m --stack prod' waits, and deploys then"
STALE, HELD = (True, "ci-7"), (False, "ci-8")


@pytest.mark.parametrize(
    ("found", "hours", "outcome", "evidence", "fix"),
    [
        ([HELD], 0, "warn", "by ada@ci-8, process 4711: a deployment runs", WAITING),
        ([STALE], 0, "fail", "ci-7, process 4711, a deployment of this", "run 'pulumi cancel"),
        ([STALE, HELD], 0, "warn", "by ada@ci-8", WAITING),
        ([HELD], 2, "fail", "for 2 h by ada@ci-8", "see whether that deployment still runs"),
        ([STALE], 2, "fail", "for 2 h by ada@ci-7", "run 'pulumi cancel --yes --stack prod', then"),
    ],
)
def test_a_lock_is_left_behind_where_its_process_has_ended(
    found: list[tuple[bool, str]], hours: int, outcome: str, evidence: str, fix: str
) -> None:
    """A lock that is held counts before one that was left: the command would remove both."""
    time = "2026-11-26T03:58:30.65Z"
    locks = [
        StackLock(Lock(f"file:///{host}.json", "ada", host, 4711, time), is_stale)
        for is_stale, host in found
    ]
    now = datetime(2026, 11, 26, 4 + hours, tzinfo=timezone.utc)
    result = judge_locks(locks, now, "prod")
    assert result.outcome.value == outcome
    assert evidence in result.evidence
    assert fix in result.fix


def test_a_live_recording_of_the_stack_that_its_state_lacks_leads_to_the_list() -> None:
    """One of another stack, that has ended, or that a file takes over by its id does not."""
    stack = StackBuilder("prod", "1d3a7c5e")
    mark, foreign = stack.get_mark("retro"), "rkfeedfeed00000000"
    listed = [
        build_recording(f"rec-{number}", status, output_file_name=f"retro_{one}_1.webm")
        for number, (one, status) in enumerate(
            [(mark, "RECORDING"), (mark, "UPLOADING"), (foreign, "RECORDING")]
        )
    ]
    known = stack.build()
    result = judge_live_recordings({(ACCOUNT, APP): listed}, known, NOW)
    assert result.outcome.value == "warn"
    assert result.evidence.startswith("rec-0: this stack started it")
    assert "rec-1" not in result.evidence
    assert "'realtimekit list'" in result.fix
    well = judge_live_recordings({(ACCOUNT, APP): listed}, known, NOW, ["rec-0"])
    assert (well.outcome.value, well.evidence[-18:]) == ("ok", "among 3 recordings")


OTHERS = ("urn:x::standup",)
PENDING = (("urn:x::daily", "creating"),)


@pytest.mark.parametrize(
    ("deployed", "is_deployed", "outcome", "evidence", "fix"),
    [
        ((), True, "skipped", "of the deployment that has the lock, see 'lock': creating", None),
        ((), False, "warn", "interrupted, and the stack has no resources", "'realtimekit list'"),
        (
            OTHERS,
            False,
            "warn",
            "interrupted: creating daily",
            "run 'pulumi up --stack prod', which",
        ),
        (OTHERS, None, "warn", "interrupted, or of a deployment that runs", "see that none runs"),
        (
            ("urn:x::daily",),
            False,
            "warn",
            "interrupted earlier, and in the state since: creating daily",
            "refresh --clear-pending-creates --yes --non-interactive --stack prod' removes it",
        ),
    ],
)
def test_unfinished_operations_may_be_of_a_deployment_that_runs(
    deployed: Collection[str],
    is_deployed: bool | None,  # a column of the table
    outcome: str,
    evidence: str,
    fix: str | None,
) -> None:
    """Then nobody is told to interfere; and what was found since is no more than a note."""
    result = judge_pending_operations(PENDING, deployed, "prod", is_deployed=is_deployed)
    assert (result.outcome.value, evidence in result.evidence) == (outcome, True)
    assert (result.fix == "") if fix is None else (fix in result.fix)


def test_a_plugin_in_the_folder_of_the_cli_is_found(tmp_path: Path) -> None:
    """As is one that was installed among the CLI's plugins."""
    (tmp_path / "real").mkdir()
    (tmp_path / "bin").mkdir()
    for name in ("pulumi", "pulumi-language-python"):
        (tmp_path / "real" / name).write_text("")
        (tmp_path / "real" / name).chmod(0o755)
    (tmp_path / "bin" / "pulumi").symlink_to(tmp_path / "real" / "pulumi")
    environment = {"PATH": str(tmp_path / "bin"), "PULUMI_HOME": str(tmp_path)}
    assert find_missing_plugins(environment) == ["pulumi-resource-pulumi-python"]
    (tmp_path / "plugins" / "resource-pulumi-python-v3.255.0").mkdir(parents=True)
    assert find_missing_plugins(environment) == []


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("file:///srv/state", "file:///srv/state"),
        (f"s3://acme-state?secret={CANARY}", "s3://acme-state"),
        (f"postgres://ada:{CANARY}@db:5432/state", "postgres://db:5432/state"),
        ("https://app.pulumi.com/ada", "https://app.pulumi.com/ada"),
    ],
)
def test_a_backends_url_is_shown_without_credentials(url: str, shown: str) -> None:
    """They may be in the login, and in the query."""
    assert hide_url_credentials(url) == shown


def test_the_error_of_the_cli_is_one_line() -> None:
    """What is written before and after it is left out, and credentials are hidden."""
    text = f"'pulumi whoami' failed: SDK WARN x\nerror: no\x1b way: Bearer {CANARY}\nmore"
    assert describe_cli_error(CommandError(text)) == "no  way: Bearer [secret]"
    assert describe_cli_error(CommandError("'pulumi x' did not end")) == "'pulumi x' did not end"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(5, "5 s"), (-300, "5 min"), (3 * 3600, "3 h"), (13.4 * 86_400, "13 days"), (5400, "90 min")],
)
def test_a_span_is_shown_in_its_largest_unit(seconds: float, shown: str) -> None:
    """Of which there are two at least."""
    assert format_span(timedelta(seconds=seconds)) == shown
