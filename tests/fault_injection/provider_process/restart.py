"""Many deployments in one provider process, none of which remembers an earlier one."""

from __future__ import annotations

from typing import Any

from pulumi.dynamic import CreateResult, ResourceProvider

from realtimekit_provider.engine.controller_base import ControllerBase
from realtimekit_provider.engine.deployment import Deployment

__all__ = ["DeploymentRestartProvider", "make_deployment_restartable"]


class _CurrentDeployment:
    """The one deployment of all controllers, in place of what each is configured with."""

    def __init__(self) -> None:
        self._deployment: Deployment | None = None

    def __get__(self, _controller: object, _owner: type) -> Deployment | None:
        return self._deployment

    def __set__(self, _controller: object, deployment: Deployment) -> None:
        self._deployment = self._deployment or deployment

    def restart(self) -> None:
        """Replace the deployment by a new one, and close its connections."""
        if self._deployment is None:
            return
        if self._deployment._session is not None:
            self._deployment._session.transport._session.close()
        self._deployment = Deployment(self._deployment.settings)


_CURRENT = _CurrentDeployment()


class DeploymentRestartProvider(ResourceProvider):
    """A resource whose create ends the current deployment and starts another one."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Start another deployment."""
        _CURRENT.restart()
        return CreateResult("restarted", {})


def make_deployment_restartable() -> None:
    """Let all controllers of this process share one deployment, which can be restarted."""
    assert "_deployment" in ControllerBase.__annotations__
    ControllerBase._deployment = _CURRENT  # type: ignore[assignment]
