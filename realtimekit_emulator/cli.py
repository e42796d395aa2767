"""The command line."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from realtimekit_emulator.emulator import Emulator
from realtimekit_emulator.loopback import NotLoopbackError
from realtimekit_emulator.model.access import DEFAULT_ACCOUNT, DEFAULT_APP, DEFAULT_TOKEN, Access
from realtimekit_emulator.model.settings import Settings
from realtimekit_emulator.options import InvalidOptionError
from realtimekit_emulator.server.server import Server
from realtimekit_emulator.uploads import Uploader, real_uploaders
from realtimekit_emulator.uploads.registry import ENDPOINT_OPTIONS

_USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the emulator until SIGINT or SIGTERM; return the exit status."""
    options = _create_parser().parse_args(arguments)
    try:
        asyncio.run(_serve(options, _read_settings(options), _create_uploaders(options)))
    except (InvalidOptionError, NotLoopbackError, OSError) as error:
        print(f"realtimekit_emulator: {error}", file=sys.stderr)
        return _USAGE_ERROR
    return 0


async def _serve(
    options: argparse.Namespace, settings: Settings, uploaders: Mapping[str, Uploader]
) -> None:
    access = Access(
        tokens=set(options.token or [DEFAULT_TOKEN]),
        accounts=tuple(options.account or [DEFAULT_ACCOUNT]),
        apps=tuple(options.app or [DEFAULT_APP]),
    )
    report = _print_line if options.verbose else None
    emulator = Emulator(settings, access, uploaders)
    server = Server(emulator, options.host, options.port, options.control_port, report)
    stop_event = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop_event.set)
    await server.start()
    _print_line(f"ready on {server.base_url}")
    if options.control_port is not None:
        _print_line(f"control on {server.control_origin}/_emulator")
    await stop_event.wait()
    await server.stop()


def _read_settings(options: argparse.Namespace) -> Settings:
    changes = {
        name: value
        for name in Settings.model_fields
        if (value := getattr(options, name)) is not None
    }
    return Settings().with_changes(changes)


def _create_uploaders(options: argparse.Namespace) -> Mapping[str, Uploader]:
    endpoints = {
        option.name: url
        for option in ENDPOINT_OPTIONS
        if (url := getattr(options, option.name)) is not None
    }
    if options.real_uploads:
        return real_uploaders(**endpoints)
    if endpoints:
        flag = _format_flag(next(iter(endpoints)))
        raise InvalidOptionError(f"{flag} has no effect without --real-uploads")
    return {}


def _create_parser() -> argparse.ArgumentParser:
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
        help="a second port for the control API, which is always on --port too; "
        "it stays reachable while --port refuses connections",
    )
    add(
        "--token", action="append", help=f"an accepted token, repeatable (default: {DEFAULT_TOKEN})"
    )
    add(
        "--account", action="append", help=f"an account id, repeatable (default: {DEFAULT_ACCOUNT})"
    )
    add("--app", action="append", help=f"an app id, repeatable (default: {DEFAULT_APP})")
    add("--verbose", action="store_true", help="print method, path and status of each request")
    _add_upload_options(parser.add_argument_group("uploads", "to test servers on this machine"))
    group = parser.add_argument_group("settings", "seconds are those of the emulator's own clock")
    for name, field in Settings.model_fields.items():
        _add_setting(group, name, field)
    return parser


def _add_upload_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--real-uploads",
        action="store_true",
        help="write the files to the storage_config of the start request",
    )
    for option in ENDPOINT_OPTIONS:
        flag = _format_flag(option.name)
        group.add_argument(flag, metavar="URL", help=f"the endpoint of {option.service}")


def _add_setting(group: argparse._ArgumentGroup, name: str, field: FieldInfo) -> None:
    annotation: Any = field.annotation
    text = f"{field.description} (default: {field.default})".replace("%", "%%")
    arguments: dict[str, Any] = {"default": None, "help": text}
    if annotation is bool:
        arguments["action"] = argparse.BooleanOptionalAction
    elif get_origin(annotation) is Literal:
        arguments["choices"] = get_args(annotation)
    else:
        arguments["type"] = annotation
    group.add_argument(_format_flag(name), **arguments)


def _format_flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _print_line(line: str) -> None:
    print(line, flush=True)
