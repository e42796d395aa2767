"""The inputs of a ``TrackRecording``: what they may be, and how defaults are applied.

They are plain mappings where ``check`` completes and validates them, :class:`DeclaredInputs`
where ``diff`` compares them, as parts of them may be unknown in a preview, and
:class:`RecordingInputs` once everything is known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from realtimekit_provider.api.models.status import DesiredState
from realtimekit_provider.api.models.track_request import TrackApi, TrackRequest
from realtimekit_provider.constants import MARK_WORD
from realtimekit_provider.deployment.defaults import RecordingDefaults
from realtimekit_provider.deployment.mark import (
    generate_prefix,
    insert_mark,
    is_generated_prefix,
)
from realtimekit_provider.deployment.meeting_registry import MeetingKey
from realtimekit_provider.deployment.policies import (
    OnConflict,
    OnDelete,
    OnEnded,
    OnNoSession,
    ReplaceLive,
)
from realtimekit_provider.deployment.recording_registry import Adoption
from realtimekit_provider.schema.file_name_prefix import is_file_name_prefix
from realtimekit_provider.schema.identifiers import AccountId, AppId, Identifier
from realtimekit_provider.schema.input_failures import REQUIRED, InputFailure, validate_model
from realtimekit_provider.schema.input_paths import format_path
from realtimekit_provider.schema.numbers import Seconds
from realtimekit_provider.schema.unknown import UNKNOWN, Unknown, contains_failed
from realtimekit_provider.schema.values import list_defaults

__all__ = [
    "DeclaredInputs",
    "RecordingInputs",
    "apply_defaults",
    "assume_same_meeting",
    "fill_in_defaults",
    "get_adoption",
    "get_meeting",
    "validate_inputs",
    "wants_recording",
]


class RecordingInputs(TrackRequest):
    """The inputs of one ``TrackRecording``, complete and valid.

    :class:`realtimekit_provider.TrackRecording` says what each means to a user.
    """

    account_id: AccountId
    app_id: AppId
    desired_state: DesiredState = "RECORDING"
    on_no_session: OnNoSession = "fail"
    session_timeout: Seconds = 300.0
    on_ended: OnEnded = "keep"
    on_conflict: OnConflict = "fail"
    on_delete: OnDelete = "stop"
    replace_live: ReplaceLive = "allow"
    wait_for_recording: Seconds = 0.0
    wait_for_upload: Seconds = 0.0
    adopt_recording_id: Identifier | None = None
    resource_urn: str
    mark: str

    @property
    def request(self) -> TrackRequest:
        """The part that is sent to the API."""
        return TrackRequest.model_construct(
            **{name: getattr(self, name) for name in TrackRequest.model_fields}
        )


@dataclass(frozen=True)
class DeclaredInputs:
    """Completed inputs as ``diff`` compares them: in a preview, any part may be unknown.

    Attributes:
        desired_state: What is declared; ``None`` while it is unknown.
        on_no_session: What to do where nobody is in the meeting.
        on_ended: What to do about a recording that ended by itself.
        replace_live: Whether a live recording may be replaced.
        adopt_recording_id: The recording to take over, if any.
        values: All inputs by name, which a plan compares; not shown, as credentials are in them.
    """

    desired_state: DesiredState | None
    on_no_session: OnNoSession | Unknown
    on_ended: OnEnded | Unknown
    replace_live: ReplaceLive | Unknown
    adopt_recording_id: str | Unknown | None
    values: Mapping[str, Any] = field(repr=False)

    @classmethod
    def from_props(cls, props: Mapping[str, Any]) -> DeclaredInputs:
        """Read the inputs from what ``check`` returned, decoded."""
        values = fill_in_defaults(props)
        desired = values["desired_state"]
        return cls(
            desired_state=None if desired is UNKNOWN else desired,
            on_no_session=values["on_no_session"],
            on_ended=values["on_ended"],
            replace_live=values["replace_live"],
            adopt_recording_id=values.get("adopt_recording_id"),
            values=values,
        )

    @property
    def needs_failed_storage(self) -> bool:
        """Whether a layer's storage failed in this deployment, which goes on with the others."""
        return contains_failed(self.values.get("layers"))


