"""The controller of places: buckets, containers, folders."""

from __future__ import annotations

from collections.abc import Iterator

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from realtimekit_provider.engine.controller_base import ControllerBase
from realtimekit_provider.engine.lazy_provider import Props
from realtimekit_provider.engine.property_codec import decode, encode
from realtimekit_provider.engine.urn import name_from_urn
from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.storage.backends.registry import location_backend
from realtimekit_provider.storage.location.inputs import (
    apply_location_defaults,
    diff_location,
    location_key,
    location_to_inputs,
    parse_location,
    validate_location,
)

__all__ = ["LocationController"]


class LocationController(ControllerBase):
    """Makes, reads, changes and deletes the places that recordings are written to."""

    def check(self, _olds: Props, news: Props) -> CheckResult:
        """Complete and validate the inputs; nothing is called."""
        inputs = apply_location_defaults(decode(news))
        return self._make_check_result(
            inputs, [*validate_location(_declared(inputs)), *self._duplicate_failures(inputs)]
        )

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        """Tell the engine what the deployment would do; nothing is called."""
        found = diff_location(_declared(decode(_olds)), _declared(decode(_news)))
        return DiffResult(
            changes=not found.is_empty, replaces=list(found.replaces), delete_before_replace=True
        )

    def create(self, props: Props) -> CreateResult:
        """Make the location."""
        inputs = decode(props)
        location = parse_location(_declared(inputs))
        self._reporting_errors(inputs, lambda: location_backend(location.kind).create(location))
        where = inputs.get("bucket") or f"{inputs['host']}/{inputs['path']}"
        return CreateResult(f"{location.kind}:{where}", encode(inputs))

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        """Bring the location to what is declared; one that was somebody else's is claimed first."""
        inputs = decode(_news)
        location = parse_location(_declared(inputs))
        becomes_ours = decode(_olds).get("existing") is True and not location.existing
        kind = location_backend(location.kind)
        self._reporting_errors(
            inputs, lambda: (kind.create if becomes_ours else kind.update)(location)
        )
        return UpdateResult(encode(inputs))

    def read(self, id_: str, props: Props) -> ReadResult:
        """Look at the location as it is now, so that a preview shows what somebody changed."""
        inputs = decode(props)
        location = parse_location(_declared(inputs))
        actual = self._reporting_errors(
            inputs, lambda: location_backend(location.kind).read(location)
        )
        if actual is None:
            return ReadResult("", {})
        found = {**location_to_inputs(actual), "resource_urn": inputs.get("resource_urn")}
        return ReadResult(id_, encode(found), encode(found))

    def delete(self, _id: str, _props: Props) -> None:
        """Delete the location as its ``on_delete`` says, unless another resource has it by now."""
        inputs = decode(_props)
        if others := self._others_there(inputs):
            self._deployment.get_log(inputs.get("resource_urn")).notice(
                f"{_id.partition(':')[2]} is left as it is: "
                f"'{name_from_urn(others[0])}' uses it now"
            )
            return
        location = parse_location(_declared(inputs))
        if (
            self._reporting_errors(inputs, lambda: location_backend(location.kind).delete(location))
            == "kept"
        ):
            self._deployment.get_log(inputs.get("resource_urn")).warning(
                f"{_id.partition(':')[2]} holds objects and is kept, because on_delete is 'keep': "
                "it is no longer known to this stack"
            )

    def _duplicate_failures(self, inputs: Props) -> Iterator[InputFailure]:
        where, urn = location_key(inputs), inputs.get("resource_urn")
        if not isinstance(urn, str):
            return
        owns = inputs.get("existing") is False
        for other in self._deployment.registry.storage.register_location(urn, where, owns=owns):
            yield InputFailure(
                "path" if inputs.get("kind") == "sftp" else "bucket",
                f"would be made, and one day deleted, by both '{name_from_urn(other)}' and "
                f"'{name_from_urn(urn)}': declare it once, or as existing in all but one",
            )

    def _others_there(self, inputs: Props) -> list[str]:
        where, urn = location_key(inputs), inputs.get("resource_urn")
        return self._deployment.registry.storage.list_others_at(where, str(urn)) if where else []


def _declared(inputs: Props) -> Props:
    return {key: value for key, value in inputs.items() if key != "resource_urn"}
