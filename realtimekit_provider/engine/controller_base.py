"""What all controllers share: the run that they belong to, and how their errors are told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from pulumi.dynamic import CheckFailure, CheckResult, ConfigureRequest

from realtimekit_provider.engine.deployment import Deployment, get_deployment
from realtimekit_provider.engine.lazy_provider import Controller
from realtimekit_provider.engine.property_codec import encode
from realtimekit_provider.errors import RealtimeKitError
from realtimekit_provider.schema.input_failures import InputFailure

__all__ = ["ControllerBase"]

_Result = TypeVar("_Result")


class ControllerBase(Controller):
    """A controller whose errors appear as one sentence on the resource's own row."""

    _deployment: Deployment

    def configure(self, req: ConfigureRequest) -> None:
        """Find the run of this process."""
        self._deployment = get_deployment(req.config)

    def _checked(self, inputs: Mapping[str, Any], problems: Iterable[InputFailure]) -> CheckResult:
        found = [*self._deployment.settings.problems, *problems]
        # Of a property that a failure names, the engine prints the whole value, secrets in clear.
        failures = [CheckFailure("", str(problem)) for problem in found]
        return CheckResult(encode(inputs), failures)

    def _reporting_errors(
        self, inputs: Mapping[str, Any], operation: Callable[[], _Result]
    ) -> _Result:
        """Put the sentence of an error on the resource's row, and keep the traceback short."""
        try:
            return operation()
        except RealtimeKitError as error:
            self._deployment.log(inputs.get("resource_urn")).error(str(error))
            raise error.with_traceback(None) from None
