"""Pieces of a Pulumi program, run against a mocked engine that keeps what it is sent."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.runtime import mocks, rpc, settings
from pulumi.runtime.config import set_all_config

SECRET = {rpc._special_sig_key: rpc._special_secret_sig}
"""How a secret is marked in what the engine is sent."""


@dataclass
class Program(mocks.Mocks):
    """Runs functions as if ``pulumi up`` of stack ``prod`` did, each by itself.

    Attributes:
        config: The stack's config, decrypted.
        secret_keys: The keys of the config that are encrypted.
        registered: The inputs of each resource that was registered, in clear, by its name.
    """

    config: Mapping[str, str] = field(default_factory=dict)
    secret_keys: tuple[str, ...] = ()
    registered: dict[str, dict[str, Any]] = field(default_factory=dict)

    def run(self, function: Callable[[], Any]) -> Any:
        """Return what ``function`` returns, with its outputs resolved and everything awaited."""
        return contextvars.copy_context().run(self._run, function)

    def serialized(self, function: Callable[[], Any]) -> Any:
        """Return what the engine would be sent of the value that ``function`` returns."""

        async def sent() -> Any:
            return await rpc.serialize_property(function(), [], None)

        return self.run(sent)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        self.registered[args.name] = reveal_secrets(args.inputs)
        return f"id-of-{args.name}", {**args.inputs, "status": "RECORDING"}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], None]:
        return {}, None

    def _run(self, function: Callable[[], Any]) -> Any:
        found: list[Any] = []

        def program() -> pulumi.Output[Any]:
            return pulumi.Output.from_input(function()).apply(found.append)

        with _event_loop():
            settings.reset_options()
            set_all_config(dict(self.config), list(self.secret_keys))
            mocks.set_mocks(
                self, project="realtimekit", stack="prod", preview=False, organization="acme"
            )
            mocks.test(program)()  # type: ignore[no-untyped-call]
        return found[0] if found else None


@contextmanager
def _event_loop() -> Iterator[None]:
    """Loops for this thread and for the workers that Pulumi's mocks run in, closed afterwards."""
    loops: list[asyncio.AbstractEventLoop] = []

    def begin() -> None:
        loops.append(asyncio.new_event_loop())
        asyncio.set_event_loop(loops[-1])

    try:
        with ThreadPoolExecutor(initializer=begin) as workers:
            begin()
            loops[0].set_default_executor(workers)
            yield
    finally:
        asyncio.set_event_loop(None)
        for loop in loops:
            loop.close()


def reveal_secrets(value: Any) -> Any:
    """Return what the engine would hand to a provider: secrets are no longer marked."""
    if isinstance(value, dict) and value.keys() > SECRET.keys():
        return reveal_secrets(value["value"])
    if isinstance(value, dict):
        return {key: reveal_secrets(inner) for key, inner in value.items()}
    return [reveal_secrets(inner) for inner in value] if isinstance(value, list) else value
