"""What all controllers share: the run that they belong to, and how their errors are told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from pulumi.dynamic import CheckFailure, CheckResult, ConfigureRequest, ResourceProvider

from realtimekit_provider.dynamic.codec import encode
from realtimekit_provider.dynamic.run import Run, run_of
from realtimekit_provider.errors import RealtimeKitError
from realtimekit_provider.lifecycle.problems import Problem

__all__ = ["Props", "SpeakingProvider"]

Props = dict[str, Any]
_Result = TypeVar("_Result")


class SpeakingProvider(ResourceProvider):
    """A controller whose errors appear as one sentence on the resource's own row."""

    serialize_as_secret_always = False
    _run: Run

    def configure(self, req: ConfigureRequest) -> None:
        """Find the run of this process."""
        self._run = run_of(req.config)

    def __getstate__(self) -> None:
        """Keep nothing: what is pickled of a provider lands in every resource's state."""

    def _checked(self, inputs: Mapping[str, Any], problems: Iterable[Problem]) -> CheckResult:
        found = [*self._run.settings.problems, *problems]
        # Of a property that a failure names, the engine prints the whole value, secrets in clear.
        failures = [CheckFailure("", str(problem)) for problem in found]
        return CheckResult(encode(inputs), failures)

    def _spoken(self, inputs: Mapping[str, Any], operation: Callable[[], _Result]) -> _Result:
        """Put the sentence of an error on the resource's row, and keep the traceback short."""
        try:
            return operation()
        except RealtimeKitError as error:
            self._run.voice(inputs.get("resource_urn")).error(str(error))
            raise error.with_traceback(None) from None
