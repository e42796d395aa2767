"""The resource ``StackIdentity``, and the marks that are made of it."""

from __future__ import annotations

import threading

import pulumi
from pulumi.runtime.settings import get_root_resource

from realtimekit_provider.constants import IDENTITY_NAME
from realtimekit_provider.deployment.mark import compute_mark
from realtimekit_provider.engine.registration import ProviderResource
from realtimekit_provider.engine.sdk_process import with_run_options
from realtimekit_provider.engine.secret_inputs import require_encrypted_token
from realtimekit_provider.engine.urn import compute_urn
from realtimekit_provider.providers import StackIdentityProvider

__all__ = ["StackIdentity", "declare_identity", "mark_for_urn"]


class StackIdentity(ProviderResource, module="realtimekit", name="StackIdentity"):
    """A random value in the state of a stack, by which the stack knows what it made.

    There is one a stack, which :func:`declare_identity` declares.
    """

    value: pulumi.Output[str]
    """Eight hexadecimal digits, made once."""

    declares: pulumi.Output[bool]
    """Whether the program declares any other resource of this package."""

    def __init__(self, *, declares: bool = True) -> None:
        """Declare the identity of the stack.

        Args:
            declares: Whether the program declares any other resource of this package.

        Raises:
            pulumi.RunError: ``cloudflare:apiToken`` is in the stack's config in plaintext.
        """
        require_encrypted_token()
        urn = compute_urn(IDENTITY_NAME, "StackIdentity", None)
        inputs = {"value": None, "declares": declares, "resource_urn": with_run_options(urn)}
        self._register(StackIdentityProvider, IDENTITY_NAME, inputs, None)


# Programs of the Automation API run in one process, and a program may declare in several threads.
_DECLARING = threading.RLock()
_ATTRIBUTE = "_realtimekit_identity"


def declare_identity(*, declares: bool = True) -> StackIdentity:
    """Return the identity of the stack that the running program is for, declared by the first call.

    Args:
        declares: Whether the program declares any other resource of this package; only the first
            call of a program can say so.

    Raises:
        pulumi.RunError: ``cloudflare:apiToken`` is in the stack's config in plaintext.
    """
    root = get_root_resource()
    with _DECLARING:
        identity: StackIdentity | None = getattr(root, _ATTRIBUTE, None)
        if identity is None:
            identity = StackIdentity(declares=declares)
            if root is not None:
                setattr(root, _ATTRIBUTE, identity)
        return identity


def mark_for_urn(urn: str | pulumi.Output[str]) -> pulumi.Output[str | None]:
    """Return the mark of the resource with this URN, as an output that depends on no resource.

    With a dependency, replacing the identity would replace whatever has a mark, and a
    ``destroy --target`` of it would be refused. It is unknown while the identity is, in the first
    preview of a stack, and ``None`` where the deployment does not create the identity.
    """
    value = declare_identity().value

    async def compute() -> str | None:
        identity = await value.future()
        known_urn = urn if isinstance(urn, str) else await urn.future()
        if identity is None or known_urn is None:
            return None
        return compute_mark(identity, known_urn)

    return pulumi.Output(set(), compute(), value.is_known())