def fill_in_defaults(inputs: Mapping[str, object]) -> dict[str, Any]:
    """Return the inputs that are given, with the model's defaults for the others that have one."""
    given = {name: value for name, value in inputs.items() if value is not None}
    return {**list_defaults(RecordingInputs), **given}


def apply_defaults(
    given: Mapping[str, Any], previous: Mapping[str, Any], defaults: RecordingDefaults
) -> dict[str, Any]:
    """Return the inputs, with everything filled in that the user may leave out.

    Args:
        given: The inputs as declared; any part may be unknown.
        previous: The inputs of the last deployment, empty where there was none. A generated
            prefix and the mark are kept from there, so that an alias renames a resource
            without a new recording.
        defaults: What the stack's config and environment set for all its recordings.

    Returns:
        The inputs that are given or have a default in the stack; none is ``None``. ``mark``,
        ``desired_state`` and the ``file_name_prefix`` of each layer are always among them.
    """
    inputs = {key: value for key, value in given.items() if value is not None}
    fallbacks = {
        "desired_state": RecordingInputs.model_fields["desired_state"].default,
        **(defaults.policies or {}),
        "account_id": defaults.account_id,
        "app_id": defaults.app_id,
    }
    for name, value in fallbacks.items():
        if value is not None:
            inputs.setdefault(name, value)
    urn, mark = inputs.get("resource_urn"), previous.get("mark") or inputs.get("mark")
    if isinstance(urn, str | Unknown) and isinstance(mark, str | Unknown):
        inputs["mark"] = mark
        inputs["layers"] = _fill_in_prefixes(
            inputs.get("layers"), previous.get("layers"), urn=urn, mark=mark
        )
    return {key: value for key, value in inputs.items() if value is not None}


def get_meeting(inputs: Mapping[str, object]) -> MeetingKey | None:
    """Return the meeting that inputs name; ``None`` where a part of it is missing or unknown."""
    ids = [value for name in MeetingKey._fields if isinstance(value := inputs.get(name), str)]
    return MeetingKey(*ids) if len(ids) == len(MeetingKey._fields) else None


def wants_recording(inputs: Mapping[str, object]) -> bool:
    """Whether completed inputs are known to want a recording, and not only one that is stopped."""
    # While desired_state is unknown, so is whether the meeting is to be recorded at all.
    return inputs.get("desired_state") in ("RECORDING", "PAUSED")


def get_adoption(inputs: Mapping[str, Any]) -> Adoption | None:
    """Return the recording to take over; ``None`` where none is named, or its meeting unknown."""
    meeting, recording_id = get_meeting(inputs), inputs.get("adopt_recording_id")
    if meeting is None or not isinstance(recording_id, str):
        return None
    return Adoption(recording_id, meeting, may_have_ended=inputs.get("on_ended") == "restart")


def assume_same_meeting(
    inputs: Mapping[str, object], previous: Mapping[str, object]
) -> Mapping[str, object]:
    """Return the inputs with those parts of the meeting that are unknown as they were before."""
    known = {
        name: previous[name]
        for name in MeetingKey._fields
        if inputs.get(name) is UNKNOWN and name in previous
    }
    return {**inputs, **known}


def validate_inputs(
    inputs: Mapping[str, object],
    track_api: TrackApi = "outputs",
    read_elsewhere: Collection[str] = (),
) -> list[InputFailure]:
    """Return everything that is wrong with completed inputs; what is unknown is passed over.

    Args:
        inputs: The completed inputs.
        track_api: The variant of the API, which decides what fields there are.
        read_elsewhere: Fields that a user may set beside the inputs: messages suggest them too.
    """
    return [
        *_find_invalid_values(inputs, track_api, read_elsewhere),
        *_find_fields_of_other_api(inputs, track_api),
    ]


def _fill_in_prefixes(layers: Any, previous: Any, *, urn: Any, mark: Any) -> Any:
    if not isinstance(layers, Mapping):
        return layers
    before = previous if isinstance(previous, Mapping) else {}
    return {
        name: _fill_in_prefix(layer, before.get(name), urn=urn, mark=mark, name=name)
        for name, layer in layers.items()
    }


