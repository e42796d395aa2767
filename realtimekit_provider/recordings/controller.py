"""The controller of ``TrackRecording``: decode, decide in the lifecycle, encode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from realtimekit_provider.constants import COMPUTED_OUTPUTS
from realtimekit_provider.deployment.ports import Ports
from realtimekit_provider.engine.controller_base import ControllerBase
from realtimekit_provider.engine.lazy_provider import Props
from realtimekit_provider.engine.property_codec import decode, encode
from realtimekit_provider.engine.urn import name_from_urn
from realtimekit_provider.recordings.create import create_recording
from realtimekit_provider.recordings.inputs import RecordingInputs, apply_defaults, validate_inputs
from realtimekit_provider.recordings.plan import plan
from realtimekit_provider.recordings.update import (
    delete_recording,
    refresh_recording,
    update_recording,
)
from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.schema.unknown import contains_unknown

__all__ = ["RecordingController"]


class RecordingController(ControllerBase):
    """Starts, pauses, resumes and stops recordings for the engine."""

    def check(self, _olds: Props, news: Props) -> CheckResult:
        """Complete and validate the inputs; nothing is called."""
        settings = self._deployment.settings
        inputs = apply_defaults(decode(news), decode(_olds), settings.defaults)
        self._deployment.registry.recordings.register_declared(str(inputs.get("mark")))
        problems = validate_inputs(inputs, settings.defaults.track_api)
        return self._checked(inputs, [*problems, *self._duplicate_failures(inputs)])

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        """Tell the engine what the deployment would do; nothing is called.

        A refresh asks this too, to show what drifted. It declares nothing, so nothing is refused:
        otherwise a recording that ended could never be refreshed under ``on_ended: fail``. Where
        something that the recording depends on is replaced, the engine asks before the program
        has declared the recording; then a value is unknown, which it never is in a refresh.
        """
        before, after = decode(_olds), decode(_news)
        planned = plan(_id, before, after)
        registry = self._deployment.registry.recordings
        if registry.is_declared(str(after.get("mark"))) or contains_unknown(after):
            self._reporting_errors(after, planned.accepted)
        registry.register_owner(_id, str(before.get("mark")))
        if planned.replaces:
            registry.register_replaced(_id)
        return DiffResult(
            changes=not planned.is_empty,
            replaces=list(planned.replaces),
            delete_before_replace=True,
        )

    def create(self, props: Props) -> CreateResult:
        """Start the recording."""
        given = decode(props)
        started = self._reporting_errors(
            given,
            lambda: create_recording(RecordingInputs.model_validate(given), self._ports(given)),
        )
        return CreateResult(started.recording_id, encode({**given, **started.facts}))

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        """Pause, resume or stop the recording, or take note of what changed around it."""
        before, after = decode(_olds), decode(_news)
        facts = self._reporting_errors(
            after, lambda: update_recording(_id, before, after, self._ports(before))
        )
        return UpdateResult(encode({**after, **facts}))

    def read(self, id_: str, props: Props) -> ReadResult:
        """Look at the recording as it is now, so that a preview shows what drifted."""
        before = decode(props)
        refreshed = self._reporting_errors(
            before, lambda: refresh_recording(id_, before, self._ports(before))
        )
        if refreshed is None:
            return ReadResult("", {})
        inputs = {name: value for name, value in before.items() if name not in COMPUTED_OUTPUTS}
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
        if self._deployment.registry.recordings.is_declared(str(before.get("mark"))):
            self._deployment.registry.recordings.register_replaced(_id)
        self._reporting_errors(before, lambda: delete_recording(_id, before, self._ports(before)))

    def _ports(self, inputs: Mapping[str, Any]) -> Ports:
        return self._deployment.ports(
            inputs["account_id"], inputs["app_id"], inputs.get("resource_urn")
        )

    def _duplicate_failures(self, inputs: Mapping[str, Any]) -> Iterator[InputFailure]:
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
        others = self._deployment.registry.meetings.register_meeting(
            (account, app, meeting), urn, wants_one=wants_one
        )
        if wants_one:
            for other in others:
                yield InputFailure(
                    "meeting_id",
                    f"would be recorded twice, by '{name_from_urn(other)}' and by "
                    f"'{name_from_urn(urn)}': a meeting has one active recording, which can "
                    "have several layers",
                )
