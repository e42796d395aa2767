"""What is added to the SDK's process module, tried on a module of the same shape."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from types import FunctionType
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.dynamic import DiffResult
from pulumi.runtime import proto

from realtimekit_provider.api import transport
from realtimekit_provider.constants import MAX_WORKERS
from realtimekit_provider.engine import sdk_process
from realtimekit_provider.engine.registration import with_delete_before_replace
from realtimekit_provider.engine.sdk_process import (
    count_operations,
    create_diff_result,
    extend_sdk,
    find_current_urn,
    format_property_path,
    is_formatting_errors,
    take_run_options,
    with_current_urn,
    with_run_options,
)
from realtimekit_provider.errors import CallInfo, NoSessionError, NotSentError
from realtimekit_provider.schema.unknown import UNKNOWN
from tests.engine.property_paths import parse_property_path
from tests.programs import Program
from tests.property_examples import run_examples

LAST_SEEN_WITH = "3.272.0"
"""The SDK's version that sdk_process.py was last compared with."""


class ProcessModule:
    """A module of the shape of ``pulumi/dynamic/__main__.py``, and calls from within it."""

    def __init__(self, **others: Any) -> None:
        self.names: dict[str, Any] = {
            "__builtins__": __builtins__,
            "DynamicResourceProviderServicer": object,
            "_abort_with_traceback": object,
            "get_provider": object,
            "proto": proto,
            "traceback": traceback,
            **others,
        }

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function as the module does."""

        def template(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
            return function(*arguments)

        return FunctionType(template.__code__, self.names)(function, arguments)

    def format(self, error: Exception) -> str:
        """Return what the module sends to the engine where a provider raises."""

        def fail() -> None:
            raise error

        try:
            fail()
        except Exception:  # noqa: BLE001 - as the module does
            return str(self.names["traceback"].format_exc())
        return ""

    def answer(self, result: DiffResult) -> Any:
        """Return the message that the module makes of a diff's result."""
        names = self.names["proto"]
        return names.DiffResponse(
            changes=names.DiffResponse.DIFF_SOME,
            replaces=result.replaces,
            deleteBeforeReplace=result.delete_before_replace,
        )


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> ProcessModule:
    """The module, extended."""
    monkeypatch.delenv("REALTIMEKIT_PLAIN_SDK", raising=False)
    module = ProcessModule()
    module.call(extend_sdk)
    return module


