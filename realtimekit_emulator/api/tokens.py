"""The handlers of tokens: each says of the request's own token whether it works."""

from __future__ import annotations

from typing import Any

from realtimekit_emulator.api.api_request import ApiRequest
from realtimekit_emulator.messages import Response
from realtimekit_emulator.model.clock import format_iso
from realtimekit_emulator.model.tokens import Token


def verify_account_token(request: ApiRequest) -> Response:
    """Say what is known of a token that belongs to the account of the path."""
    account_id = request.params["account_id"]
    return _wrap_result(request.state.access.get_account_token(request.token, account_id), request)


def verify_user_token(request: ApiRequest) -> Response:
    """Say what is known of a token that belongs to a user."""
    return _wrap_result(request.state.access.get_user_token(request.token), request)


def _wrap_result(token: Token, request: ApiRequest) -> Response:
    """Return Cloudflare's envelope: keys success, errors, messages, result.

    The result has the keys id, status and, where the token has one, expires_on.
    """
    result: dict[str, Any] = {"id": token.id, "status": token.get_status(request.now)}
    if token.expires_at is not None:
        result["expires_on"] = format_iso(token.expires_at)
    return Response(
        document={"success": True, "errors": [], "messages": [], "result": result},
    )
