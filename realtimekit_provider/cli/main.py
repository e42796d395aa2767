"""The commands of ``realtimekit``, each loaded only when it is called, and how they end."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module

import click

from realtimekit_provider.cli.exit_codes import CommandError, ExitCode, get_exit_code
from realtimekit_provider.cli.output import print_message
from realtimekit_provider.cli.pulumi_cli.open_sessions import end_sessions_on_signal
from realtimekit_provider.errors import RealtimeKitError
from realtimekit_provider.redaction import redact

__all__ = ["cli", "main"]

_ROOM = "realtimekit_provider.cli"


class _LazyGroup(click.Group):
    """A group whose commands are modules: ``summaries`` has the line of each for ``--help``."""

    def __init__(self, room: str, summaries: Mapping[str, str], **settings: object) -> None:
        super().__init__(**settings)  # type: ignore[arg-type]  # click's own keywords
        self._room = room
        self._summaries = summaries

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(self._summaries)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name in self.commands or name not in self._summaries:
            return super().get_command(ctx, name)
        command: click.Command = import_module(f"{self._room}.{name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            known = self._list_full_names(ctx)
            for match in get_close_matches(args[0], known, n=1):
                ctx.fail(f"No such command '{args[0]}'. Did you mean '{known[match]}'?")
            raise

    def _list_full_names(self, ctx: click.Context) -> dict[str, str]:
        inner = {
            name: f"{group.name} {name}"
            for group in self.commands.values()
            if isinstance(group, click.Group)
            for name in group.list_commands(ctx)
        }
        return {**inner, **{name: name for name in self._summaries}}

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if self._summaries:
            with formatter.section("Commands"):
                formatter.write_dl(list(self._summaries.items()))


_CI_COMMANDS: Mapping[str, str] = {
    "preview": "Say in one comment what a deployment of all stacks would do.",
    "drift": "Say what is not as declared, in one issue a stack.",
    "stacks": "Print the stacks that a change is about, for the pipeline's matrix.",
}
_COMMANDS: Mapping[str, str] = {
    "check": "Validate every stack's file, without token and passphrase.",
    "doctor": "Say what is wrong, and what to do.",
    "up": "Deploy a stack: in time, cancellable, and only what was reviewed.",
    "list": "List the API's recordings, and which stack's state has each.",
    "ci": "What a pipeline calls for pull requests, schedules and its matrix.",
}
"""The module of each command, and its line in ``--help``, in the order that they are needed."""

cli = _LazyGroup(
    _ROOM,
    _COMMANDS,
    name="realtimekit",
    help="Track recordings as code: in the pipeline, and for whoever is on call.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
cli.add_command(_LazyGroup(f"{_ROOM}.ci", _CI_COMMANDS, name="ci", help=_COMMANDS["ci"]))
click.version_option(package_name="realtimekit-provider")(cli)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return what the process exits with.

    Args:
        arguments: The arguments without the program's name; those of this process by default.
    """
    try:
        with end_sessions_on_signal():
            code = cli.main(arguments, prog_name="realtimekit", standalone_mode=False)
        sys.stdout.flush()
        return ExitCode.OK if code is None else int(code)
    except (RealtimeKitError, CommandError) as error:
        return _report(str(error), get_exit_code(error))
    except click.ClickException as error:
        error.show()
        return ExitCode.CONFIGURATION
    except (KeyboardInterrupt, click.Abort):
        return _report("cancelled", ExitCode.CANCELLED)
    except OSError as error:
        # Who has closed a pipe needs no text.
        is_silent = isinstance(error, BrokenPipeError)
        return ExitCode.ERROR if is_silent else _report(_describe_os_error(error), ExitCode.ERROR)
    except Exception:  # noqa: BLE001  # a mistake of ours has an exit code too
        sys.stderr.write(redact(traceback.format_exc()))
        return _report("this is a mistake in realtimekit itself: report it", ExitCode.INTERNAL)


def _report(text: str, code: ExitCode) -> int:
    print_message(f"realtimekit: {text}")
    return code


def _describe_os_error(error: OSError) -> str:
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}" if error.filename else reason
