"""What all controllers share: the deployment that they belong to, and how errors are reported."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pulumi.dynamic import CheckFailure, CheckResult, ConfigureRequest, DiffResult

from realtimekit_provider.deployment.identity import find_mark_failures
from realtimekit_provider.deployment.progress import reporting_progress
from realtimekit_provider.engine.deployment import Deployment, get_deployment
from realtimekit_provider.engine.lazy_provider import Controller
from realtimekit_provider.engine.log import logging_on_row
from realtimekit_provider.engine.property_codec import encode
from realtimekit_provider.engine.sdk_process import create_diff_result, is_formatting_errors
from realtimekit_provider.errors import RealtimeKitError
from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.schema.unknown import contains_unknown

__all__ = ["ENDLESS_REPLACEMENT", "ControllerBase"]

ENDLESS_REPLACEMENT = (
    "If this deployment was started with --continue-on-error, Pulumi does not end by itself after "
    "this: interrupt it, and deploy again."
)
"""What to do where a resource that is being replaced could not be deleted.

The engine tells the program of a failed delete only without that flag. With it, the program waits
for the replacement, which nobody creates.
"""

_Result = TypeVar("_Result")


class ControllerBase(Controller):
    """A controller whose errors appear as one sentence on the resource's own row."""

    _deployment: Deployment

    def __init__(self) -> None:
        self._declared: set[str] = set()

    def configure(self, req: ConfigureRequest) -> None:
        """Find the deployment of this process."""
        self._deployment = get_deployment(req.config)

    def _is_declared(self, inputs: Mapping[str, Any]) -> bool:
        return str(inputs.get("resource_urn")) in self._declared

    def _register_declared(self, inputs: Mapping[str, Any]) -> None:
        self._declared.add(str(inputs.get("resource_urn")))
        self._deployment.registry.has_program.set()

    def _find_mark_failures(self, inputs: Mapping[str, Any]) -> Iterator[InputFailure]:
        return find_mark_failures(inputs, self._deployment.registry.marks)

    def _make_check_result(
        self, inputs: Mapping[str, Any], failures: Iterable[InputFailure]
    ) -> CheckResult:
        self._register_declared(inputs)
        all_failures = [*self._deployment.settings.failures, *failures]
        # Of a property that a failure names, the engine prints the whole value, secrets in clear.
        return CheckResult(
            encode(inputs), [CheckFailure("", str(failure)) for failure in all_failures]
        )

    def _make_diff_result(
        self,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        *,
        replaces: Sequence[str],
        updates: Sequence[str],
        computed: Collection[str] = (),
    ) -> DiffResult:
        """Return the answer to a diff; see :func:`create_diff_result` for the arguments.

        A refresh calls ``diff`` without ``check``. It shows what became of the outputs, which
        the engine compares by itself.
        """
        self._deployment.get_log(after.get("resource_urn")).end_progress()
        is_declared = self._is_declared(after)
        if is_declared or contains_unknown(after):
            # A delete is given the state alone, whose URN an alias may have changed since. What
            # depends on a replaced resource is deleted before its check; then a value is unknown.
            self._declared.add(str(before.get("resource_urn")))
        return create_diff_result(
            before if is_declared else {},
            after if is_declared else {},
            replaces=replaces,
            updates=updates,
            computed=computed,
        )

    def _reporting_delete_errors(
        self, stored: Mapping[str, Any], delete: Callable[[], _Result]
    ) -> _Result:
        """Report errors of a delete; one of a resource that is still declared is a replacement."""

        def delete_or_advise() -> _Result:
            try:
                return delete()
            except RealtimeKitError as error:
                if self._is_declared(stored):
                    error.advice = ENDLESS_REPLACEMENT
                raise

        return self._reporting_errors(stored, delete_or_advise)

    def _reporting_errors(
        self, inputs: Mapping[str, Any], operation: Callable[[], _Result]
    ) -> _Result:
        reporter = self._deployment.get_log(inputs.get("resource_urn"))
        try:
            with logging_on_row(reporter.urn), reporting_progress(reporter):
                result = operation()
            reporter.end_progress()
            return result  # noqa: TRY300 - the end of a wait is told where nothing failed
        except RealtimeKitError as error:
            if not is_formatting_errors():
                # The engine prints a traceback, so the text is logged before it, and it is short.
                reporter.error(str(error))
            raise error.with_traceback(None) from None
