"""What the provider's process adds to Pulumi's SDK: plain errors, detailed diffs, more workers.

The SDK runs dynamic providers in a process of its own, ``python -m pulumi.dynamic``, whose module
gives its users tracebacks, previews without reasons, and four operations at a time. A provider's
``configure`` is called by that module, so it can be extended from there:

- It formats failures with its global name ``traceback``. A stand-in for that one name returns the
  text of an error that was raised on purpose, and calls the real module otherwise.
- It builds the answer to a diff with its global name ``proto``. A stand-in adds the detailed diff
  that came with the ``replaces`` of the diff's own result. So a detail cannot turn up in the
  answer to another question: there is nothing to clear where a diff raises.
- Its gRPC server has a pool of four threads, whose limit can grow at any time.
- It keeps the URN in the engine's request to itself, where its frame on the stack shows it.

All of it holds for the whole process, also for other dynamic providers in it. Each part checks
that the SDK is as expected, and otherwise leaves everything as it is, with a debug line.
``REALTIMEKIT_PLAIN_SDK=1`` in the environment switches all of it off.

Last seen with the SDK's version that ``tests/engine/test_sdk_process.py`` names.
"""

from __future__ import annotations

import os
import re
import sys
import threading
import traceback
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType
from typing import Any

from pulumi.dynamic import DiffResult
from pulumi.runtime import proto, settings

from realtimekit_provider.constants import MAX_WORKERS, MIN_WORKERS
from realtimekit_provider.errors import RealtimeKitError

__all__ = [
    "ChangedProperty",
    "DetailedReplaces",
    "count_operations",
    "create_diff_result",
    "extend_sdk",
    "find_current_urn",
    "format_property_path",
    "is_formatting_errors",
    "is_preview",
    "take_run_options",
    "to_stored_path",
    "with_current_urn",
    "with_run_options",
]

_SWITCH = "REALTIMEKIT_PLAIN_SDK"
_CARRIER = "resource_urn"


def extend_sdk() -> None:
    """Extend the process module that called this provider; done once, however often called."""
    scope = _find_process_module()
    if scope is None or _is_switched_off():
        return
    for name, part in (("errors", _extend_errors), ("diffs", _extend_diffs)):
        try:
            part(scope)
        except (AttributeError, KeyError, TypeError, ValueError):
            _log_debug(f"{name} are left to Pulumi's SDK, which is not as expected")


def _is_switched_off() -> bool:
    return os.environ.get(_SWITCH) == "1"


def _find_process_module() -> dict[str, Any] | None:
    """Return the globals of the SDK's process module, if that is what called us."""
    frame = _find_process_frame()
    return None if frame is None else frame.f_globals


def _find_process_frame() -> FrameType | None:
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - documented, and there is no other way
    while frame is not None:
        if {"DynamicResourceProviderServicer", "get_provider"} <= frame.f_globals.keys():
            return frame
        frame = frame.f_back
    return None


def _log_debug(text: str) -> None:
    """Write a line that ``pulumi --debug`` shows."""
    with suppress(Exception):
        from pulumi.runtime.proto import engine_pb2  # noqa: PLC0415 - only where it is needed

        from realtimekit_provider.engine.log import EngineClient  # noqa: PLC0415

        EngineClient().log(engine_pb2.DEBUG, text, "")


# Errors


class _Traceback:
    """Stands for the module ``traceback`` in the process module."""

    def __getattr__(self, name: str) -> Any:
        return getattr(traceback, name)

    def format_exc(self, *args: Any, **kwargs: Any) -> str:
        """Return the text of an error that was raised on purpose, else the traceback."""
        return _describe_error(sys.exc_info()[1]) or traceback.format_exc(*args, **kwargs)


def is_formatting_errors() -> bool:
    """Whether the engine prints the text of an error alone, so that no line has to say it."""
    scope = _find_process_module()
    return scope is not None and isinstance(scope.get("traceback"), _Traceback)


def _extend_errors(scope: dict[str, Any]) -> None:
    if isinstance(scope["traceback"], _Traceback):
        return
    if scope["traceback"] is not traceback or "_abort_with_traceback" not in scope:
        raise TypeError
    scope["traceback"] = _Traceback()


def _describe_error(error: BaseException | None) -> str:
    return _break_before_advice(str(error)) if isinstance(error, RealtimeKitError) else ""


_END_OF_SENTENCE = re.compile(r"(?<=[^\s.])\. (?=[A-Z])")


