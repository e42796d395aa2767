"""What all controllers share: the deployment that they belong to, and how errors are reported."""

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
        """Find the deployment of this process."""
        self._deployment = get_deployment(req.config)

    def _make_check_result(
        self, inputs: Mapping[str, Any], failures: Iterable[InputFailure]
    ) -> CheckResult:
        all_failures = [*self._deployment.settings.failures, *failures]
        # Of a property that a failure names, the engine prints the whole value, secrets in clear.
        return CheckResult(
            encode(inputs), [CheckFailure("", str(failure)) for failure in all_failures]
        )

    def _reporting_errors(
        self, inputs: Mapping[str, Any], operation: Callable[[], _Result]
    ) -> _Result:
        try:
            return operation()
        except RealtimeKitError as error:
            self._deployment.get_log(inputs.get("resource_urn")).error(str(error))
            # The engine prints the traceback too, so it is kept short.
            raise error.with_traceback(None) from None
