"""The controller of ``TrackRecording``: decode, decide, encode."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from realtimekit_provider.constants import COMPUTED_OUTPUTS
from realtimekit_provider.deployment.meeting_registry import MeetingKey, find_duplicate_recordings
from realtimekit_provider.deployment.ports import Ports, Recordings
from realtimekit_provider.engine.controller_base import ControllerBase
from realtimekit_provider.engine.lazy_provider import Props
from realtimekit_provider.engine.property_codec import decode, encode
from realtimekit_provider.errors import SettingsError
from realtimekit_provider.recordings.create import create_recording
from realtimekit_provider.recordings.delete import delete_recording
from realtimekit_provider.recordings.explain import (
    Remark,
    explain_held_back,
    explain_plan,
    get_updated_paths,
)
from realtimekit_provider.recordings.inputs import (
    DeclaredInputs,
    RecordingInputs,
    apply_defaults,
    assume_same_meeting,
    get_adoption,
    get_meeting,
    validate_inputs,
    wants_recording,
)
from realtimekit_provider.recordings.meetings import (
    explain_obstacle,
    find_session,
    require_successor,
)
from realtimekit_provider.recordings.outputs import RecordingOutputs
from realtimekit_provider.recordings.plan import (
    Plan,
    is_waiting_for_session,
    keep_recording,
    keep_waiting,
    make_plan,
)
from realtimekit_provider.recordings.refresh import refresh_recording
from realtimekit_provider.recordings.stored import StoredRecording
from realtimekit_provider.recordings.update import update_recording
from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.schema.unknown import contains_unknown

__all__ = ["RecordingController"]


class RecordingController(ControllerBase):
    """Starts, pauses, resumes and stops recordings for the engine."""

    def check(self, _olds: Props, news: Props) -> CheckResult:
        """Apply defaults to the inputs and validate them; nothing is called."""
        settings = self._deployment.settings
        inputs = apply_defaults(decode(news), decode(_olds), settings.defaults)
        wanted = get_meeting(inputs) if wants_recording(inputs) else None
        self._deployment.registry.recordings.register_declared(
            str(inputs.get("resource_urn")), wanted, get_adoption(inputs) if wanted else None
        )
        failures = validate_inputs(inputs, settings.defaults.track_api)
        duplicates = self._find_duplicate_recordings(inputs)
        marks = self._find_mark_failures(inputs)
        if wants_recording(inputs):
            self._deployment.registry.waits.register_pending(str(inputs.get("resource_urn")))
        return self._make_check_result(inputs, [*failures, *duplicates, *marks])

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        """Tell the engine what the deployment would do.

        Nothing is called without a token. With one, two things are asked, each once a deployment:
        who is in the meetings of recordings that wait for somebody, by the list of live sessions
        which all of them share; and whether the new meeting of a live recording exists, and the
        recording that is to be taken over in its place. If not, that is an update, whose error
        leaves the recording as it is. A delete that fails would do as well, but under
        ``--continue-on-error`` the engine then waits forever for what replaces it.

        A refresh calls this too, to show drift. It declares nothing, so nothing is refused:
        otherwise a recording that ended could never be refreshed under ``on_ended: fail``. Where
        something that the recording depends on is replaced, the engine calls this before the
        program has declared the recording; then a value is unknown, which it never is in a
        refresh. A recording that is replaced then ends before what it depends on: its storage
        waits for its files. Its new meeting is yet to be looked up, so an unknown meeting is no
        reason to replace it until it has been declared.

        Where storage that it needs failed and the engine goes on, the answer is an update, which
        the engine leaves out. Of a replacement it would leave out only the creation.
        """
        before, after = decode(_olds), decode(_news)
        stored = StoredRecording.from_props(_id, before)
        registry = self._deployment.registry.recordings
        is_declared = registry.is_declared(str(after.get("resource_urn")))
        declared = DeclaredInputs.from_props(
            after if is_declared else assume_same_meeting(after, before)
        )
        plan = make_plan(stored, declared)
        has_session, obstacle = None, None
        if is_declared and is_waiting_for_session(plan, stored, declared):
            has_session = self._find_session(stored)
            plan = keep_waiting(plan) if has_session is False else plan
        is_held_back = is_declared and declared.needs_failed_storage
        if is_held_back:
            plan = keep_recording(plan)
            registry.register_held_back(str(after.get("resource_urn")), stored.inputs.targets)
            self._log_remarks(after, explain_held_back(stored))
        elif is_declared or contains_unknown(after):
            self._reporting_errors(after, plan.raise_refusal)
            storage = self._deployment.registry.storage
            remarks = explain_plan(
                plan,
                stored,
                has_lost_key=stored.has_lost_key(storage),
                has_doubtful_key=stored.has_doubtful_key(storage),
                has_session=has_session,
                is_changed_outside=registry.is_changed_outside(_id),
                has_program=self._deployment.registry.has_program.is_set(),
            )
            obstacle = self._explain_obstacle(stored) if plan.replaces else None
            if obstacle is not None:
                plan, remarks = keep_recording(plan), iter([obstacle])
            self._log_remarks(after, remarks)
        registry.register_owner(_id, stored.inputs.mark)
        if stored.last is not None:
            # A replacement that was interrupted after its delete is continued without another.
            registry.register_last(stored.inputs.resource_urn, stored.last)
        if plan.replaces:
            registry.register_replaced(_id)
        else:
            self._deployment.registry.waits.register_started(str(after.get("resource_urn")))
            if is_declared and not is_held_back and obstacle is None:
                self._deployment.registry.meetings.register_deployed(str(after["resource_urn"]))
        return self._make_diff_result(
            before,
            after,
            replaces=plan.replaces,
            updates=get_updated_paths(plan),
            computed=COMPUTED_OUTPUTS,
        )

    def create(self, props: Props) -> CreateResult:
        """Start the recording."""
        values = decode(props)
        inputs = RecordingInputs.model_validate(values)
        self._deployment.registry.waits.register_started(inputs.resource_urn)
        created = self._reporting_errors(
            values,
            lambda: create_recording(
                inputs,
                self._deployment.create_ports(
                    inputs.account_id, inputs.app_id, inputs.resource_urn
                ),
            ),
        )
        return CreateResult(created.recording_id, encode({**values, **created.outputs.to_props()}))

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        """Pause, resume or stop the recording, or store what changed around it."""
        before, after = decode(_olds), decode(_news)
        stored = StoredRecording.from_props(_id, before)
        inputs = RecordingInputs.model_validate(after)
        plan = make_plan(stored, DeclaredInputs.from_props(after))
        outputs = self._reporting_errors(
            after,
            lambda: self._update(plan, stored, inputs),
        )
        return UpdateResult(encode({**after, **outputs.to_props()}))

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read the recording as it is now, so that a preview shows drift."""
        state = decode(props)
        stored = StoredRecording.from_props(id_, state)
        refreshed = self._reporting_errors(
            state, lambda: refresh_recording(stored, self._create_ports(stored))
        )
        if refreshed is None:
            return ReadResult("", {})
        inputs = {name: value for name, value in state.items() if name not in COMPUTED_OUTPUTS}
        inputs["desired_state"] = refreshed.desired_state
        outputs = encode({**inputs, **refreshed.outputs.to_props()})
        # Without drift no inputs are returned: the engine keeps those that it has.
        has_drifted = refreshed.desired_state != state.get("desired_state")
        if has_drifted:
            self._deployment.registry.recordings.register_changed_outside(id_)
        return ReadResult(id_, outputs, encode(inputs) if has_drifted else None)

    def delete(self, _id: str, _props: Props) -> None:
        """Stop the recording.

        One that is still declared is being replaced, also where the engine was told to replace
        it and did not call ``diff``.
        """
        state = decode(_props)
        stored = StoredRecording.from_props(_id, state)
        if self._deployment.registry.recordings.is_declared(stored.inputs.resource_urn):
            self._deployment.registry.recordings.register_replaced(_id)
        self._reporting_delete_errors(state, lambda: self._stop(stored))

    def _update(
        self, plan: Plan, stored: StoredRecording, inputs: RecordingInputs
    ) -> RecordingOutputs:
        if plan.replaces:
            self._require_successor(stored)
        return update_recording(plan, stored, inputs, self._create_ports(stored))

    def _stop(self, stored: StoredRecording) -> None:
        self._require_successor(stored)
        delete_recording(stored, self._create_ports(stored))

    def _require_successor(self, stored: StoredRecording) -> None:
        require_successor(stored, self._deployment.registry, self._get_client_factory(stored))

    def _explain_obstacle(self, stored: StoredRecording) -> Remark | None:
        if self._deployment.settings.token is None:
            return None
        with suppress(SettingsError):
            create_client = self._get_client_factory(stored)
            return explain_obstacle(stored, self._deployment.registry, create_client)
        return None

    def _get_client_factory(self, stored: StoredRecording) -> Callable[[MeetingKey], Recordings]:
        urn = stored.inputs.resource_urn
        return lambda meeting: self._deployment.create_client(
            meeting.account_id, meeting.app_id, urn
        )

    def _log_remarks(self, inputs: Mapping[str, Any], remarks: Iterable[Remark]) -> None:
        log = self._deployment.get_log(inputs.get("resource_urn"))
        for remark in remarks:
            (log.warning if remark.is_warning else log.notice)(remark.text)

    def _find_session(self, stored: StoredRecording) -> bool | None:
        if self._deployment.settings.token is None:
            return None
        try:
            recordings = self._create_ports(stored).recordings
        except SettingsError:
            return None
        return find_session(stored.inputs.meeting_id, recordings)

    def _create_ports(self, stored: StoredRecording) -> Ports:
        return self._deployment.create_ports(*stored.get_app(), stored.inputs.resource_urn)

    def _find_duplicate_recordings(self, inputs: Mapping[str, Any]) -> Iterable[InputFailure]:
        meeting, urn = get_meeting(inputs), inputs.get("resource_urn")
        if meeting is None or not isinstance(urn, str):
            return ()
        registry = self._deployment.registry.meetings
        return find_duplicate_recordings(meeting, urn, registry, wants_one=wants_recording(inputs))
