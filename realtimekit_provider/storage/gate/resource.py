"""The resource ``StorageGate``, as a program declares it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from realtimekit_provider.api.models.storage_config import TARGET_KEYS
from realtimekit_provider.constants import NOT_DEPLOYED, SECRET_KEYS
from realtimekit_provider.engine.args.base import args_to_dict
from realtimekit_provider.engine.args.layers import StorageConfigInput
from realtimekit_provider.engine.input_values import awaitable_to_output, replace_if_not_deployed
from realtimekit_provider.engine.registration import ProviderResource
from realtimekit_provider.engine.sdk_process import with_run_options
from realtimekit_provider.engine.secret_inputs import (
    require_encrypted_token,
    with_secret_credentials,
)
from realtimekit_provider.engine.urn import compute_urn
from realtimekit_provider.providers import StorageGateProvider

__all__ = ["StorageGate"]

_CONFIG_KEYS = (*TARGET_KEYS, "auth_method", *sorted(SECRET_KEYS))


class StorageGate(ProviderResource, module="realtimekit", name="StorageGate"):
    """Stands between a credential and the recordings that are started with it.

    When it is created, it checks that the very credential writes at the very path. When it is
    deleted, it waits once until no recording that writes there is live or uploading: what its
    ``storage_config`` was made of is deleted only after that.
    """

    def __init__(
        self,
        resource_name: str,
        *,
        storage_config: StorageConfigInput,
        host_key: pulumi.Input[str] | None = None,
        endpoint: pulumi.Input[str] | None = None,
        created_by_stack: pulumi.Input[bool] | None = None,
        apps: pulumi.Input[Sequence[pulumi.Input[Mapping[str, pulumi.Input[str]]]]] | None = None,
        write_test: pulumi.Input[bool] | None = None,
        upload_deadline: pulumi.Input[float] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare a gate in front of any storage, one's own or another provider's.

        Args:
            resource_name: The resource's name in the stack.
            storage_config: The storage, as a layer takes it; parts may be outputs.
            host_key: The SFTP server's public host key; required for ``sftp``.
            endpoint: Where Spaces is, if not at the region's own address; for ``digitalocean``.
            created_by_stack: Whether this stack creates the credential. One that its cloud does
                not know yet is then tried again for a while; any other, by default, is tried once.
            apps: Whose recordings may write there, as ``{"account_id": …, "app_id": …}``;
                the stack's own app where it is left out.
            write_test: Whether to check the credential by writing with it; true by default.
            upload_deadline: Seconds that the delete waits for the last upload; 900 by default.
            opts: Pulumi's options.

        Raises:
            pulumi.RunError: ``cloudflare:apiToken`` stands in the stack's config in clear.
        """
        require_encrypted_token()
        config = _split_keys(storage_config)
        inputs = {
            **{
                key: replace_if_not_deployed(value)
                for key, value in with_secret_credentials(config).items()
            },
            "host_key": host_key,
            "endpoint": endpoint,
            "created_by_stack": created_by_stack,
            "apps": apps,
            "write_test": write_test,
            "upload_deadline": upload_deadline,
            "resource_urn": with_run_options(compute_urn(resource_name, "StorageGate", opts)),
        }
        self._given_keys = [key for key in _CONFIG_KEYS if config.get(key) is not None]
        self._register(StorageGateProvider, resource_name, inputs, opts)
        self._storage_config = {key: getattr(self, key) for key in self._given_keys}
        if "type" in self._given_keys and not pulumi.runtime.is_dry_run():
            self._storage_config["type"] = _replace_where_not_deployed(
                self.id, self._storage_config["type"], resource_name
            )

    @property
    def storage_config(self) -> dict[str, pulumi.Output[Any]]:
        """The storage as a layer takes it: a mapping of outputs, so that only credentials hide.

        The keys are those of the ``storage_config`` that were given.
        """
        return dict(self._storage_config)


def _replace_where_not_deployed(
    gate_id: pulumi.Output[str], storage_type: pulumi.Output[Any], gate: str
) -> pulumi.Output[Any]:
    """Return the type of a gate's storage, and what says that the gate is not deployed.

    A deployment of selected targets does not create the others: their outputs are their inputs,
    and they have no id. Where creating the gate failed, its type is unknown too, and the engine
    itself leaves out what needs the gate.
    """

    def replace(known: Mapping[str, Any]) -> Any:
        if not isinstance(known["type"], str):
            return NOT_DEPLOYED
        is_left_out = not isinstance(known["id"], str)
        return f"{NOT_DEPLOYED}{gate.removesuffix('-gate')}" if is_left_out else known["type"]

    both = pulumi.Output.all(id=gate_id, type=storage_type)
    return both.apply(replace, run_with_unknowns=True)


def _split_keys(storage_config: Any) -> dict[str, Any]:
    given = awaitable_to_output(storage_config)
    if isinstance(given, pulumi.Output):
        return {key: _pick_key(given, key) for key in _CONFIG_KEYS}
    known = args_to_dict(given)
    return dict(given) if known is None else known


def _pick_key(storage_config: pulumi.Output[Any], key: str) -> pulumi.Output[Any]:
    return storage_config.apply(lambda known: (args_to_dict(known) or known).get(key))
