"""The controller of ``StorageLocation``."""

from __future__ import annotations

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from realtimekit_provider.engine.controller_base import ControllerBase
from realtimekit_provider.engine.lazy_provider import Props
from realtimekit_provider.engine.property_codec import decode, encode
from realtimekit_provider.engine.sdk_process import is_preview
from realtimekit_provider.errors import StorageError
from realtimekit_provider.schema.input_diff import InputDiff
from realtimekit_provider.schema.unknown import contains_unknown
from realtimekit_provider.schema.urn import parse_name
from realtimekit_provider.storage.backends.extras import validate_extra
from realtimekit_provider.storage.backends.registry import (
    find_environment_failures,
    get_location_backend,
)
from realtimekit_provider.storage.location.duplicates import find_duplicate_locations
from realtimekit_provider.storage.location.explain import (
    explain_deletion,
    explain_obstacle,
    explain_outcome,
)
from realtimekit_provider.storage.location.inputs import (
    LocationInputs,
    add_ownership,
    apply_location_defaults,
    build_location_key,
    diff_location,
    is_owned,
    location_to_inputs,
    validate_location,
)
from realtimekit_provider.storage.location.lifecycle import (
    create_location,
    delete_location,
    read_location,
    update_location,
)
from realtimekit_provider.storage.location.obstacles import find_obstacle, is_nested

__all__ = ["LocationController"]


class LocationController(ControllerBase):
    """Creates, reads, updates and deletes the locations that recordings are written to."""

    def check(self, _olds: Props, news: Props) -> CheckResult:
        """Apply the defaults and validate the inputs; no cloud is called."""
        inputs = apply_location_defaults(decode(news), decode(_olds))
        failures = [
            *validate_location(inputs),
            *find_duplicate_locations(inputs, self._deployment.registry.storage),
            *self._find_mark_failures(inputs),
        ]
        if not (inputs.get("existing") is True and inputs.get("without_administrator") is True):
            failures += validate_extra(inputs.get("type"))
        failures += find_environment_failures(inputs)
        return self._make_check_result(inputs, failures)

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        """Tell the engine what the deployment would change.

        No cloud is called, unless a deployment is to replace the location. Its recordings end
        before the new one is created, so whether that can be is asked first. If surely not, that is
        an update, whose error leaves everything as it is. A delete that fails would do as well, but
        under ``--continue-on-error`` the engine then waits forever for what replaces it.

        That files are deleted is logged on the location's row, in a preview too.
        """
        before, after = decode(_olds), decode(_news)
        found = diff_location(before, after)
        urn = after.get("resource_urn")
        address = _id.partition(":")[2]
        obstacle = self._find_obstacle(before, after) if found.replaces else None
        self._deployment.registry.storage.register_obstacle(str(urn), obstacle)
        if obstacle is not None:
            found = InputDiff(updates=(*found.replaces, *found.updates))
        warning = explain_deletion(
            address, found, on_delete=before.get("on_delete"), is_owned=is_owned(before)
        )
        if warning and urn in self._declared and not self._find_others_there(before):
            self._deployment.get_log(urn).warning(warning)
        return self._make_diff_result(before, after, replaces=found.replaces, updates=found.updates)

    def create(self, props: Props) -> CreateResult:
        """Create the location; its id is its type and its address."""
        inputs = decode(props)
        location, mark = LocationInputs.from_props(inputs)
        backend = get_location_backend(location.type)
        reporter = self._deployment.get_log(inputs.get("resource_urn"))
        owned = self._reporting_errors(
            inputs, lambda: create_location(backend, location, mark, reporter)
        )
        outputs = add_ownership(inputs, owned=owned)
        return CreateResult(f"{location.type}:{location.address}", encode(outputs))

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        """Bring the location to what is declared; one that was ``existing`` is claimed first.

        One that is to be replaced, and cannot be, stays as it is; see :meth:`diff`.
        """
        before, inputs = decode(_olds), decode(_news)
        self._reporting_errors(inputs, lambda: self._require_no_obstacle(_id, inputs))
        location, mark = LocationInputs.from_props(inputs)
        backend = get_location_backend(location.type)
        reporter = self._deployment.get_log(inputs.get("resource_urn"))
        owned = self._reporting_errors(
            inputs,
            lambda: update_location(
                backend,
                location,
                mark,
                reporter,
                was_existing=before.get("existing") is True,
                was_owned=is_owned(before),
            ),
        )
        return UpdateResult(encode(add_ownership(inputs, owned=owned)))

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read the location from its cloud, so that a preview shows what somebody changed."""
        inputs = decode(props)
        location, mark = LocationInputs.from_props(inputs)
        backend = get_location_backend(location.type)
        reporter = self._deployment.get_log(inputs.get("resource_urn"))
        actual = self._reporting_errors(
            inputs, lambda: read_location(backend, location, mark, reporter)
        )
        if actual is None:
            return ReadResult("", {})
        kept = {"resource_urn": inputs.get("resource_urn"), "mark": inputs.get("mark")}
        released = {"released": True} if actual.is_released else {}
        found = {**location_to_inputs(actual.location), **kept, **released}
        outputs = add_ownership(found, owned=is_owned(inputs))
        return ReadResult(id_, encode(outputs), encode(found))

    def delete(self, _id: str, _props: Props) -> None:
        """Delete the location as its ``on_delete`` says, unless another resource uses it now."""
        inputs = decode(_props)
        reporter = self._deployment.get_log(inputs.get("resource_urn"))
        address = _id.partition(":")[2]
        if others := self._find_others_there(inputs):
            reporter.notice(f"{address} is left as it is: '{parse_name(others[0])}' uses it now")
            return
        location, mark = LocationInputs.from_props(inputs)
        backend = get_location_backend(location.type)
        outcome = self._reporting_delete_errors(
            inputs,
            lambda: delete_location(backend, location, mark, is_owned=is_owned(inputs)),
        )
        if notice := explain_outcome(address, outcome, existing=location.existing):
            reporter.warning(notice)

    def _find_obstacle(self, before: Props, after: Props) -> StorageError | None:
        if is_preview() or not self._is_declared(after) or contains_unknown(after):
            return None
        location, mark = LocationInputs.from_props(after)
        backend = get_location_backend(location.type)
        is_freed = is_nested(build_location_key(before), build_location_key(after))
        return self._reporting_errors(
            after, lambda: find_obstacle(backend, location, mark, is_freed=is_freed)
        )

    def _require_no_obstacle(self, id_: str, inputs: Props) -> None:
        urn = str(inputs.get("resource_urn"))
        obstacle = self._deployment.registry.storage.find_obstacle(urn)
        if obstacle is not None:
            raise type(obstacle)(explain_obstacle(id_.partition(":")[2], obstacle))

    def _find_others_there(self, inputs: Props) -> list[str]:
        key, urn = build_location_key(inputs), inputs.get("resource_urn")
        return self._deployment.registry.storage.list_others_at(key, str(urn)) if key else []
