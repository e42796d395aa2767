"""The kinds of faults by the names that rules call them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import distortions, replies, turns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .kind import Kind

KINDS: Mapping[str, type[Kind]] = {
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
