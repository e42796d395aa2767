"""The control handlers of settings, time, tokens and the network."""

from __future__ import annotations

from typing import Any, get_args

from realtimekit_emulator.control.control_request import ControlRequest
from realtimekit_emulator.errors import InvalidRequestError
from realtimekit_emulator.model.tokens import TokenOwner


def get_access(request: ControlRequest) -> Any:
    """Show which accounts and apps exist."""
    access = request.state.access
    return {"accounts": list(access.accounts), "apps": list(access.apps)}


def reset(request: ControlRequest) -> Any:
    """Forget everything that happened, and return to the first settings."""
    request.emulator.reset()
    return {}


def get_settings(request: ControlRequest) -> Any:
    """Show the settings."""
    return request.state.settings.model_dump(mode="json")


def change_settings(request: ControlRequest) -> Any:
    """Change settings; timers that are set already keep their times."""
    request.state.settings = request.state.settings.with_changes(request.body)
    return get_settings(request)


def get_time(request: ControlRequest) -> Any:
    """Show the emulator's time, and its scale."""
    return {"now": request.now, "scale": request.state.clock.scale}


def change_time(request: ControlRequest) -> Any:
    """Change the scale of time, or jump ahead; whatever becomes due happens."""
    state, body = request.state, request.body
    if "scale" in body:
        state.clock.set_scale(float(body["scale"]))
    if "advance" in body:
        state.clock.advance(float(body["advance"]))
    state.run_due_timers()
    state.timers.schedule_wakeup()
    return get_time(request)


def change_token(request: ControlRequest) -> Any:
    """Allow, forbid, revoke or disable a token; say whose it is, and when it expires."""
    access = request.state.access
    changes = {
        "allowed": access.allow,
        "forbidden": access.forbid,
        "revoked": access.revoke,
        "disabled": access.allow,
    }
    wanted = request.get_required("state")
    if wanted not in changes:
        raise InvalidRequestError(f"state must be one of {', '.join(changes)}")
    owner = request.body.get("owner", "user")
    if owner not in get_args(TokenOwner):
        raise InvalidRequestError(f"owner must be one of {', '.join(get_args(TokenOwner))}")
    expires_in = request.body.get("expires_in")
    token = str(request.get_required("token"))
    changes[wanted](token)
    access.describe(
        token,
        owner=owner,
        is_disabled=wanted == "disabled",
        expires_at=None if expires_in is None else request.now + float(expires_in),
    )
    return {}


def change_network(request: ControlRequest) -> Any:
    """Refuse connections to the emulated API, or accept them again."""
    network = request.state.network
    if request.body.get("listen", True):
        network.accept_connections()
    else:
        seconds = request.body.get("seconds")
        network.refuse_connections(None if seconds is None else float(seconds))
    return {}


ROUTES = {
    "GET ": get_access,
    "POST reset": reset,
    "GET settings": get_settings,
    "PATCH settings": change_settings,
    "GET time": get_time,
    "POST time": change_time,
    "POST tokens": change_token,
    "POST network": change_network,
}
