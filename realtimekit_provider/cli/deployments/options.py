"""How a stack is deployed."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DeploymentOptions"]


@dataclass(frozen=True)
class DeploymentOptions:
    """How a stack is deployed.

    Attributes:
        stack: Its name.
        stack_key: What tells it from any other stack of any backend.
        arguments: Further arguments of ``pulumi up``.
        soft_timeout: Seconds after which the deployment is stopped; ``None`` for never.
        lock_timeout: Seconds for which another deployment is waited for.
        has_terminal: Whether a person is there, who can press Ctrl-C again.
    """

    stack: str
    stack_key: str
    arguments: tuple[str, ...] = ()
    soft_timeout: float | None = None
    lock_timeout: float = 0.0
    has_terminal: bool = False
