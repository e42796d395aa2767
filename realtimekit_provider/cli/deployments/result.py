"""How a run of the Pulumi CLI has ended, and what the command exits with: pure."""

from __future__ import annotations

from dataclasses import dataclass

from realtimekit_provider.cli.deployments.stages import Stage
from realtimekit_provider.cli.exit_codes import ExitCode

__all__ = ["DeploymentResult"]


@dataclass(frozen=True)
class DeploymentResult:
    """How a run has ended.

    Attributes:
        exit_code: That of the Pulumi CLI, for an error the kind that it is; negative where a signal
            ended it.
        stage: How far it was stopped.
        was_late: Whether it was stopped because of ``--soft-timeout``.
        lock_error: What the CLI said where another deployment has the lock; empty otherwise.
        removed_lock: Whether the CLI had ended without giving its lock back.
    """

    exit_code: int
    stage: Stage = Stage.RUNNING
    was_late: bool = False
    lock_error: str = ""
    removed_lock: bool = False

    @property
    def code(self) -> ExitCode:
        """What the command exits with: the CLI's own code, where it was not stopped."""
        if self.exit_code == 0:
            return ExitCode.OK
        if self.stage is not Stage.RUNNING:
            return ExitCode.TIMEOUT if self.was_late else ExitCode.CANCELLED
        known = self.exit_code in set(ExitCode)
        return ExitCode(self.exit_code) if known else ExitCode.ERROR
