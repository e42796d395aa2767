"""The apps of a project's stacks, and what the API lists of each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from realtimekit_provider.api.client import RecordingsClient
from realtimekit_provider.api.models.recording import Recording, parse_time
from realtimekit_provider.api.session import ApiSession
from realtimekit_provider.cli.inventory.join import find_unlisted
from realtimekit_provider.cli.inventory.stacks import App, KnownStack
from realtimekit_provider.cli.parallel import map_parallel
from realtimekit_provider.cli.pulumi_cli.states import StateRecording
from realtimekit_provider.engine.api_client import create_session
from realtimekit_provider.engine.settings import Settings
from realtimekit_provider.errors import CallError, NotFoundError

__all__ = ["AppsRead", "Selection", "list_apps", "read_apps"]

_APPS_AT_ONCE = 4
_ASKED_FIRST = 2


@dataclass(frozen=True)
class Selection:
    """What is asked of the API.

    Attributes:
        meeting_id: Only recordings of this meeting.
        newer_than: Of those that have ended only the ones that were started that long ago or less.
    """

    meeting_id: str | None = None
    newer_than: timedelta | None = None

    def get_oldest(self, now: datetime) -> datetime | None:
        """Return when the oldest one was started that is asked for."""
        return now - self.newer_than if self.newer_than is not None else None

    def may_have(self, held: StateRecording, now: datetime) -> bool:
        """Whether a recording of a state is among what is asked for."""
        started, oldest = parse_time(held.stored.outputs.invoked_time), self.get_oldest(now)
        is_older = started is not None and oldest is not None and started < oldest
        return not is_older and self.meeting_id in {None, held.stored.inputs.meeting_id}


@dataclass(frozen=True)
class AppsRead:
    """What the API said.

    Attributes:
        listed: The recordings of each app that was read.
        live_meetings: The meetings that somebody is in, of each app in which something is declared
            and not deployed, as far as the API says.
        errors: Why an app could not be read.
        now: The API's present time.
    """

    listed: Mapping[App, Sequence[Recording]]
    live_meetings: Mapping[App, Collection[str]] = field(default_factory=dict)
    errors: Mapping[App, CallError] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: datetime.now(timezone.utc))


def list_apps(stacks: Iterable[KnownStack]) -> dict[App, list[KnownStack]]:
    """Return the apps of stacks, each with the stacks that have or declare recordings in it."""
    apps: dict[App, list[KnownStack]] = {}
    for stack in stacks:
        for app in dict.fromkeys(stack.list_apps()):
            if all(app):
                apps.setdefault(app, []).append(stack)
    return apps


def read_apps(
    apps: Mapping[App, Sequence[KnownStack]],
    selection: Selection,
    get_token: Callable[[Sequence[KnownStack]], str | None],
    progress: Callable[[str], None],
) -> AppsRead:
    """Return the recordings of apps: a call a page, and some for what is in no page.

    Where something is declared and not deployed, the app's live sessions are listed as well.

    A recording that a state has and the list lacks is asked for by itself, since a list may be
    late. Where the API does not know the first two either, the list is believed.

    Args:
        apps: The apps with their stacks, whose settings say where the API is.
        selection: Which recordings.
        get_token: Returns the token for an app of these stacks.
        progress: Is told about long pauses.

    Raises:
        SettingsError: There is no token, or a setting is not usable.
    """
    clients = _create_clients(apps, get_token, progress)
    errors: dict[App, CallError] = {}
    live: dict[App, Collection[str]] = {}

    def read(app: App) -> tuple[App, list[Recording] | None]:
        try:
            recordings = _read_app(clients[app], app, apps[app], selection)
        except CallError as error:
            errors[app] = error
            return app, None
        if any(stack.has_undeployed_in(app) for stack in apps[app]):
            with suppress(CallError):
                live[app] = frozenset(clients[app].list_live_meetings())
        return app, recordings

    found = dict(map_parallel(read, apps, _APPS_AT_ONCE))
    listed = {app: recordings for app, recordings in found.items() if recordings is not None}
    times = (clients[app].get_server_time() for app in listed)
    return AppsRead(listed, live, errors, next(times, datetime.now(timezone.utc)))


def _create_clients(
    apps: Mapping[App, Sequence[KnownStack]],
    get_token: Callable[[Sequence[KnownStack]], str | None],
    progress: Callable[[str], None],
) -> dict[App, RecordingsClient]:
    sessions: dict[tuple[object, ...], ApiSession] = {}
    clients = {}
    for app, stacks in apps.items():
        known = stacks[0].settings
        key = (token, base_url, share) = (
            get_token(stacks),
            known.base_url,
            known.rate_limit_share,
        )
        if key not in sessions:
            # Without the other settings: a mistake in one of them is no reason to see less.
            settings = Settings(token=token, base_url=base_url, rate_limit_share=share)
            sessions[key] = create_session(settings)
        clients[app] = RecordingsClient(sessions[key], *app, progress)
    return clients


def _read_app(
    client: RecordingsClient, app: App, stacks: Sequence[KnownStack], selection: Selection
) -> list[Recording]:
    listed = {one.id: one for one in _list_recordings(client, selection)}
    unlisted, now = find_unlisted({app: listed.values()}, stacks), client.get_server_time()
    ids = [held.stored.id for _, held in unlisted if selection.may_have(held, now)]
    found = _get_unlisted(client, list(dict.fromkeys(ids)))
    return [
        one if one.meeting_id else one.model_copy(update={"meeting_id": selection.meeting_id})
        for one in (*listed.values(), *found)
    ]


def _list_recordings(client: RecordingsClient, selection: Selection) -> Iterator[Recording]:
    if selection.meeting_id is not None:
        yield from client.list_all(meeting_id=selection.meeting_id)
        return
    if selection.newer_than is not None:
        # One that is live may be older, and be the second one of its meeting.
        yield from client.list_unfinished()
    yield from client.list_all(started_after=selection.get_oldest(client.get_server_time()))


def _get_unlisted(client: RecordingsClient, ids: Sequence[str]) -> list[Recording]:
    found: list[Recording] = []
    for number, recording_id in enumerate(ids):
        if number == _ASKED_FIRST and not found:
            break
        try:
            found.append(client.get(recording_id))
        except NotFoundError:
            continue
    return found
