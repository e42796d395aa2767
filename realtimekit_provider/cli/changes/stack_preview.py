"""What the preview of a stack says, without a credential in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from realtimekit_provider.cli.changes.endings import Ending

__all__ = ["Change", "Message", "Operation", "StackPreview"]

Operation = Literal["create", "update", "replace", "delete", "same"]
"""What happens to a resource; ``same``: only how its inputs are written, or nothing at all."""


@dataclass(frozen=True)
class Message:
    """A line that the engine, the program or a provider has to say.

    Attributes:
        severity: ``error``, ``warning`` or ``info``.
        urn: The resource that it is about; empty for the stack as a whole.
        text: The text, credentials removed.
    """

    severity: str
    urn: str
    text: str


@dataclass(frozen=True)
class Change:
    """What happens to a resource.

    Attributes:
        urn: Its URN.
        kind: ``TrackRecording``, ``StorageLocation``, ``StorageWriter`` or ``StorageGate``; the
            whole type of any other resource.
        name: The name that the program gives it.
        operation: What happens to it.
        reasons: The paths for which it happens, in the engine's spelling; ``status`` is one where
            the recording is not as declared.
        before: The inputs as they were declared last, ``None`` where there were none.
        after: The inputs as they are declared now, ``None`` where there are none.
        status: What the state knows of a recording that exists, such as ``RECORDING``.
        remarks: What its row says.
        is_leftover: Whether it only waits to be deleted, since a replacement was interrupted.
    """

    urn: str
    kind: str
    name: str
    operation: Operation
    reasons: tuple[str, ...] = ()
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    status: str | None = None
    remarks: tuple[Message, ...] = ()
    is_leftover: bool = False


@dataclass(frozen=True)
class StackPreview:
    """What a deployment of a stack would do.

    Attributes:
        stack: The stack's name.
        changes: Every resource to which something happens, or whose inputs differ, by URN.
        messages: All that was said, in its order, the rows' remarks included.
        error: Why the preview failed, ``None`` where it did not.
        exit_code: What the Pulumi CLI exited with; for an error the kind that it is.
        is_new: Whether the backend does not know the stack yet.
        endings: The recordings that a refresh found ended since the last deployment.
        is_partial: Whether it failed before everything was known: other resources may change than
            those of ``changes`` and those that failed.
    """

    stack: str
    changes: tuple[Change, ...] = ()
    messages: tuple[Message, ...] = ()
    error: str | None = None
    exit_code: int = 0
    is_new: bool = False
    endings: tuple[Ending, ...] = ()
    is_partial: bool = False

    @property
    def is_failed(self) -> bool:
        """Whether it is not known what a deployment would do."""
        return self.error is not None

    def list_messages(self, *severities: str) -> Iterator[Message]:
        """Yield the messages of these severities."""
        return (message for message in self.messages if message.severity in severities)
