"""The controller of ``StackIdentity``."""

from __future__ import annotations

import secrets

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    CreateResult,
    DiffResult,
    ReadResult,
    UpdateResult,
)

from realtimekit_provider.engine.controller_base import ControllerBase
from realtimekit_provider.engine.lazy_provider import Props
from realtimekit_provider.engine.property_codec import decode, encode

__all__ = ["IdentityController"]

_BYTES = 4
_EMPTIED = (
    "the stack's config declares neither recordings nor storage any more, so this deployment would "
    "stop and delete everything that the stack has. Where that is meant, run 'pulumi destroy', or "
    "'pulumi config set realtimekit:allowEmpty true' and deploy again; otherwise bring back what "
    "the config declared under realtimekit:recordings and realtimekit:storage"
)


class IdentityController(ControllerBase):
    """Makes a random value once, and keeps it."""

    def __init__(self) -> None:
        super().__init__()
        self._deleted: dict[str, str] = {}

    def check(self, _olds: Props, news: Props) -> CheckResult:
        """Refuse a program that declares nothing any more, unless the stack's config allows it.

        Settings that are wrong are not reported here, but by the resources that they concern.
        """
        before, inputs = decode(_olds), decode(news)
        self._register_declared(inputs)
        becomes_empty = before.get("declares") is True and inputs.get("declares") is False
        is_refused = becomes_empty and not self._deployment.settings.allow_empty
        return CheckResult(encode(inputs), [CheckFailure("", _EMPTIED)] if is_refused else [])

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        """Tell the engine whether ``declares`` changes; the value never does."""
        before, after = decode(_olds), decode(_news)
        updates = ["declares"] if before.get("declares") != after.get("declares") else []
        return self._make_diff_result(
            before, after, replaces=[], updates=updates, computed=["value"]
        )

    def create(self, props: Props) -> CreateResult:
        """Make the value; where the identity is being replaced, keep it.

        It is replaced only by force (``--replace``), and the old one is then deleted first. The
        value is in memory between the two: a kill there loses it.
        """
        inputs = decode(props)
        kept = self._deleted.pop(str(inputs.get("resource_urn")), None)
        value = kept or secrets.token_hex(_BYTES)
        return CreateResult(value, encode({**inputs, "value": value}))

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        """Store whether the program declares anything."""
        return UpdateResult(encode({**decode(_news), "value": decode(_olds)["value"]}))

    def read(self, id_: str, props: Props) -> ReadResult:
        """Return what is stored: the identity exists in the state alone."""
        return ReadResult(id_, encode(decode(props)))

    def delete(self, _id: str, _props: Props) -> None:
        """Do nothing, but remember the value."""
        stored = decode(_props)
        self._deleted[str(stored.get("resource_urn"))] = stored["value"]
