"""The checks of declared storage: what it needs installed, and whether it can be written to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from realtimekit_provider.cli.checks.evidence.deployed_gates import list_deployed_gates
from realtimekit_provider.cli.checks.evidence.subjects import ExaminedStack
from realtimekit_provider.cli.checks.results import CheckResult
from realtimekit_provider.cli.checks.texts import join_names, join_sentences
from realtimekit_provider.cli.pulumi_cli.commands import format_command
from realtimekit_provider.constants import INSTALL_COMMAND
from realtimekit_provider.errors import StorageError
from realtimekit_provider.redaction import find_secrets, remember_secrets
from realtimekit_provider.storage.backends.registry import check_write_access, find_missing_extra
from realtimekit_provider.storage.gate.inputs import GateInputs, parse_storage_config

__all__ = ["check_sdks", "check_write"]


def check_sdks(stack: ExaminedStack) -> CheckResult:
    """Say whether the SDK of each declared type of storage is installed."""
    declared, _failures = stack.read_declared()
    types = sorted(
        {
            str(given["type"])
            for given in declared.storage.values()
            if isinstance(given, Mapping) and "type" in given
        }
    )
    if not types:
        return CheckResult.ok("none is needed: the stack's config declares no storage")
    missing = sorted(filter(None, map(find_missing_extra, types)))
    if missing:
        return CheckResult.fail(
            f"not installed for {', '.join(types)}: the extra {', '.join(missing)}",
            f"run {INSTALL_COMMAND.format(extra=','.join(missing))}",
        )
    return CheckResult.ok(f"installed for {', '.join(types)}")


def check_write(stack: ExaminedStack) -> CheckResult:
    """Say whether each deployed gate's credential can write, by writing with it."""
    if not stack.writes:
        has_gate = any(True for _ in list_deployed_gates(stack.exported.require()))
        return CheckResult.skip(
            "tried with --write alone: it writes a file, and removes it",
            "to see whether recordings can be uploaded, run doctor with --write"
            if has_gate
            else "",
        )
    gates = [
        (name, inputs)
        for name, inputs in list_deployed_gates(stack.decrypted_state.require())
        if inputs.get("write_test") is not False
    ]
    if not gates:
        return CheckResult.skip("the stack has no gate that checks its credential by writing")
    failures = list(_try_gates(gates))
    if failures:
        return CheckResult.fail(
            join_sentences(failures),
            f"do what the sentence says, then run '{format_command('up --refresh', stack.name)}'",
        )
    return CheckResult.ok(f"a file was written and removed by {join_names([n for n, _ in gates])}")


def _try_gates(gates: list[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    for name, inputs in gates:
        remember_secrets(*find_secrets(inputs))
        try:
            gate, config = GateInputs.from_props(inputs), parse_storage_config(inputs)
        except ValueError:  # its text may quote what stands there
            yield f"{name}: the state has inputs of it that this version does not know"
            continue
        try:
            check_write_access(config, gate.host_key, endpoint=gate.endpoint)
        except StorageError as error:
            yield f"{name}: {error}"