@pytest.fixture
def debug_lines(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The debug lines that are written."""
    lines: list[str] = []
    monkeypatch.setattr(sdk_process, "_log_debug", lines.append)
    return lines


def test_the_sdk_is_the_one_that_was_looked_at() -> None:
    """Another version: read its pulumi/dynamic/__main__.py, run these tests, name it here."""
    assert version("pulumi") == LAST_SEEN_WITH


# Errors


def test_an_error_is_its_text_with_the_advice_below(module: ProcessModule) -> None:
    """A resource's row shows the first line only."""
    error = NoSessionError("nobody is in meeting m1, so nothing is recorded. Deploy again later")
    assert module.format(error) == (
        "nobody is in meeting m1, so nothing is recorded.\nDeploy again later"
    )


def test_advice_that_stands_below_already_stays_there(module: ProcessModule) -> None:
    """Only a text of one line is broken."""
    text = "the bucket b.example is gone\nRun 'pulumi refresh'. Then deploy"
    assert module.format(NoSessionError(text)) == text


def test_a_name_with_dots_is_not_broken(module: ProcessModule) -> None:
    """A sentence ends where a capital letter follows."""
    info = CallInfo("GET", "/x", status=403, ray="8f-EMU")
    error = NotSentError("api.example.com: no connection, e.g. behind a proxy", info)
    assert "\n" not in module.format(error)


def test_an_unexpected_error_keeps_its_traceback(module: ProcessModule) -> None:
    """It is a mistake of ours or of the machine, and the traceback says where."""
    text = module.format(ZeroDivisionError("division by zero"))
    assert text.startswith("Traceback (most recent call last):")
    assert text.endswith("ZeroDivisionError: division by zero\n")


def test_everything_else_of_the_replaced_names_is_there(module: ProcessModule) -> None:
    """The module may use more of them in another version."""
    assert module.names["traceback"].print_exc is traceback.print_exc
    assert module.names["proto"].CheckFailure is proto.CheckFailure


def test_extending_again_changes_nothing(module: ProcessModule) -> None:
    """Every provider class is configured on its own."""
    before = dict(module.names)
    module.call(extend_sdk)
    assert module.names == before


def test_formats_errors_says_whether_a_line_is_needed(module: ProcessModule) -> None:
    """Outside of the process, and with the plain SDK, the error is logged on the row."""
    assert module.call(is_formatting_errors) is True
    assert ProcessModule().call(is_formatting_errors) is False
    assert is_formatting_errors() is False


# Detailed diffs


def detail(message: Any) -> dict[str, tuple[str, bool]]:
    """Return the detailed diff of a message: how each path changes, and whether it is an input."""
    kinds = proto.PropertyDiff.Kind
    return {
        path: (kinds.Name(one.kind), one.inputDiff) for path, one in message.detailedDiff.items()
    }


def test_a_changed_credential_is_a_path_of_the_engine(module: ProcessModule) -> None:
    """Outputs are mappings by position in the state, and any text is the name of a layer."""

    def inputs(secret: str) -> dict[str, Any]:
        outputs = [{"storage_config": {"secret": secret}}]
        return {"layers": {'a.b "c"': {"outputs": outputs}}}

    changed = 'layers.a.b "c".outputs[0].storage_config.secret'
    result = create_diff_result(inputs("one"), inputs("two"), replaces=(), updates=(changed,))
    message = module.answer(result)
    assert message.hasDetailedDiff
    assert message.diffs == ["layers"]
    path = r'layers["a.b \"c\""].outputs["0"].storage_config.secret'
    assert detail(message) == {path: ("UPDATE", True)}


def test_every_kind_of_change_is_reported(module: ProcessModule) -> None:
    """What is planned is shown, however deep it differs; what is not planned is not."""
    before = {"max_seconds": 60, "user_ids": ["a"], "mark": "m", "apps": [{"app_id": "a"}]}
    after = {"meeting_id": UNKNOWN, "user_ids": ["a", "b"], "mark": "n", "apps": [{"app_id": "b"}]}
    result = create_diff_result(
        before, after, replaces=("max_seconds", "meeting_id"), updates=("user_ids", "apps")
    )
    message = module.answer(result)
    assert detail(message) == {
        "apps[0].app_id": ("UPDATE", True),
        "max_seconds": ("DELETE_REPLACE", True),
        "meeting_id": ("ADD_REPLACE", True),
        "user_ids": ("UPDATE", True),
    }
    assert sorted(message.diffs) == ["apps", "max_seconds", "meeting_id", "user_ids"]
    assert message.replaces == ["max_seconds", "meeting_id"]


def test_a_reason_that_is_no_input_is_reported_as_an_output(module: ProcessModule) -> None:
    """The engine takes its old value from the outputs, and there is no new one."""
    result = create_diff_result(
        {"status": "NO_SESSION", "session_id": "s"},
        {},
        replaces=("status",),
        updates=(),
        computed=("status", "session_id"),
    )
    assert detail(module.answer(result)) == {"status": ("DELETE_REPLACE", False)}


def test_without_paths_the_engine_compares_by_itself(module: ProcessModule) -> None:
    """An empty detail would show nothing at all."""
    message = module.answer(create_diff_result({}, {}, replaces=("status",), updates=()))
    assert not message.hasDetailedDiff
    assert message.replaces == ["status"]


def test_a_detail_never_turns_up_in_another_answer(module: ProcessModule) -> None:
    """It travels with its own result: one that a raising diff made is gone with it."""
    create_diff_result({"a": 1}, {"a": 2}, replaces=(), updates=("a",))
    assert not module.answer(DiffResult(changes=True, replaces=["b"])).hasDetailedDiff


keys = st.text(st.sampled_from('ab0_$.[]"\\*ä\n'), max_size=6) | st.text(max_size=4)
paths = st.lists(keys | st.integers(0, 12), max_size=5).map(lambda rest: ("layers", *rest))


@run_examples(500)
@given(path=paths)
def test_every_path_is_read_as_it_was_meant(path: tuple[str | int, ...]) -> None:
    """One that does not parse would fail the whole preview."""
    read = parse_property_path(format_property_path(path))
    assert read == path[: len(read)]
    if len(read) < len(path):
        unwritable = path[len(read)]
        assert isinstance(unwritable, str)
        assert unwritable.endswith("\\")
        assert {".", "["} & set(unwritable)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("layers", "a.b", 'q"uote', "x"), r'layers["a.b"]["q\"uote"].x'),
        (("layers", "", "0"), 'layers[""]["0"]'),
        (("layers", "back\\", "x"), "layers.back\\.x"),
        (("layers", "a.b\\", "x"), "layers"),
        (("apps", 1, "app_id"), "apps[1].app_id"),
    ],
)
def test_a_path_is_written_as_the_engine_writes_it(path: tuple[str | int, ...], text: str) -> None:
    """Where that can be read again: a key that ends in a backslash cannot be quoted."""
    assert format_property_path(path) == text


# Workers


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """A pool like that of the SDK's server."""
    with ThreadPoolExecutor(4) as pool:
        yield pool


def declared(parallel: object) -> dict[str, Any]:
    """Return inputs as a check is given them by a program that runs with ``--parallel``."""
    return {"a": 1, "resource_urn": {"urn": "urn:x", "parallel": parallel, "is_preview": False}}


def test_the_pool_grows_to_what_the_engine_asks_for(
    module: ProcessModule, pool: ThreadPoolExecutor
) -> None:
    """So many operations then wait at once, each for all others."""
    taken = pool.submit(module.call, take_run_options, declared(12.0)).result()
    assert taken == {"a": 1, "resource_urn": "urn:x"}
    everybody = threading.Barrier(12)
    waiting = [pool.submit(everybody.wait, 10) for _ in range(12)]
    assert sorted(one.result() for one in waiting) == list(range(12))


