"""A lane: an emulator and three deployments, through which cases go one after the other.

The three are the run before a case, the run under its faults, and the run after it: no case
is helped by what a process remembers of the run before.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from realtimekit_emulator import Access, EmulatorServer
from tests.fault_injection.call_budget import not_struck, over_budget
from tests.fault_injection.case_setup import Cloud, GateScene, Scene, WriterScene
from tests.fault_injection.cases import Case
from tests.fault_injection.credential_checking_uploader import Vault
from tests.fault_injection.deployments import Anew
from tests.fault_injection.error_texts import about_error, about_leaks
from tests.fault_injection.fast_clock import MODULE, WITHOUT
from tests.fault_injection.faults import CANARY
from tests.fault_injection.invariants import Expected, Violation, judged
from tests.polling import wait_until
from tests.provider_process.process import OperationError
from tests.provider_process.stack import Run, Stack
from tests.scenarios.steps import TIMING
from tools.test_servers.moto_server import MotoServer

__all__ = ["Lane", "lane"]

_TOKEN = f"{CANARY}-of-the-api"
_LONGEST = 25.0
"""Real seconds: more than all limits of an operation add up to in a hastened process."""
_SCENES: Mapping[str, type[Scene]] = {
    "recording": Scene,
    "gate": GateScene,
    "writer": WriterScene,
}


@dataclass
class Lane:
    """Runs cases, each in a meeting of its own."""

    emulator: EmulatorServer
    cloud: Cloud
    stack: Stack
    _runs: dict[str, tuple[ExitStack, Run]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def run(self, case: Case) -> list[Violation]:
        """Live through a case, and return what was wrong."""
        control = self.emulator.control
        control.reset()
        control.set(**{**case.api, **case.operation.settings})
        scene = _SCENES[case.operation.scene](
            self.stack, control, case.operation, next(self._numbers), self.cloud
        )
        scene.prepare(self._run("before"))
        prepared = max((one.number for one in control.requests()), default=0)
        faults = [control.add_fault(one.fault.kind, **one.spec) for one in case.faults]
        _, found = self._tried(scene, scene.act, "under faults")
        ended = sum(one.hits for one in faults if one.kind == "end_recording")
        found += not_struck(faults)
        found += over_budget(control.requests(after=prepared), case.fault)
        self._repair()
        scene.ended = ended > 0
        failure, more = self._tried(scene, scene.mend, "after")
        if failure:
            more.append(Violation("wanted", f"the next deployment failed: {failure}"))
        return [*found, *more, *self._verdict(case, scene, ended)]

    def close(self) -> None:
        """End all deployments."""
        while self._runs:
            self._runs.popitem()[1][0].close()

    def _run(self, role: str) -> Run:
        if role not in self._runs:
            stack = ExitStack()
            self._runs[role] = (stack, stack.enter_context(self.stack.run()))
        run = self._runs[role][1]
        run.provider.of(Anew()).create({})
        run.engine.forget()
        return run

    def _tried(
        self, scene: Scene, do: Callable[[Run], None], role: str
    ) -> tuple[str, list[Violation]]:
        """Do something; return its error, and what was wrong with how it went."""
        run = self._run(role)
        began = time.monotonic()
        error, found = "", list[Violation]()
        try:
            do(run)
        except OperationError as failure:
            error = str(failure)
            found += about_error(error, run.engine.text("error"))
        if time.monotonic() - began > _LONGEST:
            found.append(Violation("hang", f"it took {time.monotonic() - began:.0f} s"))
        found += about_leaks([error, run.engine.text()], scene.states)
        return error.strip().rsplit("\n", 1)[-1], found

    def _repair(self) -> None:
        control = self.emulator.control
        control.clear_faults()
        control.accept_connections()
        control.set_token(_TOKEN, "allowed")

    def _verdict(self, case: Case, scene: Scene, ended: int) -> list[Violation]:
        control, meeting = self.emulator.control, scene.emulated_api.meeting_id
        operation = case.operation
        status = operation.wanted
        if status == "RECORDING":
            wait_until(lambda: all(one.status != "INVOKED" for one in control.recordings(meeting)))
        expected = Expected(status, frozenset(scene.known), operation.starts + ended)
        found = [
            one for one in judged(control.recordings(meeting), expected) if one.invariant != "lost"
        ]
        scene.finish(self._run("after"))
        wait_until(lambda: all(one.status != "UPLOADING" for one in control.recordings(meeting)))
        lost = judged(control.recordings(meeting), expected)
        return [*found, *(one for one in lost if one.invariant == "lost")]


@contextmanager
def lane(name: str, without: str | None = None, moto: MotoServer | None = None) -> Iterator[Lane]:
    """Open a lane with a stack of this name; ``without`` is a rule to take out of the provider.

    In the cloud that all lanes share, the stack's name tells their keys apart.
    """
    cloud = Cloud(iam=moto.client("iam") if moto else None)
    vault = Vault(cloud.takes)
    access = Access(tokens={_TOKEN})
    environment = {**(moto.environment if moto else {}), WITHOUT: without}
    with EmulatorServer(access=access, uploaders={"sftp": vault, "aws": vault}) as emulator:
        stack = Stack(
            emulator,
            name,
            config={"realtimekit:timing": json.dumps({**TIMING, "visible_after_start": 0.6})},
            environment=environment,
            module=MODULE,
        )
        opened = Lane(emulator, cloud, stack)
        try:
            yield opened
        finally:
            opened.close()
