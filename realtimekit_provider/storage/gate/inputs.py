"""A gate's inputs: their defaults, what is wrong with them, and what a change of them needs.

They are the keys of a ``storage_config``, and beside them the fields of :class:`GateInputs`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import Self

from realtimekit_provider.api.models.storage_config import (
    CREDENTIAL_KEYS,
    TARGET_KEYS,
    StorageConfig,
)
from realtimekit_provider.deployment.writing_apps import App, apply_default_apps, validate_apps
from realtimekit_provider.schema.credentials import HostKey
from realtimekit_provider.schema.hosts import Endpoint
from realtimekit_provider.schema.input_diff import InputDiff, diff_inputs
from realtimekit_provider.schema.input_failures import InputFailure, validate_model
from realtimekit_provider.schema.unknown import UNKNOWN
from realtimekit_provider.schema.values import Flag, list_defaults, omit_keys, type_adapter
from realtimekit_provider.storage.backends.base_models import GateModel

__all__ = [
    "GateInputs",
    "apply_gate_defaults",
    "diff_gate",
    "is_credential_rotation",
    "parse_storage_config",
    "select_storage_config",
    "validate_gate",
]


class GateInputs(GateModel):
    """The inputs of a gate beside its ``storage_config``.

    Attributes:
        host_key: The SFTP server's public host key.
        endpoint: Where Spaces is, if not at the region's own address.
        created_by_stack: Whether the stack creates the credential, which may then be so new that
            its cloud does not know it yet.
        apps: Whose recordings may write through the gate.
        resource_urn: The gate's own URN.
    """

    host_key: HostKey | None = None
    endpoint: Endpoint | None = None
    created_by_stack: Flag = False
    apps: Annotated[tuple[App, ...], Field(max_length=100)] = ()
    resource_urn: str = ""

    @classmethod
    def from_props(cls, inputs: Mapping[str, Any]) -> Self:
        """Return these inputs of a gate's valid inputs."""
        given = {name: inputs[name] for name in cls.model_fields if inputs.get(name) is not None}
        return cls.model_validate(given)


def parse_storage_config(inputs: Mapping[str, Any]) -> StorageConfig:
    """Return the ``storage_config`` among a gate's valid inputs."""
    given = select_storage_config(inputs)
    config: StorageConfig = type_adapter(StorageConfig).validate_python(given)
    return config


def select_storage_config(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ``storage_config`` among a gate's inputs, with those keys that are given."""
    keys = (*TARGET_KEYS, *CREDENTIAL_KEYS)
    return {key: inputs[key] for key in keys if inputs.get(key) is not None}


def apply_gate_defaults(
    given: Mapping[str, Any], default_apps: list[dict[str, str]]
) -> dict[str, Any]:
    """Return the inputs with what the user may leave out; the apps are the stack's by default.

    The keys are those that are given, ``created_by_stack``, ``write_test``, ``upload_deadline``
    and, where an app is known, ``apps``.
    """
    named = {key: value for key, value in given.items() if value is not None}
    defaults = omit_keys(list_defaults(GateInputs), {"apps", "resource_urn"})
    return apply_default_apps({**defaults, **named}, default_apps)


def validate_gate(inputs: Mapping[str, Any]) -> Iterator[InputFailure]:
    """Yield everything that is wrong with a gate's inputs, ignoring what is unknown."""
    config = select_storage_config(inputs)
    yield from validate_model(StorageConfig, config)
    rest = {key: value for key, value in inputs.items() if key not in config}
    yield from validate_model(GateInputs, rest, not_offered={"resource_urn"})
    yield from validate_apps(inputs)
    needs_host_key = config.get("type") == "sftp" and inputs.get("write_test") is True
    if needs_host_key and not inputs.get("host_key"):
        yield InputFailure("host_key", "is required for sftp: there is no insecure default")
    if inputs.get("endpoint") and config.get("type") not in {"digitalocean", UNKNOWN}:
        yield InputFailure("endpoint", "is for digitalocean alone")


def diff_gate(before: Mapping[str, Any], after: Mapping[str, Any]) -> InputDiff:
    """Return what changes: another target is another gate, another credential is not.

    Who creates the credential is no change: the state of an older version does not say it.
    """
    target = (*TARGET_KEYS, "endpoint")
    ignored = {"resource_urn", "created_by_stack"}
    return diff_inputs(before, after, replace_on=target, ignored=ignored)


def is_credential_rotation(after: Mapping[str, Any], found: InputDiff) -> bool:
    """Whether the gate stays, and checks another credential by writing with it."""
    has_changed = not found.replaces and not set(CREDENTIAL_KEYS).isdisjoint(found.updates)
    return has_changed and after.get("write_test") is True
