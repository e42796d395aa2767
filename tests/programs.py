"""Parts of a Pulumi program, run against a mocked engine that stores what it receives."""

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

IDENTITY = "1d3a7c5e"
"""The value of the identity of each stack here."""

SECRET = {rpc._special_sig_key: rpc._special_secret_sig}
"""How the SDK marks a secret in what it sends to the engine."""


@dataclass
class Program(mocks.Mocks):
    """Runs functions as ``pulumi up`` of stack ``prod`` runs a program, each on its own.

    Attributes:
        config: The stack's config, decrypted.
        secret_keys: The keys of the config that are encrypted.
        registered: The inputs of each registered resource by its name, without secret markers;
            the stack's identity is not among them.
        identities: The inputs of each identity that was registered.
    """

    config: Mapping[str, str] = field(default_factory=dict)
    secret_keys: tuple[str, ...] = ()
    registered: dict[str, dict[str, Any]] = field(default_factory=dict)
    identities: list[dict[str, Any]] = field(default_factory=list)

    def run(self, function: Callable[[], Any]) -> Any:
        """Return what ``function`` returns, with its outputs resolved and everything awaited."""
        return contextvars.copy_context().run(self._run, function)

    def serialize(self, function: Callable[[], Any]) -> Any:
        """Return the value of ``function`` as the SDK would send it to the engine."""

        async def serialize() -> Any:
            return await rpc.serialize_property(function(), [], None)

        return self.run(serialize)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        if args.typ.endswith(":StackIdentity"):
            self.identities.append(args.inputs)
            return "id-of-the-stack", {**args.inputs, "value": IDENTITY}
        self.registered[args.name] = reveal_secrets(args.inputs)
        return f"id-of-{args.name}", {**args.inputs, "status": "RECORDING"}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], None]:
        return {}, None

    def _run(self, function: Callable[[], Any]) -> Any:
        results: list[Any] = []

        def program() -> pulumi.Output[Any]:
            return pulumi.Output.from_input(function()).apply(results.append)

        with _running_event_loops():
            settings.reset_options()
            set_all_config(dict(self.config), list(self.secret_keys))
            mocks.set_mocks(
                self, project="realtimekit", stack="prod", preview=False, organization="acme"
            )
            mocks.test(program)()  # type: ignore[no-untyped-call]
        return results[0] if results else None


@contextmanager
def _running_event_loops() -> Iterator[None]:
    """Run event loops for this thread and for the workers of Pulumi's mocks, and close them."""
    loops: list[asyncio.AbstractEventLoop] = []

    def start_loop() -> None:
        loops.append(asyncio.new_event_loop())
        asyncio.set_event_loop(loops[-1])

    try:
        with ThreadPoolExecutor(initializer=start_loop) as workers:
            start_loop()
            loops[0].set_default_executor(workers)
            yield
    finally:
        asyncio.set_event_loop(None)
        for loop in loops:
            loop.close()


def reveal_secrets(value: Any) -> Any:
    """Return the value as the engine would pass it to a provider, without secret markers."""
    if isinstance(value, dict) and value.keys() > SECRET.keys():
        return reveal_secrets(value["value"])
    if isinstance(value, dict):
        return {key: reveal_secrets(inner) for key, inner in value.items()}
    return [reveal_secrets(inner) for inner in value] if isinstance(value, list) else value
