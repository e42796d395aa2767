"""The kinds of faults: a new one is a class, and a line here."""

from __future__ import annotations

from collections.abc import Mapping

from realtimekit_emulator.faults import list_faults, payload_faults, response_faults, state_faults
from realtimekit_emulator.faults.base import FaultBehavior

BEHAVIORS: Mapping[str, type[FaultBehavior]] = {
    "status": response_faults.Status,
    "invalid_headers": response_faults.InvalidHeaders,
    "empty_body": response_faults.EmptyBody,
    "html_body": response_faults.HtmlBody,
    "not_success": response_faults.NotSuccess,
    "cut": response_faults.Cut,
    "drip": response_faults.Drip,
    "slow": response_faults.Slow,
    "truncated_body": payload_faults.TruncatedBody,
    "missing_id": payload_faults.MissingId,
    "null_fields": payload_faults.NullFields,
    "unknown_status": payload_faults.UnknownStatus,
    "extra_fields": payload_faults.ExtraFields,
    "wrong_data": payload_faults.WrongData,
    "clock_skew": state_faults.ClockSkew,
    "lag": state_faults.Lag,
    "session_lag": list_faults.SessionLag,
    "small_pages": list_faults.SmallPages,
    "shifted_pages": list_faults.ShiftedPages,
    "end_recording": state_faults.EndRecording,
    "revoke_token": state_faults.RevokeToken,
    "refuse": state_faults.Refuse,
}
"""The behaviors by the ``kind`` that the specification of a fault names."""
