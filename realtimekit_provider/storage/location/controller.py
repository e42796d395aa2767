"""The controller of ``StorageLocation``."""

from __future__ import annotations

from collections.abc import Iterator

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from realtimekit_provider.engine.controller_base import ControllerBase
from realtimekit_provider.engine.lazy_provider import Props
from realtimekit_provider.engine.property_codec import decode, encode
from realtimekit_provider.engine.urn import name_from_urn
from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.storage.backends.extras import validate_extra
from realtimekit_provider.storage.backends.registry import get_location_backend
from realtimekit_provider.storage.location.explain import explain_deletion
from realtimekit_provider.storage.location.inputs import (
    apply_location_defaults,
    diff_location,
    location_key,
    location_to_inputs,
    naming_field,
    parse_location,
    validate_location,
)

__all__ = ["LocationController"]


class LocationController(ControllerBase):
    """Creates, reads, updates and deletes the locations that recordings are written to."""

    def check(self, _olds: Props, news: Props) -> CheckResult:
        """Apply the defaults and validate the inputs; no cloud is called."""
        inputs = apply_location_defaults(decode(news))
        failures = [*validate_location(_declared(inputs)), *self._duplicate_failures(inputs)]
        if not (inputs.get("existing") is True and inputs.get("without_administrator") is True):
            failures += validate_extra(inputs.get("type"))
        return self._make_check_result(inputs, failures)

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        """Tell the engine what the deployment would change; no cloud is called.

        That files are deleted is logged on the location's row, in a preview too.
        """
        before, after = decode(_olds), decode(_news)
        found = diff_location(_declared(before), _declared(after))
        warning = explain_deletion(_id.partition(":")[2], before, found)
        urn = after.get("resource_urn")
        if warning and urn in self._declared and not self._find_others_there(before):
            self._deployment.get_log(urn).warning(warning)
        return self._make_diff_result(before, after, replaces=found.replaces, updates=found.updates)

    def create(self, props: Props) -> CreateResult:
        """Create the location; its id is its type and its address."""
        inputs = decode(props)
        location = parse_location(_declared(inputs))
        if not location.is_left_to_gate:
            backend = get_location_backend(location.type)
            self._reporting_errors(inputs, lambda: backend.create(location))
        return CreateResult(f"{location.type}:{location.address}", encode(inputs))

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        """Bring the location to what is declared; one that was somebody else's is claimed first."""
        inputs = decode(_news)
        location = parse_location(_declared(inputs))
        backend = get_location_backend(location.type)
        becomes_ours = decode(_olds).get("existing") is True and not location.existing
        apply = backend.create if becomes_ours else backend.update
        self._reporting_errors(inputs, lambda: apply(location))
        return UpdateResult(encode(inputs))

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read the location from its cloud, so that a preview shows what somebody changed."""
        inputs = decode(props)
        location = parse_location(_declared(inputs))
        if location.is_left_to_gate:
            return ReadResult(id_, encode(inputs), encode(inputs))
        actual = self._reporting_errors(
            inputs, lambda: get_location_backend(location.type).read(location)
        )
        if actual is None:
            return ReadResult("", {})
        found = {**location_to_inputs(actual), "resource_urn": inputs.get("resource_urn")}
        return ReadResult(id_, encode(found), encode(found))

    def delete(self, _id: str, _props: Props) -> None:
        """Delete the location as its ``on_delete`` says, unless another resource uses it now."""
        inputs = decode(_props)
        reporter = self._deployment.get_log(inputs.get("resource_urn"))
        address = _id.partition(":")[2]
        if others := self._find_others_there(inputs):
            reporter.notice(f"{address} is left as it is: '{name_from_urn(others[0])}' uses it now")
            return
        location = parse_location(_declared(inputs))
        result = self._reporting_errors(
            inputs, lambda: get_location_backend(location.type).delete(location)
        )
        if result == "kept":
            reporter.warning(
                f"{address} holds objects and is kept, because on_delete is 'keep': "
                "it is no longer known to this stack"
            )

    def _duplicate_failures(self, inputs: Props) -> Iterator[InputFailure]:
        urn = inputs.get("resource_urn")
        if not isinstance(urn, str):
            return
        owns = inputs.get("existing") is False
        registry = self._deployment.registry.storage
        for other in registry.register_location(urn, location_key(inputs), owns=owns):
            yield InputFailure(
                naming_field(inputs),
                f"would be created, and later deleted, by both '{name_from_urn(other)}' and "
                f"'{name_from_urn(urn)}': declare it once, or set existing to true in all but one",
            )

    def _find_others_there(self, inputs: Props) -> list[str]:
        key, urn = location_key(inputs), inputs.get("resource_urn")
        return self._deployment.registry.storage.list_others_at(key, str(urn)) if key else []


def _declared(inputs: Props) -> Props:
    return {key: value for key, value in inputs.items() if key != "resource_urn"}
