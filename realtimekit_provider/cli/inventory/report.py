"""What the list is: its rows, and what was seen to make them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from realtimekit_provider.cli.exit_codes import ExitCode
from realtimekit_provider.cli.inventory.filters import list_labels
from realtimekit_provider.cli.inventory.rows import RecordingClass, Row
from realtimekit_provider.cli.inventory.stacks import App, KnownStack
from realtimekit_provider.cli.pulumi_cli.backend import BackendInfo

__all__ = ["Report"]


@dataclass(frozen=True)
class Report:
    """The rows that are shown, and what was seen to make them.

    Attributes:
        rows: The rows that are shown, in their order.
        total: How many there are without filters.
        total_unstarted: How many of these are no recordings, since they were not started.
        now: The API's present time.
        backend: Where the states are.
        project: The project's name.
        stacks: The stacks that were read.
        apps: The apps that were read, with how many recordings each lists.
        explains_all: Whether people are told the reason of rows that are plain, too.
        note: What is known of the meeting that was asked for, where no row is of it.
        warnings: What could not be read, in words.
        error_code: What the command exits with because of that.
    """

    rows: Sequence[Row]
    total: int
    now: datetime
    backend: BackendInfo
    project: str
    stacks: Sequence[KnownStack]
    apps: Mapping[App, int]
    total_unstarted: int = 0
    explains_all: bool = False
    note: str = ""
    warnings: Sequence[str] = ()
    error_code: ExitCode = ExitCode.OK

    def count_classes(self) -> dict[str, int]:
        """Return how many rows each class has, and how many are expiring or lost, if any."""
        return Counter(label for row in self.rows for label in list_labels(row, self.now))

    def count_unstarted(self) -> int:
        """Return how many rows are no recordings: what they declare was not started."""
        return sum(not row.is_started for row in self.rows)

    @property
    def has_stacks(self) -> bool:
        """Whether the backend has any stack of the project: without one nothing can be wrong."""
        return any(stack.is_in_backend for stack in self.stacks)

    def count_unknown(self) -> int:
        """Return how many rows are of an app that could not be asked."""
        return sum(row.recording_class is RecordingClass.UNKNOWN for row in self.rows)

    def count_wrong(self) -> int:
        """Return how many rows are of a class that is wrong."""
        return sum(row.recording_class.is_wrong for row in self.rows)

    def count_notable(self) -> int:
        """Return how many rows are not wrong, and something to look at.

        They may have lost their files, are not as declared, or were never deployed. No deployment
        brings lost files back, so ``--expect-clean`` does not fail because of them: it would fail
        until the recording is replaced.
        """
        return sum(row.is_notable and not row.recording_class.is_wrong for row in self.rows)

    def to_document(self) -> dict[str, Any]:
        """Return the report for programs.

        Returns:
            ``backend`` (``url``, ``user``), ``project``, ``stacks`` (``name``, ``has_state``,
            ``is_in_backend``, ``is_updating``: ``None`` where that is not known), ``apps``
            (``account_id``, ``app_id``, ``recordings``), ``total``, ``counts`` by class, with those
            of ``expiring`` and ``lost``, which have a class too, ``recordings`` as
            :meth:`_describe_row` has them, ``note``, ``warnings``.
        """
        return {
            "backend": {"url": self.backend.url, "user": self.backend.user},
            "project": self.project,
            "stacks": [
                {
                    "name": stack.name,
                    "has_state": stack.state is not None,
                    "is_in_backend": stack.is_in_backend,
                    "is_updating": stack.is_deployed_now,
                }
                for stack in self.stacks
            ],
            "apps": [
                {"account_id": account_id, "app_id": app_id, "recordings": number}
                for (account_id, app_id), number in self.apps.items()
            ],
            "total": self.total,
            "counts": self.count_classes(),
            "recordings": [self._describe_row(row) for row in self.rows],
            "note": self.note,
            "warnings": list(self.warnings),
        }

    def _describe_row(self, row: Row) -> dict[str, Any]:
        """Return a row; what is not known of it is ``None``.

        Returns:
            ``class``, ``reason``, ``is_expiring``, ``is_lost``, ``id`` (``None`` where nothing was
            started), ``status``, ``owners`` (``stack``, ``name``), ``started_for`` (the same, or
            ``None``), ``account_id``, ``app_id``, ``meeting_id``, ``session_id``, ``invoked_time``,
            ``started_time``, ``stopped_time``, ``recording_duration``, ``output_file_name``,
            ``mark`` and ``expires``.
        """
        recording = row.recording
        account_id, app_id = row.app
        return {
            "class": row.recording_class.value,
            "reason": row.reason,
            "is_expiring": row.expires_soon(self.now),
            "is_lost": row.may_lack_files,
            "id": recording.id if row.is_started else None,
            "status": row.status,
            "owners": list(map(asdict, row.owners)),
            "started_for": asdict(row.starter) if row.starter is not None else None,
            "account_id": account_id or None,
            "app_id": app_id or None,
            "meeting_id": recording.meeting_id,
            "session_id": recording.session_id,
            "invoked_time": recording.invoked_time or None,
            "started_time": recording.started_time,
            "stopped_time": recording.stopped_time,
            "recording_duration": recording.recording_duration,
            "output_file_name": recording.output_file_name,
            "mark": row.mark,
            "expires": row.expires.isoformat() if row.expires is not None else None,
        }
