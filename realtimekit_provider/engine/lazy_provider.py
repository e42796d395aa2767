"""Providers that load their controllers when they are configured; users' state refers to them.

A program loads provider classes only to name them. Their controllers are loaded in the provider's
process alone.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, ClassVar, Protocol, cast

from pulumi.dynamic import (
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)
from typing_extensions import override

from realtimekit_provider.engine.garbage_collection import import_without_gc
from realtimekit_provider.engine.sdk_process import extend_sdk, take_run_options, with_current_urn

__all__ = ["Controller", "LazyProvider", "Props", "load_controller"]

Props = dict[str, Any]
"""A resource's properties as the engine hands them over: inputs, or inputs and outputs."""


class Controller(Protocol):
    """What the engine calls for a resource: the methods of ``pulumi.dynamic.ResourceProvider``.

    ``olds`` are the outputs of the last operation (in ``check`` its inputs), ``news`` the inputs
    as declared now; in a preview, parts of ``news`` may be unknown.
    """

    def configure(self, req: ConfigureRequest) -> None:
        """Take the stack's config, before any other call."""

    def check(self, olds: Props, news: Props) -> CheckResult:
        """Return the inputs with their defaults, and what is wrong with them."""

    def diff(self, id_: str, olds: Props, news: Props) -> DiffResult:
        """Return which inputs change, and whether that replaces the resource."""

    def create(self, props: Props) -> CreateResult:
        """Create the resource; the result has its id and what state keeps."""

    def update(self, id_: str, olds: Props, news: Props) -> UpdateResult:
        """Bring the resource to ``news``; the result has what state keeps."""

    def read(self, id_: str, props: Props) -> ReadResult:
        """Return the resource as it really is; without an id where it is gone."""

    def delete(self, id_: str, props: Props) -> None:
        """Delete the resource; that it is gone already is success."""


def load_controller(name: str) -> Controller:
    """Return a new controller of the class that ``name`` names, as ``package.module:Class``."""
    module, _, class_name = name.partition(":")
    return cast("Controller", getattr(import_module(module), class_name)())


class LazyProvider(ResourceProvider):
    """Forwards every call to the controller that the class attribute ``controller`` names.

    An instance has no attributes of its own until it is configured: they would be pickled into
    the state of each resource.
    """

    serialize_as_secret_always = False
    controller: ClassVar[str]
    _controller: Controller

    def __getstate__(self) -> None:
        """Return nothing: what is pickled of a provider is stored in every resource's state."""

    @override
    def configure(self, req: ConfigureRequest) -> None:
        """Load the controller, in the only process that needs it."""
        extend_sdk()
        with import_without_gc():
            self._controller = load_controller(self.controller)
        self._controller.configure(req)

    @override
    def check(self, _olds: Props, news: Props) -> CheckResult:
        return self._controller.check(_olds, take_run_options(news))

    @override
    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        return self._controller.diff(_id, with_current_urn(_olds), _news)

    @override
    def create(self, props: Props) -> CreateResult:
        return self._controller.create(props)

    @override
    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        return self._controller.update(_id, with_current_urn(_olds), _news)

    @override
    def read(self, id_: str, props: Props) -> ReadResult:
        return self._controller.read(id_, take_run_options(props))

    @override
    def delete(self, _id: str, _props: Props) -> None:
        self._controller.delete(_id, with_current_urn(_props))
