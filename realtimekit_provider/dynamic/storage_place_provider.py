"""The controller of places: buckets, containers, folders.

The path of this module and the name of the class stand in users' state: neither ever changes.
"""

from __future__ import annotations

from collections.abc import Iterator

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from realtimekit_provider.dynamic.codec import decode, encode
from realtimekit_provider.dynamic.identity import name_in
from realtimekit_provider.dynamic.kinds import places
from realtimekit_provider.dynamic.speaking import Props, SpeakingProvider
from realtimekit_provider.lifecycle.places import (
    place_changes,
    place_inputs,
    place_of,
    place_problems,
    place_values,
    whereabouts,
)
from realtimekit_provider.lifecycle.problems import Problem

__all__ = ["StoragePlaceProvider"]


class StoragePlaceProvider(SpeakingProvider):
    """Makes, reads, changes and deletes the places that recordings are written to."""

    def check(self, _olds: Props, news: Props) -> CheckResult:
        """Complete and validate the inputs; nothing is called."""
        inputs = place_inputs(decode(news))
        return self._checked(inputs, [*place_problems(_declared(inputs)), *self._doubled(inputs)])

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        """Tell the engine what the deployment would do; nothing is called."""
        found = place_changes(_declared(decode(_olds)), _declared(decode(_news)))
        return DiffResult(
            changes=not found.is_empty, replaces=list(found.replaces), delete_before_replace=True
        )

    def create(self, props: Props) -> CreateResult:
        """Make the place."""
        inputs = decode(props)
        place = place_of(_declared(inputs))
        self._spoken(inputs, lambda: places(place.kind).create(place))
        where = inputs.get("bucket") or f"{inputs['host']}/{inputs['path']}"
        return CreateResult(f"{place.kind}:{where}", encode(inputs))

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        """Bring the place to what is declared; one that was somebody else's is claimed first."""
        inputs = decode(_news)
        place = place_of(_declared(inputs))
        becomes_ours = decode(_olds).get("existing") is True and not place.existing
        kind = places(place.kind)
        self._spoken(inputs, lambda: (kind.create if becomes_ours else kind.update)(place))
        return UpdateResult(encode(inputs))

    def read(self, id_: str, props: Props) -> ReadResult:
        """Look at the place as it is now, so that a preview shows what somebody changed."""
        inputs = decode(props)
        place = place_of(_declared(inputs))
        actual = self._spoken(inputs, lambda: places(place.kind).read(place))
        if actual is None:
            return ReadResult("", {})
        found = {**place_values(actual), "resource_urn": inputs.get("resource_urn")}
        return ReadResult(id_, encode(found), encode(found))

    def delete(self, _id: str, _props: Props) -> None:
        """Delete the place as its ``on_delete`` says, unless another resource has it by now."""
        inputs = decode(_props)
        if others := self._others_there(inputs):
            self._run.voice(inputs.get("resource_urn")).notice(
                f"{_id.partition(':')[2]} is left as it is: '{name_in(others[0])}' uses it now"
            )
            return
        place = place_of(_declared(inputs))
        if self._spoken(inputs, lambda: places(place.kind).delete(place)) == "kept":
            self._run.voice(inputs.get("resource_urn")).warning(
                f"{_id.partition(':')[2]} holds objects and is kept, because on_delete is 'keep': "
                "it is no longer known to this stack"
            )

    def _doubled(self, inputs: Props) -> Iterator[Problem]:
        where, urn = whereabouts(inputs), inputs.get("resource_urn")
        if not isinstance(urn, str):
            return
        owns = inputs.get("existing") is False
        for other in self._run.memory.note_place(urn, where, owns=owns):
            yield Problem(
                "path" if inputs.get("kind") == "sftp" else "bucket",
                f"would be made, and one day deleted, by both '{name_in(other)}' and "
                f"'{name_in(urn)}': declare it once, or as existing in all but one",
            )

    def _others_there(self, inputs: Props) -> list[str]:
        where, urn = whereabouts(inputs), inputs.get("resource_urn")
        return self._run.memory.others_in_place(where, str(urn)) if where else []


def _declared(inputs: Props) -> Props:
    return {key: value for key, value in inputs.items() if key != "resource_urn"}
