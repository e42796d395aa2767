"""How resources are registered: with which options, and with a stack trace that stays small.

The SDK keeps a stack trace with each resource, and takes the frame above the third constructor for
the place where a program declares it. The constructor of Pulumi's dynamic resource is one of the
three: the place was then a line of this package, and the traces were a third of a state, which is
written whole at each step of a deployment.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pulumi
from pulumi.dynamic import Resource, ResourceProvider
from pulumi.dynamic.dynamic import PROVIDER_KEY, serialize_provider

__all__ = ["ProviderResource", "shorten_stack_traces", "with_delete_before_replace"]

_IMPORT_REFUSAL = (
    "a resource of realtimekit_provider cannot be imported. To take over a recording that is "
    "live, declare it with adopt_recording_id; to use storage that exists, declare it with "
    "existing=True"
)
"""Why ``pulumi import`` and the option ``import_`` do not work, and what does."""

_FRAMES = 7
"""From the SDK's innermost function to the line that declares a resource, both included."""


class ProviderResource(Resource):
    """A resource of one of this package's providers.

    It is what ``pulumi.dynamic.Resource`` makes, type and reference to the provider included.
    """

    def _register(
        self,
        provider: type[ResourceProvider],
        name: str,
        inputs: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        """Register the resource; called by the constructor of each resource, in place of ``super``.

        Args:
            provider: The class of the provider, which keeps nothing of its own in the state.
            name: The resource's name in the stack.
            inputs: The inputs, and a ``None`` for each output that is no input.
            opts: Pulumi's options; see :func:`with_delete_before_replace`.

        Raises:
            pulumi.RunError: The resource is to be imported.
        """
        options = with_delete_before_replace(opts)
        properties = {**inputs, PROVIDER_KEY: _serialize(provider)}
        with shorten_stack_traces():
            pulumi.CustomResource.__init__(
                self, f"pulumi-python:{self._resource_type_name}", name, properties, options
            )


def with_delete_before_replace(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """Return the options with deletion before replacement, whatever causes the replacement.

    The providers' diffs say the same, but the engine does not call ``diff`` for a resource that
    ``--replace`` names or that is tainted. A recording, a key and a bucket are found again by
    their names: created before the old one is deleted, the new one would be deleted with it.

    Raises:
        pulumi.RunError: The resource is to be imported.
    """
    if opts is not None and opts.import_ is not None:
        raise pulumi.RunError(_IMPORT_REFUSAL)
    delete_first = pulumi.ResourceOptions(delete_before_replace=True)
    return pulumi.ResourceOptions.merge(opts, delete_first)


# While it serializes, the SDK replaces the pickler of the whole process.
_SERIALIZING = threading.Lock()
_SERIALIZED: dict[type[ResourceProvider], str] = {}


def _serialize(provider: type[ResourceProvider]) -> str:
    with _SERIALIZING:
        if provider not in _SERIALIZED:
            _SERIALIZED[provider] = serialize_provider(provider())
        return _SERIALIZED[provider]


class _TracebackLimit:
    """The limit of all tracebacks of the process, lowered while anybody needs it lowered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._before: int | None = None

    def lower(self) -> None:
        with self._lock:
            if self._users == 0:
                self._before = getattr(sys, "tracebacklimit", None)
                sys.tracebacklimit = _FRAMES
            self._users += 1

    def restore(self) -> None:
        with self._lock:
            self._users -= 1
            if self._users > 0:
                return
            if self._before is None:
                del sys.tracebacklimit
            else:
                sys.tracebacklimit = self._before


_LIMIT = _TracebackLimit()


@contextmanager
def shorten_stack_traces() -> Iterator[None]:
    """Shorten the stack traces that are taken inside to the line that declares a resource.

    The limit is the whole process's. Several threads may be inside at once: the last one to leave
    restores what was set before the first one came.
    """
    _LIMIT.lower()
    try:
        yield
    finally:
        _LIMIT.restore()