@pytest.mark.parametrize(("parallel", "workers"), [(1, 4), (4, 4), (9, 9), (2147483647, 16)])
def test_the_pool_never_shrinks_and_has_an_upper_limit(
    parallel: int, workers: int, module: ProcessModule, pool: ThreadPoolExecutor
) -> None:
    """The SDK's four remain, also with --parallel 1; without a limit there are sixteen."""
    for _ in range(2):
        pool.submit(module.call, take_run_options, declared(parallel)).result()
        assert pool._max_workers == workers


@pytest.mark.parametrize(("parallel", "at_once"), [(1, 1), (4, 4), (9, 9), (2147483647, 16)])
def test_operations_are_counted_by_workers_and_parallelism(
    parallel: int, at_once: int, module: ProcessModule, pool: ThreadPoolExecutor
) -> None:
    """Four workers do one operation at a time, where the engine asks for no more."""
    pool.submit(module.call, take_run_options, declared(parallel)).result()
    assert pool.submit(module.call, count_operations).result() == at_once


@pytest.mark.parametrize("is_preview", [True, False])
def test_a_preview_is_known_by_what_the_program_tells(
    is_preview: bool, module: ProcessModule
) -> None:
    """The engine asks for a check and a diff in the same words, whether it deploys or not."""
    inputs = declared(4)
    inputs["resource_urn"]["is_preview"] = is_preview
    assert module.call(take_run_options, inputs) == {"a": 1, "resource_urn": "urn:x"}
    assert sdk_process.is_preview() is is_preview


def test_the_connections_suffice_for_all_workers() -> None:
    """Otherwise an operation would wait for another one's connection, or open one each time."""
    assert transport._POOL_SIZE >= MAX_WORKERS


def test_inputs_of_an_earlier_program_are_taken_unchanged() -> None:
    """The URN is plain text in the state, and where the parallelism is not known."""
    inputs = {"resource_urn": "urn:x"}
    assert take_run_options(inputs) is inputs


def test_a_program_tells_its_parallelism() -> None:
    """Where it knows it: not in a test with mocks."""
    assert with_run_options("urn:x") == "urn:x"

    def program() -> Any:
        pulumi.runtime.settings.SETTINGS.parallel = 7
        return pulumi.Output.from_input(with_run_options(pulumi.Output.from_input("urn:x")))

    assert Program().run(program) == {"urn": "urn:x", "parallel": 7, "is_preview": False}


# Another SDK, or none of it


def test_a_changed_sdk_is_left_unchanged(debug_lines: list[str]) -> None:
    """Each part by itself, with a debug line."""
    module = ProcessModule(traceback=sys)
    module.call(extend_sdk)
    assert module.names["traceback"] is sys
    assert module.names["proto"] is not proto
    del module.names["proto"]
    module.call(extend_sdk)
    assert [line.partition(" ")[0] for line in debug_lines] == ["errors", "errors", "diffs"]


def test_an_unknown_pool_is_left_unchanged(module: ProcessModule, debug_lines: list[str]) -> None:
    """This test runs in no pool at all."""
    assert module.call(take_run_options, declared(9)) == {"a": 1, "resource_urn": "urn:x"}
    assert debug_lines == [
        "the number of workers is left to Pulumi's SDK, which is not as expected"
    ]


def test_one_setting_switches_everything_off(
    monkeypatch: pytest.MonkeyPatch, pool: ThreadPoolExecutor
) -> None:
    """The parallelism is taken out all the same."""
    monkeypatch.setenv("REALTIMEKIT_PLAIN_SDK", "1")
    module = ProcessModule()
    before = dict(module.names)
    module.call(extend_sdk)
    assert module.names == before
    taken: Mapping[str, Any] = pool.submit(module.call, take_run_options, declared(9)).result()
    assert taken["resource_urn"] == "urn:x"
    assert pool._max_workers == 4


def test_outside_of_the_process_nothing_is_looked_for() -> None:
    """A provider may be configured by a test, or share a process with the program."""
    extend_sdk()
    assert sys.modules["traceback"] is traceback


def test_an_import_is_refused_with_what_works_instead() -> None:
    """The SDK itself ends in KeyError: '__provider', in a process that loads nothing of ours."""
    with pytest.raises(pulumi.RunError, match="adopt_recording_id"):
        with_delete_before_replace(pulumi.ResourceOptions(import_="some-id"))


def test_the_urn_is_the_one_of_the_request(module: ProcessModule) -> None:
    """A state has the one of the last update; where there is no request, that one counts."""
    asked = proto.DeleteRequest(urn="new")

    def template(function: Callable[..., Any], request: Any) -> Any:
        return function()

    handler = FunctionType(template.__code__, module.names)
    assert handler(find_current_urn, asked) == "new"
    assert handler(lambda: with_current_urn({"resource_urn": "old"}), asked) == {
        "resource_urn": "new"
    }
    for unknown in (None, proto.DeleteRequest()):
        assert handler(find_current_urn, unknown) == ""
        assert handler(lambda: with_current_urn({"resource_urn": "old"}), unknown) == {
            "resource_urn": "old"
        }
