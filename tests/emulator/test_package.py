"""The package as a whole."""

from __future__ import annotations

import ast
import time
from pathlib import Path

import realtimekit_emulator
from realtimekit_emulator.model.recording import Layer, Output, Reason
from realtimekit_emulator.model.recording_index import RecordingQuery
from realtimekit_emulator.model.recordings import StartRequest
from realtimekit_emulator.model.settings import fast
from realtimekit_emulator.model.state import EmulatorState

FOLDER = Path(realtimekit_emulator.__file__).parent
PRIVATE = {name for name in vars(realtimekit_emulator) if name.startswith("_")}


def test_what_is_exported_is_what_is_listed() -> None:
    """The public names are those of __all__, in order."""
    modules = {path.stem for path in FOLDER.iterdir()}
    names = set(vars(realtimekit_emulator)) - PRIVATE - modules
    assert names == set(realtimekit_emulator.__all__)
    assert realtimekit_emulator.__all__ == sorted(
        realtimekit_emulator.__all__, key=lambda name: (not name.isupper(), name)
    )


def test_the_emulator_shares_nothing_with_the_provider() -> None:
    """Two programs that share code also share its mistakes."""
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names = [one.name for one in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                continue
            assert not any(name.startswith("realtimekit_provider") for name in names), path


def test_only_the_server_knows_the_http_library() -> None:
    """The model and its rules can be read, and used, without it."""
    users = [path.name for path in FOLDER.rglob("*.py") if "aiohttp" in path.read_text()]
    assert users == ["server.py"]


def filled(meetings: int, recordings: int) -> EmulatorState:
    """Return a world in which every meeting was recorded many times."""
    world = EmulatorState(fast())
    reason, layers = Reason("API_CALL"), (Layer("default", (Output("REALTIMEKIT_BUCKET"),)),)
    rooms = [world.meetings.create("app", {}, 0) for _ in range(meetings)]
    for room in rooms:
        world.meetings.join(room, "anna", 0)
    for number in range(recordings):
        room = rooms[number % meetings]
        before = world.recordings.active(room)
        if before is not None:
            world.recordings.stop(before, reason, number)
        world.recordings.start(StartRequest(room, layers, reason), number)
    return world


def reading_time(world: EmulatorState) -> float:
    """Return how long it takes to read what clients read."""
    index, rooms = world.recordings.index, world.meetings.of_app("app")
    latest = index.latest()
    assert latest is not None
    begun = time.perf_counter()
    for _ in range(50):
        assert index.get(latest.id) is latest
        assert index.page("app", RecordingQuery(offset=5, size=10))[1] == len(index)
        assert index.page("app", RecordingQuery(0, 10, start=3.0, end=60.0))[1] == 58
        assert index.page("app", RecordingQuery(0, 5, meeting_id=rooms[0].id))[0]
        assert len(index.page("app", RecordingQuery(0, 5, statuses=frozenset({"INVOKED"})))[0]) == 5
        assert world.recordings.active(rooms[0]) is not None
    return time.perf_counter() - begun


def test_reading_does_not_take_longer_with_many_recordings() -> None:
    """A hundred times as many recordings, found in about the same time."""
    few, many = filled(10, 100), filled(10, 10_000)
    assert min(reading_time(many) for _ in range(3)) < 5 * min(reading_time(few) for _ in range(3))
