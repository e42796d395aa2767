"""What happens to a recording, in words: pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from realtimekit_provider.api.models.status import (
    NO_SESSION,
    NOT_STARTED,
    DesiredState,
    Phase,
    get_phase,
)
from realtimekit_provider.cli.changes.effects import (
    Effect,
    Phrase,
    list_differences,
    phrase_causes,
    quote,
)
from realtimekit_provider.cli.changes.inputs import get_value
from realtimekit_provider.cli.changes.stack_preview import Change
from realtimekit_provider.program.storage_url import format_storage_url
from realtimekit_provider.recordings.explain import KEEPS_CREDENTIALS
from realtimekit_provider.recordings.inputs import fill_in_defaults
from realtimekit_provider.recordings.plan import Step, get_step, needs_another_recording

__all__ = ["describe_recording"]

_OWN_REMARKS = (
    *("ends the live recording", "tries again: ", "starts another recording: "),
    *("resumes the recording", "pauses the recording"),
)
"""What these say is said here in other words."""

_CREDENTIALS = ".storage_config."
_STATES = ("RECORDING", "PAUSED", "STOPPED")


def describe_recording(change: Change, *, makes_key: bool) -> Effect:
    """Return what happens to a recording.

    Args:
        change: The change of a ``TrackRecording``.
        makes_key: Whether its changed credentials are those that the stack itself makes.
    """
    describe = {
        "create": _describe_create,
        "replace": _describe_replace,
        "delete": _describe_delete,
        "update": _describe_update,
        "same": _describe_update,
    }[change.operation]
    effect = describe(change)
    if makes_key and effect.column == "keys":
        effect = Effect("other", effect.name, effect.phrase)
    return _with_notes(effect, change)


def _with_notes(effect: Effect, change: Change) -> Effect:
    notes = tuple(
        one.text
        for one in change.remarks
        if not one.text.startswith(_OWN_REMARKS)
        and one.text != KEEPS_CREDENTIALS
        and one.severity != "error"
    )
    return Effect(effect.column, effect.name, effect.phrase, is_loss=effect.is_loss, notes=notes)


def _describe_create(change: Change) -> Effect:
    inputs = fill_in_defaults(change.after or {})
    meeting = quote(inputs.get("meeting_id"))
    desired, adopted = inputs["desired_state"], inputs.get("adopt_recording_id")
    if desired == "STOPPED":
        return Effect("other", change.name, ("declares meeting ", meeting, " and starts nothing"))
    if adopted is not None:
        phrase: Phrase = ("takes over recording ", quote(adopted), " of meeting ", meeting)
        return Effect("other", change.name, phrase)
    condition = {
        "skip": ", if somebody is in it",
        "wait": ", as soon as somebody is in it",
    }.get(str(inputs["on_no_session"]), "")
    pauses = " and pauses at once" if desired == "PAUSED" else ""
    phrase = ("starts recording meeting ", meeting, f"{condition}{pauses}")
    return Effect("start", change.name, (*phrase, *_phrase_destinations(inputs)))


def _describe_replace(change: Change) -> Effect:
    before, after = fill_in_defaults(change.before or {}), fill_in_defaults(change.after or {})
    phase = get_phase(change.status or NOT_STARTED)
    old, new = quote(before.get("meeting_id")), quote(after.get("meeting_id"))
    starts = after["desired_state"] != "STOPPED"
    because = _phrase_because(change)
    if phase.is_live and starts:
        another: Phrase = (" and starts another",)
        if old != new:
            another = (" and starts one of meeting ", new)
        phrase: Phrase = ("ends the live recording of meeting ", old, *another, *because)
        return Effect("replace", change.name, phrase, is_loss=True)
    if phase.is_live:
        phrase = ("ends the live recording of meeting ", old, " and starts none", *because)
        return Effect("stop", change.name, phrase, is_loss=True)
    if not starts:
        return Effect("other", change.name, ("starts nothing for meeting ", new, *because))
    phrase = ("starts recording meeting ", new, *_phrase_past(change))
    return Effect("start", change.name, (*phrase, *_phrase_rest(change, "desired_state")))


def _describe_delete(change: Change) -> Effect:
    inputs = fill_in_defaults(change.before or {})
    meeting = quote(inputs.get("meeting_id"))
    is_live = get_phase(change.status or NOT_STARTED).is_live
    if change.is_leftover:
        phrase: Phrase = ("removes what an interrupted replacement left of meeting ", meeting)
        return Effect("stop" if is_live else "other", change.name, phrase, is_loss=is_live)
    if not is_live:
        ended = _phrase_status(change)
        return Effect("other", change.name, ("forgets meeting ", meeting, *ended))
    if inputs["on_delete"] == "leave":
        phrase = ("forgets the live recording of meeting ", meeting, ", which keeps running")
        return Effect("other", change.name, phrase)
    phrase = ("stops the live recording of meeting ", meeting, ": it is no longer declared")
    return Effect("stop", change.name, phrase, is_loss=True)


def _describe_update(change: Change) -> Effect:
    inputs = fill_in_defaults(change.after or {})
    status = change.status or NOT_STARTED
    meeting = quote(inputs.get("meeting_id"))
    desired = inputs["desired_state"] if inputs["desired_state"] in _STATES else None
    step = get_step(cast("DesiredState | None", desired), status)
    paths = [path for path, _, _ in list_differences(change)]
    outside = "" if "desired_state" in paths else ", which somebody changed outside of this stack"
    rest = _phrase_rest(change, "desired_state")
    if step in {Step.PAUSE, Step.WAIT_THEN_PAUSE}:
        phrase: Phrase = ("pauses the recording of meeting ", meeting, outside, *rest)
        return Effect("pause", change.name, phrase)
    if step is Step.RESUME:
        phrase = ("resumes the recording of meeting ", meeting, outside, *rest)
        return Effect("resume", change.name, phrase)
    if step is Step.STOP:
        phrase = ("stops the live recording of meeting ", meeting, *rest)
        return Effect("stop", change.name, phrase, is_loss=True)
    return _describe_stored(change, get_phase(status))


def _describe_stored(change: Change, phase: Phase) -> Effect:
    """Return what an update means that does nothing to the recording itself."""
    differences = list_differences(change)
    if any(_CREDENTIALS in path for path, _, _ in differences):
        keeps = ": the live one keeps the old one" if phase.is_live else ""
        rest = _phrase_rest(change, _CREDENTIALS)
        phrase: Phrase = ("uses a new credential from the next recording on", keeps, *rest)
        return Effect("keys", change.name, phrase)
    if not differences:
        return Effect("other", change.name, ("stores what was found of the recording",))
    return Effect("other", change.name, ("only stores that ", *phrase_causes(differences)))


def _phrase_rest(change: Change, shown: str) -> Phrase:
    """Return which other inputs change than those whose paths have ``shown`` in them."""
    rest = [one for one in list_differences(change) if shown not in one[0]]
    return ("; also, ", *phrase_causes(rest)) if rest else ()


def _phrase_because(change: Change) -> Phrase:
    """Return which inputs replace a recording or start none, and then which other ones change."""

    def is_cause(path: tuple[str | int, ...]) -> bool:
        is_adopted = path[0] == "adopt_recording_id" and path[0] in change.reasons
        is_stopped = path[0] == "desired_state" and get_value(change.after, path) == "STOPPED"
        return is_adopted or is_stopped or needs_another_recording(path)

    causes = list_differences(change, is_cause)
    rest = list_differences(change, lambda path: not is_cause(path))
    because: Phrase = (", because what it depends on is replaced",)
    if causes:
        because = (", because ", *phrase_causes(causes))
    elif "status" in change.reasons:
        because = ()
    return (*because, "; also, ", *phrase_causes(rest)) if rest else because


def _phrase_past(change: Change) -> Phrase:
    """Return why a recording starts in the place of one that is not live."""
    if change.status == NO_SESSION:
        return (", which nobody was in at the last deployment",)
    if change.status in {None, NOT_STARTED}:
        return ()
    return (" again: the last recording of it ended (", quote(change.status), ")")


def _phrase_status(change: Change) -> Phrase:
    if change.status in {None, NOT_STARTED, NO_SESSION}:
        return (", of which nothing was recorded",)
    return (", whose recording has ended (", quote(change.status), ")")


def _phrase_destinations(inputs: Mapping[str, Any]) -> Phrase:
    """Return where the files go, as the stack's outputs say it, but to Cloudflare's own bucket."""
    found = list(dict.fromkeys(_list_destinations(inputs)))
    if not found:
        return ()
    quoted = [part for one in found for part in (", ", quote(one))][1:]
    return (", into ", *quoted)


def _list_destinations(inputs: Mapping[str, Any]) -> Iterator[str]:
    layers = inputs.get("layers")
    for layer in layers.values() if isinstance(layers, Mapping) else ():
        outputs = layer.get("outputs") if isinstance(layer, Mapping) else None
        for output in outputs if isinstance(outputs, list) else ():
            config = output.get("storage_config") if isinstance(output, Mapping) else None
            if isinstance(config, Mapping):
                yield format_storage_url(config)
