"""The declared stack: the inputs of its recordings, and what the model predicts of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from tests.provider_process.process import State
from tests.scenarios.common_steps import aws
from tests.stateful.deployments import WRITER, Deployments, Program, Report
from tests.stateful.environment import Environment, file_name_of
from tests.stateful.reference_model import (
    ARCHIVE,
    DEFAULTS,
    Outcome,
    Stored,
    predict_plan,
    predict_start,
    predict_writer_plan,
)

__all__ = ["DeclaredStack"]

_WRITER_INPUTS = {"type": "aws", "name": ARCHIVE, "bucket": ARCHIVE, "region": "eu-central-1"}
_KEYS_OF_THE_MODEL = {"meeting", "bucket", "key"}


class DeclaredStack:
    """A writer and at most two recordings, and the deployments of them.

    Attributes:
        declared: The inputs of each recording, as the reference model knows them.
        predicted: The outcome of each create of the last deployment, with the id of the live
            recording that the meeting had before it; empty without one.
        keys_made: How many keys the writer has made.
    """

    def __init__(self, deployments: Deployments, environment: Environment) -> None:
        self.declared: dict[str, dict[str, Any]] = {}
        self.predicted: dict[str, tuple[Outcome, str]] = {}
        self.keys_made = 0
        self._deployments = deployments
        self._environment = environment
        self._renames: dict[str, str] = {}
        self._deployed: dict[str, dict[str, Any]] = {}
        deployments.state.clear()
        deployments.before_create = self._predict_create

    def change(self, name: str, changes: Mapping[str, Any]) -> bool:
        """Change a recording's inputs, or declare it where a meeting is free.

        A new one cannot have the old name of another, which keeps the mark of that name.

        Returns:
            Whether anything was declared.
        """
        used = {inputs["meeting"] for inputs in self.declared.values()}
        free = [meeting for meeting in (0, 1) if meeting not in used]
        if name not in self.declared and (not free or self._is_mark_taken(name)):
            return False
        before = self.declared.get(name) or {**DEFAULTS, "meeting": free[0]}
        self.declared[name] = {**before, **changes}
        return True

    def remove(self, name: str) -> bool:
        """Remove a recording; return whether it was declared."""
        return self.declared.pop(name, None) is not None

    def swap_meetings(self) -> None:
        """Move each recording to the other meeting."""
        for name, inputs in self.declared.items():
            self.declared[name] = {**inputs, "meeting": 1 - inputs["meeting"]}

    def rename(self, name: str, new: str) -> bool:
        """Rename a deployed recording, with an alias; return whether that was possible."""
        used = self.declared.keys() | self._deployments.state.keys()
        if name not in self.declared or name not in self._deployments.state or new in used:
            return False
        if self._is_mark_taken(new, except_for=name):
            return False
        self.declared[new] = self.declared.pop(name)
        self._renames[new] = name
        return True

    def deploy(self) -> Report:
        """Deploy what is declared."""
        self.predicted.clear()
        stored = self._deployments.recordings
        removed = set(stored) - set(self.declared) - set(self._renames.values())
        for new, old in self._renames.items():
            self._deployed[new] = self._deployed.pop(old, {})
        report = self._deployments.up(self.program(), self._renames)
        self._renames.clear()
        if not report.failures:
            self.add_left_recordings({name: stored[name] for name in removed})
        for name in self.declared.keys() - report.failures.keys():
            self._deployed[name] = self._model_inputs(name)
        self._environment.foreign -= {state.id for state in self._deployments.recordings.values()}
        return report

    def add_left_recordings(self, deleted: Mapping[str, State]) -> None:
        """Count as foreign what a delete leaves running."""
        for state in deleted.values():
            if state.outputs["on_delete"] == "leave":
                self._environment.foreign.add(state.id)

    def program(self) -> Program:
        """Return the program that declares the writer and the recordings."""
        recordings = {name: partial(self._inputs, name) for name in self.declared}
        return {WRITER: lambda: _WRITER_INPUTS, **recordings}

    def plan_of(self, name: str) -> str:
        """Return the predicted plan of a recording."""
        inputs = _without_unused_key(self._model_inputs(name))
        has_session = self._environment.has_session(inputs["meeting"])
        return predict_plan(self._stored(name), inputs, has_session=has_session)

    def plan_of_writer(self) -> str:
        """Return the predicted plan of the writer."""
        writer = self._deployments.state.get(WRITER)
        is_in_sync = writer is not None and writer.outputs["in_sync"]
        return predict_writer_plan(is_stored=writer is not None, is_in_sync=is_in_sync)

    def _is_mark_taken(self, name: str, except_for: str | None = None) -> bool:
        """Whether another recording has the mark that a new one with this name would have."""
        mark = self._deployments.stack.get_mark(name)
        return any(
            state.outputs["mark"] == mark
            for other, state in self._deployments.recordings.items()
            if other not in {name, except_for}
        )

    def _inputs(self, name: str) -> dict[str, Any]:
        declared = self.declared[name]
        inputs = {
            key: value
            for key, value in declared.items()
            if key not in _KEYS_OF_THE_MODEL and value is not None
        }
        if declared["bucket"] == ARCHIVE:
            writer = self._deployments.state[WRITER].outputs
            credential = {key: writer[key] for key in ("access_key", "secret")}
            inputs["layers"] = aws(bucket=ARCHIVE, **credential)
        elif declared["bucket"] is not None:
            inputs["layers"] = aws(bucket=declared["bucket"], secret=f"canary-{declared['key']}")
        return {**inputs, "meeting_id": self._environment.meetings[declared["meeting"]]}

    def _model_inputs(self, name: str) -> dict[str, Any]:
        inputs = self.declared[name]
        return {**inputs, "key": self.keys_made} if inputs["bucket"] == ARCHIVE else inputs

    def _stored(self, name: str) -> Stored | None:
        old = name if name in self._deployments.state else self._renames.get(name, name)
        if old not in self._deployments.state:
            return None
        outputs = self._deployments.state[old].outputs
        inputs = {**self._deployed[old], "desired_state": outputs["desired_state"]}
        return Stored(_without_unused_key(inputs), outputs["status"])

    def _predict_create(self, name: str) -> None:
        inputs = self.declared[name]
        live = next(iter(self._environment.list_live(inputs["meeting"])), None)
        outcome = predict_start(
            inputs,
            mark=self._deployments.stack.get_mark(name),
            live_name=None if live is None else file_name_of(live),
            has_session=self._environment.has_session(inputs["meeting"]),
        )
        self.predicted[name] = (outcome, live.id if live is not None else "")


def _without_unused_key(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without a bucket, a changed key is no change."""
    return {**inputs, "key": inputs["key"] if inputs["bucket"] else None}
