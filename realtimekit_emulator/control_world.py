"""Control routes of time, settings, tokens, the network, requests and counts."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .calls import Answer
from .options import InvalidOptionError
from .refusals import NotFoundError

if TYPE_CHECKING:
    from .world import World

    Given = dict[str, Any]
    Params = dict[str, str]


def about(world: World, params: Params, given: Given) -> Any:
    """Tell which accounts and apps exist."""
    del params, given
    return {"accounts": list(world.access.accounts), "apps": list(world.access.apps)}


def reset(world: World, params: Params, given: Given) -> Any:
    """Forget everything that happened, and return to the first settings."""
    del params, given
    world.reset()
    world.network.listen()
    return {}


def settings(world: World, params: Params, given: Given) -> Any:
    """Tell the settings."""
    del params, given
    return asdict(world.settings)


def change_settings(world: World, params: Params, given: Given) -> Any:
    """Change settings; what is already under way keeps the times it began with."""
    world.settings = world.settings.changed(given)
    return settings(world, params, {})


def time(world: World, params: Params, given: Given) -> Any:
    """Tell the emulator's time."""
    del params, given
    return {"now": world.clock.now(), "scale": world.clock.scale}


def move_time(world: World, params: Params, given: Given) -> Any:
    """Change the pace of time, or jump ahead; whatever becomes due happens."""
    if "scale" in given:
        world.clock.set_scale(float(given["scale"]))
    if "advance" in given:
        world.clock.advance(float(given["advance"]))
    world.now()
    world.timers.set_alarm()
    return time(world, params, {})


def tokens(world: World, params: Params, given: Given) -> Any:
    """Allow, forbid or revoke a token."""
    del params
    change = {
        "allowed": world.access.allow,
        "forbidden": world.access.forbid,
        "revoked": world.access.revoke,
    }
    if given["state"] not in change:
        message = f"state must be one of {', '.join(change)}"
        raise InvalidOptionError(message)
    change[given["state"]](str(given["token"]))
    return {}


def network(world: World, params: Params, given: Given) -> Any:
    """Refuse connections to the emulated API, or accept them again."""
    del params
    if given.get("listen", True):
        world.network.listen()
    else:
        seconds = given.get("seconds")
        world.network.refuse(None if seconds is None else float(seconds))
    return {}


def requests(world: World, params: Params, given: Given) -> Any:
    """List the requests received, without secrets."""
    del given
    after = int(params.get("after", "0"))
    return [entry.shown() for entry in world.requests.entries(params.get("route"), after)]


def request_body(world: World, params: Params, given: Given) -> Any:
    """Return what one request sent, as it came, secrets included."""
    del given
    body = world.requests.body(int(params["id"]))
    if body is None:
        message = "there is no such request any more"
        raise NotFoundError(message)
    return Answer(raw=body, content_type="application/octet-stream")


def counts(world: World, params: Params, given: Given) -> Any:
    """Count requests a route, and how close they came to the limits."""
    del params, given
    limits = world.limits
    return {
        "routes": dict(world.requests.counts),
        "exceeded": dict(limits.exceeded),
        "most_in_window": dict(limits.most),
    }


def events(world: World, params: Params, given: Given) -> Any:
    """List what happened, to everything or to one recording or meeting."""
    del given
    subject = params.get("subject")
    found = world.events.all() if subject is None else world.events.of(subject)
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
