"""The kinds of faults by the names that rules call them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from realtimekit_emulator.faults import payload_faults as distortions
from realtimekit_emulator.faults import response_faults as replies
from realtimekit_emulator.faults import state_faults as turns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from realtimekit_emulator.faults.behavior import FaultBehavior

KINDS: Mapping[str, type[FaultBehavior]] = {
    "status": replies.Status,
    "empty_body": replies.EmptyBody,
    "html_body": replies.HtmlBody,
    "not_success": replies.NotSuccess,
    "cut": replies.Cut,
    "drip": replies.Drip,
    "slow": replies.Slow,
    "truncated_body": distortions.TruncatedBody,
    "missing_id": distortions.MissingId,
    "null_fields": distortions.NullFields,
    "unknown_status": distortions.UnknownStatus,
    "extra_fields": distortions.ExtraFields,
    "clock_skew": turns.ClockSkew,
    "lag": turns.Lag,
    "end_recording": turns.EndRecording,
    "revoke_token": turns.RevokeToken,
    "refuse": turns.Refuse,
}