def _break_before_advice(text: str) -> str:
    """Break a text after its first sentence: a resource's row shows the first line only."""
    return text if "\n" in text else _END_OF_SENTENCE.sub(".\n", text, count=1)


# Detailed diffs


@dataclass(frozen=True)
class ChangedProperty:
    """How one property changes.

    Attributes:
        kind: ``ADD``, ``DELETE`` or ``UPDATE``, with ``_REPLACE`` where another resource is needed.
        is_input: Whether it is an input; else it is an output that is the reason of a change.
    """

    kind: str
    is_input: bool


class DetailedReplaces(list[str]):
    """The ``replaces`` of a diff's result, which bring along how each property changes.

    Attributes:
        changed: The changed properties by their path, as the engine reads paths.
    """

    def __init__(self, replaces: Sequence[str], changed: Mapping[str, ChangedProperty]) -> None:
        super().__init__(replaces)
        self.changed = changed


def create_diff_result(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    replaces: Sequence[str],
    updates: Sequence[str],
    computed: Collection[str] = (),
) -> DiffResult:
    """Return the answer to a diff, with what changes as ``pulumi preview`` shows it.

    Args:
        before: The stored outputs, decoded.
        after: The inputs as declared now, decoded; any part may be unknown.
        replaces: The paths for which another resource is needed, as ``format_path`` writes them.
        updates: The paths that change without another resource.
        computed: The outputs that are no inputs. One that is among the paths is a reason.
    """
    return DiffResult(
        changes=bool(replaces or updates),
        replaces=DetailedReplaces(
            replaces, dict(_find_changed_properties(before, after, replaces, updates, computed))
        ),
        delete_before_replace=True,
    )


def _find_changed_properties(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    replaces: Sequence[str],
    updates: Sequence[str],
    computed: Collection[str],
) -> Iterator[tuple[str, ChangedProperty]]:
    # Here and not above: they load pydantic, and a program loads this module.
    from realtimekit_provider.schema.input_diff import find_changed_paths  # noqa: PLC0415
    from realtimekit_provider.schema.input_paths import format_path  # noqa: PLC0415

    for path in find_changed_paths(before, after):
        text = format_path(path)
        is_replaced = _is_covered(text, replaces)
        if not (is_replaced or _is_covered(text, updates)):
            continue
        kind = _get_kind(_get_value(before, path), _get_value(after, path))
        changed = ChangedProperty(
            f"{kind}_REPLACE" if is_replaced else kind, path[0] not in computed
        )
        yield format_property_path(to_stored_path(path)), changed


def _is_covered(path: str, planned: Sequence[str]) -> bool:
    """Whether a path is planned, or lies inside one that is."""
    return any(path == one or path.startswith((f"{one}.", f"{one}[")) for one in planned)


def _get_kind(old: Any, new: Any) -> str:
    if old is None:
        return "ADD"
    return "DELETE" if new is None else "UPDATE"


def _get_value(value: Any, path: Sequence[str | int]) -> Any:
    for part in path:
        if isinstance(value, Mapping):
            value = value.get(str(part))
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return None
    return value


