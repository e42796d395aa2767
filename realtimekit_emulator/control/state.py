"""Control routes of time, settings, tokens, the network, requests and counts."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from realtimekit_emulator.errors import NotFoundError
from realtimekit_emulator.options import InvalidOptionError
from realtimekit_emulator.server.messages import Response

if TYPE_CHECKING:
    from realtimekit_emulator.model.state import EmulatorState

    Given = dict[str, Any]
    Params = dict[str, str]


def about(state: EmulatorState, params: Params, given: Given) -> Any:
    """Tell which accounts and apps exist."""
    del params, given
    return {"accounts": list(state.access.accounts), "apps": list(state.access.apps)}


def reset(state: EmulatorState, params: Params, given: Given) -> Any:
    """Forget everything that happened, and return to the first settings."""
    del params, given
    state.reset()
    state.network.listen()
    return {}


def settings(state: EmulatorState, params: Params, given: Given) -> Any:
    """Tell the settings."""
    del params, given
    return asdict(state.settings)


def change_settings(state: EmulatorState, params: Params, given: Given) -> Any:
    """Change settings; what is already under way keeps the times it began with."""
    state.settings = state.settings.changed(given)
    return settings(state, params, {})


def time(state: EmulatorState, params: Params, given: Given) -> Any:
    """Tell the emulator's time."""
    del params, given
    return {"now": state.clock.now(), "scale": state.clock.scale}


def move_time(state: EmulatorState, params: Params, given: Given) -> Any:
    """Change the pace of time, or jump ahead; whatever becomes due happens."""
    if "scale" in given:
        state.clock.set_scale(float(given["scale"]))
    if "advance" in given:
        state.clock.advance(float(given["advance"]))
    state.now()
    state.timers.set_alarm()
    return time(state, params, {})


def tokens(state: EmulatorState, params: Params, given: Given) -> Any:
    """Allow, forbid or revoke a token."""
    del params
    change = {
        "allowed": state.access.allow,
        "forbidden": state.access.forbid,
        "revoked": state.access.revoke,
    }
    if given["state"] not in change:
        message = f"state must be one of {', '.join(change)}"
        raise InvalidOptionError(message)
    change[given["state"]](str(given["token"]))
    return {}


def network(state: EmulatorState, params: Params, given: Given) -> Any:
    """Refuse connections to the emulated API, or accept them again."""
    del params
    if given.get("listen", True):
        state.network.listen()
    else:
        seconds = given.get("seconds")
        state.network.refuse(None if seconds is None else float(seconds))
    return {}


def requests(state: EmulatorState, params: Params, given: Given) -> Any:
    """List the requests received, without secrets."""
    del given
    after = int(params.get("after", "0"))
    return [entry.shown() for entry in state.requests.entries(params.get("route"), after)]


def request_body(state: EmulatorState, params: Params, given: Given) -> Any:
    """Return what one request sent, as it came, secrets included."""
    del given
    body = state.requests.body(int(params["id"]))
    if body is None:
        message = "there is no such request any more"
        raise NotFoundError(message)
    return Response(raw=body, content_type="application/octet-stream")


def counts(state: EmulatorState, params: Params, given: Given) -> Any:
    """Count requests a route, and how close they came to the limits."""
    del params, given
    limits = state.limits
    return {
        "routes": dict(state.requests.counts),
        "exceeded": dict(limits.exceeded),
        "most_in_window": dict(limits.most),
    }


def events(state: EmulatorState, params: Params, given: Given) -> Any:
    """List what happened, to everything or to one recording or meeting."""
    del given
    subject = params.get("subject")
    found = state.events.all() if subject is None else state.events.of(subject)
    return [asdict(event) for event in found]


ROUTES = {
    "GET ": about,
    "POST reset": reset,
    "GET settings": settings,
    "PATCH settings": change_settings,
    "GET time": time,
    "POST time": move_time,
    "POST tokens": tokens,
    "POST network": network,
    "GET requests": requests,
    "GET requests/*/body": request_body,
    "GET counts": counts,
    "GET events": events,
}
