"""The command line."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from realtimekit_emulator.loopback import NotLoopbackError
from realtimekit_emulator.model.settings import Settings
from realtimekit_emulator.model.state import EmulatorState
from realtimekit_emulator.options import InvalidOptionError, default_of
from realtimekit_emulator.server.access import DEFAULT_ACCOUNT, DEFAULT_APP, DEFAULT_TOKEN, Access
from realtimekit_emulator.server.server import Server
from realtimekit_emulator.uploads import real_uploaders

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from dataclasses import Field

    from realtimekit_emulator.uploads import Uploader

_USAGE_ERROR = 2
_ENDPOINTS = {"aws_endpoint": "S3", "spaces_endpoint": "Spaces", "gcs_endpoint": "Cloud Storage"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the emulator until it is told to stop; return the exit status."""
    parser = _parser()
    given = parser.parse_args(arguments)
    changes = {
        one.name: value
        for one in fields(Settings)
        if (value := getattr(given, one.name)) is not None
    }
    try:
        settings = Settings().changed(changes)
        asyncio.run(_serve(given, settings, _uploaders(given)))
    except (InvalidOptionError, NotLoopbackError, OSError) as error:
        print(f"realtimekit_emulator: {error}", file=sys.stderr)  # noqa: T201 - a command's output
        return _USAGE_ERROR
    return 0


async def _serve(
    given: argparse.Namespace, settings: Settings, uploaders: Mapping[str, Uploader]
) -> None:
    access = Access(
        tokens=set(given.token or [DEFAULT_TOKEN]),
        accounts=tuple(given.account or [DEFAULT_ACCOUNT]),
        apps=tuple(given.app or [DEFAULT_APP]),
    )
    report = _say if given.verbose else None
    state = EmulatorState(settings, access, uploaders)
    server = Server(state, given.host, given.port, given.control_port, report)
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, ending.set)
    await server.start()
    _say(f"ready on {server.base_url}")
    if given.control_port is not None:
        _say(f"control on {server.control_origin}/_emulator")
    await ending.wait()
    await server.stop()


def _uploaders(given: argparse.Namespace) -> Mapping[str, Uploader]:
    endpoints = {name: url for name in _ENDPOINTS if (url := getattr(given, name)) is not None}
    if given.real_uploads:
        return real_uploaders(**endpoints)
    if endpoints:
        message = f"{_flag(next(iter(endpoints)))} means nothing without --real-uploads"
        raise InvalidOptionError(message)
    return {}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m realtimekit_emulator",
        description="Emulate the Cloudflare RealtimeKit recordings API on loopback.",
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="a loopback address (default: 127.0.0.1)")
    add("--port", type=int, default=8787, help="port; 0 picks a free one (default: 8787)")
    add(
        "--control-port",
        type=int,
        help="a port of its own for the control API, which is always on --port too; "
        "it stays reachable while --port refuses connections",
    )
    add(
        "--token",
        action="append",
        help=f"a token that is let in, repeatable (default: {DEFAULT_TOKEN})",
    )
    add(
        "--account", action="append", help=f"an account id, repeatable (default: {DEFAULT_ACCOUNT})"
    )
    add("--app", action="append", help=f"an app id, repeatable (default: {DEFAULT_APP})")
    add("--verbose", action="store_true", help="print method, path and status of each request")
    _add_uploads(parser.add_argument_group("uploads", "to stand-ins on this machine only"))
    group = parser.add_argument_group("settings", "seconds are of the emulator's own clock")
    for one in fields(Settings):
        _add_setting(group, one)
    return parser


def _add_uploads(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--real-uploads",
        action="store_true",
        help="write the files to the storage that a recording was started with",
    )
    for name, cloud in _ENDPOINTS.items():
        group.add_argument(_flag(name), metavar="URL", help=f"where {cloud} is")


def _add_setting(group: argparse._ArgumentGroup, one: Field[Any]) -> None:
    flag = _flag(one.name)
    facts = one.metadata
    text = f"{facts['help']} (default: {default_of(one)})".replace("%", "%%")
    if facts["type"] is bool:
        group.add_argument(flag, action=argparse.BooleanOptionalAction, default=None, help=text)
    else:
        group.add_argument(
            flag, type=facts["type"], choices=facts.get("options"), default=None, help=text
        )


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a command's output