def to_stored_path(path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Return where the engine has a value: outputs are mappings by position there."""
    match path:
        case ("layers", _, "outputs", int(position), *rest):
            return (*path[:3], str(position), *rest)
    return path


_BARE = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


def format_property_path(path: Sequence[str | int]) -> str:
    r"""Write a path as the engine reads it: ``layers["a.b"].outputs["0"]``, ``apps[0].app_id``.

    A quoted key cannot end in a backslash, and an unquoted one can hold neither a dot nor a
    bracket: where a key is not writable either way, the path ends before it.

    Source: ``resource.ParsePropertyPath`` in ``sdk/go/common/resource/properties_path.go``.
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _BARE.fullmatch(part) or (part.endswith("\\") and not {".", "["} & set(part)):
            text += f".{part}" if text else part
        elif part.endswith("\\"):
            break
        else:
            quoted = part.replace('"', '\\"')
            text += f'["{quoted}"]'
    return text


_ADDED_FIELDS = {"detailedDiff", "hasDetailedDiff", "diffs"}


class _DiffResponse:
    """Stands for the message ``DiffResponse``: adds the detail that came with ``replaces``."""

    def __getattr__(self, name: str) -> Any:
        return getattr(proto.DiffResponse, name)

    def __call__(self, **fields: Any) -> Any:
        """Build the message."""
        replaces = fields.get("replaces")
        # Where there is no detail, the engine compares the inputs itself.
        if isinstance(replaces, DetailedReplaces) and replaces.changed:
            changed = {
                path: proto.PropertyDiff(
                    kind=proto.PropertyDiff.Kind.Value(one.kind), inputDiff=one.is_input
                )
                for path, one in replaces.changed.items()
            }
            first = dict.fromkeys(re.split(r"[.\[]", path, maxsplit=1)[0] for path in changed)
            fields |= {"detailedDiff": changed, "hasDetailedDiff": True, "diffs": list(first)}
        return proto.DiffResponse(**fields)


class _Proto:
    """Stands for the package ``pulumi.runtime.proto`` in the process module."""

    DiffResponse = _DiffResponse()

    def __getattr__(self, name: str) -> Any:
        return getattr(proto, name)


def _extend_diffs(scope: dict[str, Any]) -> None:
    if isinstance(scope["proto"], _Proto):
        return
    missing = _ADDED_FIELDS - set(proto.DiffResponse.DESCRIPTOR.fields_by_name)
    if scope["proto"] is not proto or missing:
        raise TypeError
    proto.PropertyDiff.Kind.Value("UPDATE_REPLACE")
    scope["proto"] = _Proto()


# Requests


def find_current_urn() -> str:
    """Return the URN of the resource that the engine asks about, empty where that cannot be seen.

    The SDK keeps it to itself. The state has the URN of the last create or update, which an alias
    or a renamed stack may have changed since.
    """
    frame = _find_process_frame()
    urn = None if frame is None else getattr(frame.f_locals.get("request"), "urn", None)
    return urn if isinstance(urn, str) else ""


def with_current_urn(state: dict[str, Any]) -> dict[str, Any]:
    """Return a resource's state with the URN that the resource has now, as far as it is known."""
    urn = find_current_urn()
    return {**state, _CARRIER: urn} if urn else state


# How the program is run


def with_run_options(urn: Any) -> Any:
    """Return the input ``resource_urn``, which tells the provider's process how the program is run.

    It travels with an input that every resource has: the name of one more would be in the state,
    among the properties' dependencies, although a check takes the input out.
    """
    parallel = settings.SETTINGS.parallel
    if parallel is None:
        return urn
    return {"urn": urn, "parallel": parallel, "is_preview": settings.is_dry_run()}


def take_run_options(inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the inputs without how the program is run, which is in no state, diff or plan.

    The process then does as many operations at once as the engine asks for, up to MAX_WORKERS.
    """
    carried = inputs.get(_CARRIER)
    if not isinstance(carried, Mapping):
        return inputs
    _PARALLEL.append(int(carried["parallel"]))
    _PREVIEW.append(bool(carried["is_preview"]))
    if not _is_switched_off() and _find_process_module() is not None:
        _grow_workers(int(carried["parallel"]))
    return {**inputs, _CARRIER: carried["urn"]}


_PARALLEL: deque[int] = deque(maxlen=1)
"""The ``--parallel`` that the engine told last, if it did."""

_PREVIEW: deque[bool] = deque(maxlen=1)
"""Whether the program ran for a preview, as it said last, if it did."""


def is_preview() -> bool:
    """Whether a program runs for a preview: what is asked then is answered without a call."""
    return any(_PREVIEW)


def count_operations() -> int:
    """Return how many operations this process does at once: the workers, or ``--parallel``."""
    pool = _get_current_pool()
    workers = MIN_WORKERS if pool is None else int(pool._max_workers)  # noqa: SLF001
    return min(workers, *_PARALLEL) if _PARALLEL else workers


def _grow_workers(wanted: int) -> None:
    pool = _get_current_pool()
    if pool is None:
        _log_debug("the number of workers is left to Pulumi's SDK, which is not as expected")
        return
    # The pool looks at its limit whenever it is given something to do.
    pool._max_workers = max(pool._max_workers, min(wanted, MAX_WORKERS))  # noqa: SLF001


def _get_current_pool() -> Any:
    """Return the pool that the current thread works for, ``None`` where that cannot be seen."""
    arguments = getattr(threading.current_thread(), "_args", ())
    pool = arguments[0]() if arguments and callable(arguments[0]) else None
    is_known = isinstance(pool, ThreadPoolExecutor) and isinstance(
        getattr(pool, "_max_workers", None), int
    )
    return pool if is_known else None
