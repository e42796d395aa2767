"""What a person is told of a deployment that is stopped, waits or has ended: pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from realtimekit_provider.cli.deployments.durations import format_duration
from realtimekit_provider.cli.deployments.locks import Lock
from realtimekit_provider.cli.deployments.result import DeploymentResult
from realtimekit_provider.cli.deployments.stages import (
    GRACE_AFTER_SIGNAL,
    GRACE_AFTER_TIMEOUT,
    Moment,
    Stage,
)
from realtimekit_provider.cli.pulumi_cli.commands import format_command

__all__ = [
    "describe_locked_stack",
    "describe_locks",
    "describe_removal",
    "describe_result",
    "describe_stage",
]

_CONTINUE = "deploy again to continue; what was interrupted is found then"
_NO_MORE = "no other operation is started, and those that run"


def describe_stage(stage: Stage, moment: Moment) -> str:
    """Return what is told when a stage is entered, empty where that is nothing new.

    Args:
        stage: The stage that is entered.
        moment: What led to it.
    """
    if stage is Stage.CANCELLING:
        return _describe_cancelling(moment)
    if stage is Stage.TERMINATING:
        return (
            "stopping at once: operations that run are interrupted, and the next deployment finds "
            "what they did"
        )
    if stage is Stage.KILLED:
        return "the Pulumi CLI does not end: it is killed, as a last step"
    return ""


def describe_locks(locks: Sequence[Lock]) -> str:
    """Return who holds the locks."""
    return "; ".join(map(str, locks)) if locks else "a deployment that the backend does not name"


def describe_locked_stack(
    stack: str, locks: Sequence[Lock], waited: float | None, *, is_stale: bool = False
) -> str:
    """Return the error where a stack stays locked.

    Args:
        stack: The stack's name.
        locks: Its locks.
        waited: For how many seconds they were waited for; ``None`` where nobody was to wait.
        is_stale: Whether who holds the locks is known to have ended.
    """
    holders = describe_locks(locks)
    if is_stale and waited is None:
        killed = "That process was killed, and left the lock"
        if len(locks) > 1:
            killed = "Those processes were killed, and left the locks"
        return (
            f"stack '{stack}' is locked by {holders}\nNothing was deployed. {killed}: run it again "
            "with --wait-for-lock 1m, which removes what was left"
        )
    if waited is not None:
        first = f"stack '{stack}' is still locked after {format_duration(waited)}, by {holders}"
        advice = "deploy when it has ended"
    else:
        first = f"stack '{stack}' is locked by {holders}"
        advice = "deploy when it has ended, or run this again with --wait-for-lock 10m, which waits"
    return f"{first}\nNothing was deployed. If it runs, {advice};\n{describe_removal(stack)}"


def describe_removal(stack: str) -> str:
    """Return why a lock is not removed, and the command that does.

    Args:
        stack: The stack's name.
    """
    return (
        "if that deployment does not run any more, remove its lock:\n"
        f"  {format_command('cancel --yes', stack)}\n"
        "(only a lock in a folder of this machine, and that of a 'realtimekit up' which was killed "
        "here, is removed by itself: of any other it is not known whether its process has ended)"
    )


def describe_result(result: DeploymentResult) -> Iterator[str]:
    """Yield what is told last, where the Pulumi CLI itself does not say it."""
    if result.removed_lock:
        yield "the Pulumi CLI had left its lock: it is removed"
    if result.stage is Stage.RUNNING:
        if result.exit_code < 0:
            yield f"the Pulumi CLI was ended by signal {-result.exit_code}: {_CONTINUE}"
    elif result.exit_code == 0:
        yield "the deployment was complete before it was stopped"
    else:
        cause = "out of time" if result.was_late else "cancelled"
        yield f"{cause}: {_CONTINUE}"


def _describe_cancelling(moment: Moment) -> str:
    if not moment.signals:
        grace = format_duration(GRACE_AFTER_TIMEOUT)
        return f"the soft timeout is over: {_NO_MORE} have {grace} to finish"
    if moment.has_terminal:
        return f"cancelling: {_NO_MORE} are finished; press Ctrl-C again to stop at once"
    grace = format_duration(GRACE_AFTER_SIGNAL)
    return f"cancelling: {_NO_MORE} have {grace} to finish"
