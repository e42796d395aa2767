"""Runs cases one after the other, with an emulator and three provider processes.

The three are for the deployment before a case, the deployment under its faults, and the deployment
after it, so that none uses what the process of an earlier one remembers.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from realtimekit_emulator import Access, EmulatorServer
from tests.fault_injection.case_runner.call_budget import find_excess_calls, find_unused_faults
from tests.fault_injection.case_runner.case_setup import CaseSetup
from tests.fault_injection.case_runner.cloud_storage import CloudStorage
from tests.fault_injection.case_runner.credential_checking_uploader import (
    CredentialCheckingUploader,
)
from tests.fault_injection.case_runner.empty_rooms import EmptyRoomCaseSetup, FilledRoomCaseSetup
from tests.fault_injection.case_runner.error_texts import find_leaks, find_unclear_error
from tests.fault_injection.case_runner.second_owner import (
    SecondOwnerCaseSetup,
    SecondOwnerWithKeysCaseSetup,
)
from tests.fault_injection.case_runner.storage_setups import (
    GateCaseSetup,
    KeyRotationCaseSetup,
    UnreadableKeyCaseSetup,
)
from tests.fault_injection.cases.all_cases import Case
from tests.fault_injection.cases.faults import CANARY
from tests.fault_injection.invariants import (
    Expected,
    Violation,
    find_foreign_changes,
    find_lost_files,
    find_violations,
)
from tests.fault_injection.provider_process.fast_provider import MODULE
from tests.fault_injection.provider_process.replaced_names import (
    MUTATION_VARIABLE,
    get_mark_function,
)
from tests.fault_injection.provider_process.restart import DeploymentRestartProvider
from tests.polling import wait_until
from tests.provider_process.process import OperationError
from tests.provider_process.stack import ProviderStack, RunningDeployment
from tests.scenarios.steps import TIMING
from tools.test_servers.moto_server import MotoServer

__all__ = ["CaseRunner", "running_case_runner"]

_TOKEN = f"{CANARY}-of-the-api"
_LONGEST_OPERATION = 25.0
"""Real seconds: more than all limits of an operation add up to with the faster clock."""
_SETUPS: Mapping[str, type[CaseSetup]] = {
    "recording": CaseSetup,
    "gate": GateCaseSetup,
    "writer": KeyRotationCaseSetup,
    "unreadable key": UnreadableKeyCaseSetup,
    "empty room": EmptyRoomCaseSetup,
    "filled room": FilledRoomCaseSetup,
}
_SETUPS_WITH_OTHER_OWNER: Mapping[str, type[CaseSetup]] = {
    "recording": SecondOwnerCaseSetup,
    "writer": SecondOwnerWithKeysCaseSetup,
}


@dataclass
class CaseRunner:
    """Runs cases, each in a meeting of its own."""

    emulator: EmulatorServer
    storage: CloudStorage
    stack: ProviderStack
    _runs: dict[str, tuple[ExitStack, RunningDeployment]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def run(self, case: Case) -> list[Violation]:
        """Run a case, and return the invariants that did not hold."""
        control = self.emulator.control
        control.reset()
        control.set(**{**case.api_settings, **case.operation.emulator_settings})
        has_other_owner = case.operation.other_owner != "none"
        setups = _SETUPS_WITH_OTHER_OWNER if has_other_owner else _SETUPS
        setup = setups[case.operation.setup](
            self.stack, control, case.operation, next(self._numbers), self.storage
        )
        if has_other_owner:
            setup.prepare_other_owner(self._start_deployment("before"))
        setup.prepare(self._start_deployment("before"))
        last_request = max((one.number for one in control.requests()), default=0)
        faults = [control.add_fault(one.fault.kind, **one.options) for one in case.injected_faults]
        _, violations = self._try_operation(setup, setup.run_operation, "under faults")
        ended_by_fault = sum(one.hits for one in faults if one.kind == "end_recording")
        violations += find_unused_faults(faults)
        violations += find_excess_calls(control.requests(after=last_request), case.fault)
        self._remove_faults()
        setup.is_ended_by_fault = ended_by_fault > 0
        error, violations_after = self._try_operation(setup, setup.deploy_again, "after")
        if error and not setup.is_refused:
            details = f"the next deployment failed: {error}"
            violations_after.append(Violation("missing", details))
        expected = setup.expect(ended_by_fault)
        violations_after += find_foreign_changes(control.requests(after=last_request), expected)
        if has_other_owner:
            violations_after += setup.check_other_owner(self._start_deployment("before"))
        return [*violations, *violations_after, *self._check_recordings(setup, expected)]

    def close(self) -> None:
        """End all deployments."""
        while self._runs:
            self._runs.popitem()[1][0].close()

    def _start_deployment(self, role: str) -> RunningDeployment:
        if role not in self._runs:
            stack = ExitStack()
            self._runs[role] = (stack, stack.enter_context(self.stack.deploy()))
        run = self._runs[role][1]
        run.provider.with_provider(DeploymentRestartProvider()).create({})
        run.engine.clear()
        return run

    def _try_operation(
        self, setup: CaseSetup, operation: Callable[[RunningDeployment], None], role: str
    ) -> tuple[str, list[Violation]]:
        """Run an operation; return its error, and the violations in its course."""
        run = self._start_deployment(role)
        started_at = time.monotonic()
        error, violations = "", list[Violation]()
        try:
            operation(run)
        except OperationError as failure:
            error = str(failure)
            violations += find_unclear_error(error, run.engine.get_text("error"))
        seconds = time.monotonic() - started_at
        if seconds > _LONGEST_OPERATION:
            violations.append(Violation("hang", f"the operation took {seconds:.0f} s"))
        violations += find_leaks([error, run.engine.get_text()], setup.states)
        return error.strip().rsplit("\n", 1)[-1], violations

    def _remove_faults(self) -> None:
        control = self.emulator.control
        control.clear_faults()
        control.accept_connections()
        control.set_token(_TOKEN, "allowed")

    def _check_recordings(self, setup: CaseSetup, expected: Expected) -> list[Violation]:
        control, meeting = self.emulator.control, setup.emulated_api.meeting_id
        if expected.status == "RECORDING":
            wait_until(lambda: all(one.status != "INVOKED" for one in control.recordings(meeting)))
        violations = [
            one
            for one in find_violations(control.recordings(meeting), expected)
            if one.invariant != "lost_file"
        ]
        setup.finish(self._start_deployment("after"))
        wait_until(lambda: all(one.status != "UPLOADING" for one in control.recordings()))
        return [*violations, *find_lost_files(control.recordings())]


@contextmanager
def running_case_runner(
    name: str, mutation: str | None = None, moto: MotoServer | None = None
) -> Iterator[CaseRunner]:
    """Run an emulator for a case runner.

    Args:
        name: The name of the stack, which tells its keys in moto from those of other runners.
        mutation: The rule that is taken out of the provider.
        moto: The server for access keys; needed for cases with a writer.
    """
    storage = CloudStorage(iam=moto.client("iam") if moto else None)
    uploader = CredentialCheckingUploader(storage.accepts)
    # A traceback names the class of an error, by which an unexpected one is found.
    plain = {"REALTIMEKIT_PLAIN_SDK": "1"}
    environment = {**(moto.environment if moto else {}), **plain, MUTATION_VARIABLE: mutation}
    access = Access(tokens={_TOKEN})
    with EmulatorServer(access=access, uploaders={"sftp": uploader, "aws": uploader}) as emulator:
        timing = {**TIMING, "visible_after_start": 0.6}
        stack = ProviderStack(
            emulator,
            name,
            config={"realtimekit:timing": json.dumps(timing)},
            environment=environment,
            module=MODULE,
            make_mark=get_mark_function(mutation),
        )
        runner = CaseRunner(emulator, storage, stack)
        try:
            yield runner
        finally:
            runner.close()