def _fill_in_prefix(layer: Any, previous: Any, *, urn: Any, mark: Any, name: str) -> Any:
    if not isinstance(layer, Mapping):
        return layer
    prefix = layer.get("file_name_prefix")
    if isinstance(prefix, str):
        return {**layer, "file_name_prefix": _insert_mark(prefix, mark)}
    if prefix is not None:
        return layer
    if mark is UNKNOWN:
        return {**layer, "file_name_prefix": UNKNOWN}
    before = previous.get("file_name_prefix") if isinstance(previous, Mapping) else None
    if isinstance(before, str) and is_generated_prefix(before, mark):
        return {**layer, "file_name_prefix": before}
    generated = UNKNOWN if urn is UNKNOWN else generate_prefix(urn, str(name), mark)
    return {**layer, "file_name_prefix": generated}


def _insert_mark(prefix: str, mark: Any) -> Any:
    if mark is not UNKNOWN:
        return insert_mark(prefix, mark)
    # One that is not allowed stays, for the first preview to say so.
    is_unknown = MARK_WORD in prefix and is_file_name_prefix(prefix)
    return UNKNOWN if is_unknown else prefix


_IDS_FROM_SETTINGS: Mapping[str, tuple[str, str]] = {
    "account_id": ("realtimekit:accountId", "CLOUDFLARE_ACCOUNT_ID"),
    "app_id": ("realtimekit:appId", "REALTIMEKIT_APP_ID"),
}
_INTERNAL_INPUTS = frozenset({"resource_urn", "mark"})
_FIELDS_OF_OTHER_API: Mapping[str, frozenset[str]] = {
    "outputs": frozenset({"media_kind", "user_ids"}),
    "managed": frozenset({"max_seconds"}),
}


def _find_invalid_values(
    inputs: Mapping[str, object], track_api: TrackApi, read_elsewhere: Collection[str]
) -> Iterator[InputFailure]:
    not_offered = _INTERNAL_INPUTS | _FIELDS_OF_OTHER_API.get(track_api, frozenset())
    for failure in validate_model(RecordingInputs, inputs, not_offered, read_elsewhere):
        is_missing_id = failure.path in _IDS_FROM_SETTINGS and failure.reason == REQUIRED
        if failure.path not in _INTERNAL_INPUTS:
            yield _explain_missing_id(failure) if is_missing_id else failure


def _explain_missing_id(failure: InputFailure) -> InputFailure:
    config_key, variable = _IDS_FROM_SETTINGS[failure.path]
    reason = (
        f"is required: set it as the argument {failure.path}, with "
        f"'pulumi config set {config_key} ID', or in the environment as {variable}"
    )
    return replace(failure, reason=reason)


def _find_fields_of_other_api(
    inputs: Mapping[str, object], track_api: TrackApi
) -> Iterator[InputFailure]:
    layers = inputs.get("layers")
    named = layers.items() if isinstance(layers, Mapping) else ()
    mappings = [(name, layer) for name, layer in named if isinstance(layer, Mapping)]
    if track_api == "outputs":
        hint = "exists only with realtimekit:trackApi 'managed', and this stack uses 'outputs'"
        if inputs.get("user_ids") is not None:
            yield InputFailure("user_ids", hint)
        for name, layer in mappings:
            if layer.get("media_kind") is not None:
                yield InputFailure(format_path(("layers", name, "media_kind")), hint)
        return
    hint = (
        "does not exist with realtimekit:trackApi 'managed', where files always go to "
        "Cloudflare's own bucket: leave it out, or use 'outputs'"
    )
    if inputs.get("max_seconds") is not None and inputs["max_seconds"] is not UNKNOWN:
        yield InputFailure("max_seconds", hint)
    for name, layer in mappings:
        outputs = layer.get("outputs")
        for index, output in enumerate(outputs if isinstance(outputs, list) else ()):
            kind = output.get("type") if isinstance(output, Mapping) else output
            if kind is not UNKNOWN and kind != "REALTIMEKIT_BUCKET":
                yield InputFailure(format_path(("layers", name, "outputs", index)), hint)
