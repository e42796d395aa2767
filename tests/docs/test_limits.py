"""The table of waits is complete: it has every wait of the code, with its limit."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from typing import Any

import pytest
from pydantic import SecretStr

from realtimekit_provider.api.settings import ClientSettings
from realtimekit_provider.cli.deployments.stages import GRACE_AFTER_SIGNAL, GRACE_AFTER_TIMEOUT
from realtimekit_provider.deployment.timing import Timing
from realtimekit_provider.recordings.inputs import RecordingInputs
from realtimekit_provider.storage.backends.azure.sdk import build_client_options, import_sdk
from realtimekit_provider.storage.backends.s3.client import create_client
from realtimekit_provider.storage.gate.inputs import GateInputs
from tests.docs.pages import ROOT, extract_code, read_table

PAGE = "docs/operations.md"
_ROWS = {row["what is waited for"]: row for row in read_table(PAGE, "what is waited for")}
_CLIENT = ClientSettings(token=SecretStr("made-up"))

CONSTANTS = {
    "api.client._MOST_PAGES": "A list of recordings is read for `1000` pages",
    "recordings.create._MAX_ATTEMPTS": "after a start without a clear answer, in each of `4`",
    "storage.backends.gcs.sdk._TIMEOUTS": "Google to",
    "storage.backends.gcs.attempts._ATTEMPTS": "Google to answer, in each of `2`",
    "storage.backends.gcs.service_account._PROPAGATION_TIMEOUT": "Google to know an account made a "
    "moment ago | `60`",
    "storage.backends.azure.location_backend._DELETION_TIMEOUT": "a container of the "
    "same name | `60`",
    "storage.backends.azure.container_lease._LEASE_TIMEOUT": "a container's policies | `60`",
    "storage.backends.gcs.bucket_policy._CHANGE_TIMEOUT": "policy in Cloud Storage | `60`",
    "storage.backends.sftp.session._LOGIN_SECONDS": "SFTP server to log in to, in each of `2` "
    "tries | `20`",
    "storage.backends.sftp.session._SESSION_SECONDS": "a session with an SFTP server | `300`",
    "storage.backends.sftp.session._ATTEMPTS": "an SFTP server to log in to, in each of `2`",
    "cli.changes.stack_previews._MOST_PREVIEWS": "each of `4` more at most without what failed",
    "cli.github.client._TIMEOUT": "GitHub to",
    "cli.pulumi_cli.process._TIMEOUT": "the Pulumi CLI, for a question of the command line",
    "cli.stack_files.git_changes._TIMEOUT": "git, for a question of the command line",
    "engine.log._TIMEOUT": "Pulumi to take a line for the terminal | `5`",
}
"""Where each constant that bounds something stands in the page."""

_PAUSES_AND_SIZES = {
    "cli.checks.evidence.rooms._MOST_MEETINGS",
    "cli.github.client._MOST_PAGES",
    "cli.inventory.table._MOST_NAMES",
    "cli.report.alerts._MOST_LINES",
    "cli.report.alerts._MOST_REASONS",
    "cli.stack_files.yaml_reader._MOST_VALUES",
    "schema.normal_forms._DEFAULT_MAX_SECONDS",
    "storage.backends.azure.location_backend._PAUSE_SECONDS",
    "storage.backends.azure.access_policies._MOST",
    "storage.backends.azure.container_lease._LEASE_SECONDS",
    "storage.backends.azure.container_lease._PAUSE_SECONDS",
    "storage.backends.gcs.bucket_policy._PAUSE_SECONDS",
    "storage.backends.gcs.service_account._PAUSE_SECONDS",
    "storage.backends.gcs.attempts._PAUSE_SECONDS",
}
"""What lies between two tries, or bounds no time."""


def read_limit(wait: str) -> float:
    return float(extract_code(_ROWS[wait]["at most"])[0])


def read_constant(path: str) -> Any:
    module, name = path.rsplit(".", 1)
    return getattr(importlib.import_module(f"realtimekit_provider.{module}"), name)


def test_a_call_has_the_limits_of_the_client() -> None:
    """Connection, request, call, and the budgets."""
    assert read_limit("a connection to the API") == _CLIENT.connect_timeout
    assert read_limit("the whole answer to a request") == _CLIENT.request_timeout
    retry = _CLIENT.retry
    assert read_limit(f"a call, with all its `{retry.attempts}` tries") == retry.call_timeout
    assert read_limit("a rate limit of the API, for one call") == retry.rate_limit_timeout


def test_every_setting_has_its_default() -> None:
    """The bounds but for the pauses between questions, and the inputs that are seconds."""
    written = {
        extract_code(row["setting"])[-1]: float(extract_code(row["at most"])[0])
        for row in _ROWS.values()
        if extract_code(row["setting"]) not in ([], ["realtimekit:rateLimitShare"])
    }
    timing = {name: value for name, value in vars(Timing()).items() if name != "poll_interval"}
    inputs = {**RecordingInputs.model_fields, **GateInputs.model_fields}
    named = ("session_timeout", "wait_for_recording", "wait_for_upload", "upload_deadline")
    assert written == {**timing, **{name: inputs[name].default for name in named}}


@pytest.mark.parametrize("path", CONSTANTS)
def test_every_constant_stands_there(path: str) -> None:
    """With its value, as code."""
    line = next(line for line in (ROOT / PAGE).read_text().splitlines() if CONSTANTS[path] in line)
    value = read_constant(path)
    for number in value if isinstance(value, tuple) else (value,):
        assert f"`{number:.0f}`" in line or isinstance(value, tuple)


def test_no_constant_that_limits_something_is_missing() -> None:
    """A new one is written down, or said to be no limit."""
    pattern = re.compile(r"_\w*(SECONDS|ATTEMPTS|TIMEOUTS?|PATIENCE)$|_MOST(_[A-Z]+)?$")
    found = set()
    package = ROOT / "realtimekit_provider"
    for file in package.rglob("*.py"):
        module = ".".join(file.relative_to(package).with_suffix("").parts)
        for node in ast.parse(file.read_text()).body:
            for target in node.targets if isinstance(node, ast.Assign) else ():
                if pattern.match(ast.unparse(target)):
                    found.add(f"{module}.{ast.unparse(target)}")
    assert found == CONSTANTS.keys() | _PAUSES_AND_SIZES


def test_the_clouds_sdks_are_given_their_limits() -> None:
    """None is left to its own default, which may be minutes or nothing."""
    aws = create_client("s3", "us-east-1").meta.config
    azure = build_client_options(import_sdk())
    google = read_constant("storage.backends.gcs.sdk._TIMEOUTS")
    for cloud, limits in {
        "S3 or Spaces": (aws.connect_timeout, aws.read_timeout),
        "Azure": (azure["connection_timeout"], azure["read_timeout"]),
        "Google": google,
    }.items():
        assert read_limit(f"{cloud} to be connected to, in each of `2` tries") == limits[0]
        assert read_limit(f"{cloud} to answer, in each of `2` tries") == limits[1]
    assert aws.retries["total_max_attempts"] == azure["retry_policy"].total_retries + 1 == 2


def test_the_graces_of_a_stopped_deployment_stand_there() -> None:
    """What runs may finish, but not for as long as it likes."""
    assert (
        read_limit("operations that run, after `--soft-timeout` of `realtimekit up`")
        == GRACE_AFTER_TIMEOUT
    )
    wait = "operations that run, after a signal to `realtimekit up` without a terminal"
    assert read_limit(wait) == GRACE_AFTER_SIGNAL


def test_every_wait_has_a_limit() -> None:
    """Every call that sleeps is in a function that gives up after a limit."""
    package = ROOT / "realtimekit_provider"
    sleeping = set()
    for file in package.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(
                isinstance(inner, ast.Call) and ast.unparse(inner.func).endswith("sleep")
                for inner in ast.walk(node)
            ):
                sleeping.add(f"{file.relative_to(package)}:{node.name}")
    assert sleeping == {
        "cli/deployments/lock_waiting.py:wait",
        "api/requests.py:_wait_for_rate_limit",
        "cli/github/client.py:request",
        "cli/pulumi_cli/open_sessions.py:_interrupt_sessions",
        "engine/deployment.py:sleep",
        "recordings/actions.py:_wait_for_minimum_length",
        "deployment/polling.py:poll_until",
    }
    stop = inspect.signature(read_constant("storage.backends.retry.retry_until")).parameters["stop"]
    assert stop.default is inspect.Parameter.empty
    assert "timeout" in inspect.signature(read_constant("deployment.polling.poll_until")).parameters
