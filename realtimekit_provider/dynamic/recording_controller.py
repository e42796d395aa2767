"""The controller of ``TrackRecording``: decode, decide in the lifecycle, encode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from realtimekit_provider.dynamic.codec import decode, encode
from realtimekit_provider.dynamic.identity import name_in
from realtimekit_provider.dynamic.speaking import Props, SpeakingProvider
from realtimekit_provider.lifecycle.change import change, end, refresh
from realtimekit_provider.lifecycle.inputs import RecordingInputs, completed, problems_in
from realtimekit_provider.lifecycle.outputs import FACTS
from realtimekit_provider.lifecycle.plan import plan
from realtimekit_provider.lifecycle.ports import Ports
from realtimekit_provider.lifecycle.problems import Problem
from realtimekit_provider.lifecycle.start import start
from realtimekit_provider.lifecycle.unknown import has_unknown

__all__ = ["RecordingController"]


class RecordingController(SpeakingProvider):
    """Starts, pauses, resumes and stops recordings for the engine."""

    def check(self, _olds: Props, news: Props) -> CheckResult:
        """Complete and validate the inputs; nothing is called."""
        settings = self._run.settings
        inputs = completed(decode(news), decode(_olds), settings.defaults)
        self._run.memory.note_declared(str(inputs.get("mark")))
        problems = problems_in(inputs, settings.defaults.track_api)
        return self._checked(inputs, [*problems, *self._doubled(inputs)])

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        """Tell the engine what the deployment would do; nothing is called.

        A refresh asks this too, to show what drifted. It declares nothing, so nothing is refused:
        otherwise a recording that ended could never be refreshed under ``on_ended: fail``. Where
        something that the recording depends on is replaced, the engine asks before the program
        has declared the recording; then a value is unknown, which it never is in a refresh.
        """
        before, after = decode(_olds), decode(_news)
        planned = plan(_id, before, after)
        if self._run.memory.is_declared(str(after.get("mark"))) or has_unknown(after):
            self._spoken(after, planned.accepted)
        self._run.memory.claim(_id, str(before.get("mark")))
        if planned.replaces:
            self._run.memory.note_replaced(_id)
        return DiffResult(
            changes=not planned.is_empty,
            replaces=list(planned.replaces),
            delete_before_replace=True,
        )

    def create(self, props: Props) -> CreateResult:
        """Start the recording."""
        given = decode(props)
        started = self._spoken(
            given, lambda: start(RecordingInputs.model_validate(given), self._ports(given))
        )
        return CreateResult(started.recording_id, encode({**given, **started.facts}))

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        """Pause, resume or stop the recording, or take note of what changed around it."""
        before, after = decode(_olds), decode(_news)
        facts = self._spoken(after, lambda: change(_id, before, after, self._ports(before)))
        return UpdateResult(encode({**after, **facts}))

    def read(self, id_: str, props: Props) -> ReadResult:
        """Look at the recording as it is now, so that a preview shows what drifted."""
        before = decode(props)
        refreshed = self._spoken(before, lambda: refresh(id_, before, self._ports(before)))
        if refreshed is None:
            return ReadResult("", {})
        inputs = {name: value for name, value in before.items() if name not in FACTS}
        # What did not drift is not handed back: the engine keeps the inputs that it has.
        drifted = refreshed.desired_state != before.get("desired_state")
        inputs["desired_state"] = refreshed.desired_state
        outputs = {**inputs, **refreshed.facts}
        return ReadResult(id_, encode(outputs), encode(inputs) if drifted else None)

    def delete(self, _id: str, _props: Props) -> None:
        """Stop the recording.

        One that is declared all the same makes way for another one, also where the engine was
        told to replace it and has asked nobody.
        """
        before = decode(_props)
        if self._run.memory.is_declared(str(before.get("mark"))):
            self._run.memory.note_replaced(_id)
        self._spoken(before, lambda: end(_id, before, self._ports(before)))

    def _ports(self, inputs: Mapping[str, Any]) -> Ports:
        return self._run.ports(inputs["account_id"], inputs["app_id"], inputs.get("resource_urn"))

    def _doubled(self, inputs: Mapping[str, Any]) -> Iterator[Problem]:
        where = tuple(inputs.get(name) for name in ("account_id", "app_id", "meeting_id"))
        account, app, meeting = where
        urn = inputs.get("resource_urn")
        if not (
            isinstance(account, str)
            and isinstance(app, str)
            and isinstance(meeting, str)
            and isinstance(urn, str)
        ):
            return
        # Of one that is not known yet, it is open whether it is to be recorded at all.
        wants_one = inputs.get("desired_state") in ("RECORDING", "PAUSED")
        others = self._run.memory.others_on_meeting(
            (account, app, meeting), urn, wants_one=wants_one
        )
        if wants_one:
            for other in others:
                yield Problem(
                    "meeting_id",
                    f"would be recorded twice, by '{name_in(other)}' and by '{name_in(urn)}': a "
                    "meeting has one active recording, which can have several layers",
                )
