"""Whatever a program declares, each check answers with paths, and no check crashes."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtimekit_provider import LayerArgs, OutputArgs
from realtimekit_provider.engine.controller_base import ControllerBase
from realtimekit_provider.engine.deployment import Deployment
from realtimekit_provider.engine.layers import to_engine_layers
from realtimekit_provider.engine.settings import read_settings
from realtimekit_provider.recordings.controller import RecordingController
from realtimekit_provider.storage.gate.controller import GateController
from realtimekit_provider.storage.location.controller import LocationController
from realtimekit_provider.storage.writer.controller import WriterController
from tests.example_values import ACCOUNT, APP, CANARY, MARK, MEETING, STORAGE, URN, layers_to
from tests.fuzz.test_stack_config import HOST_KEY
from tests.fuzz.values import JSON, spoiled
from tests.property_examples import examples

_WRITER = {"name": "recordings", "mark": MARK, "bucket": "example", "key_generation": 1}
_LOGIN = {key: value for key, value in STORAGE["sftp"].items() if key != "type"}
PLACES: list[dict[str, Any]] = [
    {"kind": "aws", "bucket": "example-one", "region": "us-east-1", "retention_days": 30},
    {"kind": "gcs", "bucket": "example-two", "region": "europe-west1", "project": "acme-1"},
    {"kind": "azure", "bucket": "example-three", "account": "acme"},
    {"kind": "sftp", "host_key": HOST_KEY, **_LOGIN},
    {"kind": "digitalocean", "bucket": "example-five", "region": "fra1"},
]
RIGHT: list[tuple[type[ControllerBase], dict[str, Any]]] = [
    *(
        (
            RecordingController,
            {
                "meeting_id": MEETING,
                "max_seconds": 600,
                "layers": layers_to(storage),
                "on_ended": "keep",
                "session_timeout": 5,
                "user_ids": None,
                "resource_urn": URN,
                "mark": MARK,
            },
        )
        for storage in STORAGE.values()
    ),
    *((GateController, {**storage, "resource_urn": URN}) for storage in STORAGE.values()),
    *((LocationController, {**place, "resource_urn": URN}) for place in PLACES),
    (WriterController, {**_WRITER, "kind": "aws", "region": "eu-central-1"}),
    (WriterController, {**_WRITER, "kind": "gcs", "project": "acme-1"}),
    (WriterController, {**_WRITER, "kind": "azure", "account": "acme", "valid_days": 30}),
]
_UNKNOWN = st.just(pulumi.output.UNKNOWN)


def configured(kind: type[ControllerBase]) -> ControllerBase:
    """Return a provider of a stack that names account and app, in a run of its own."""
    provider = kind()
    config = {"realtimekit:accountId": ACCOUNT, "realtimekit:appId": APP}
    provider._deployment = Deployment(read_settings(config, {}))
    return provider


def failures(kind: type[ControllerBase], olds: dict[str, Any], news: dict[str, Any]) -> int:
    """Check inputs: each failure has a reason alone, in printable text without a secret.

    Of a property that it names, the engine would print the whole value.
    """
    found = configured(kind).check(olds, news).failures
    for failure in found:
        assert failure.property == ""
        assert failure.reason.isprintable()
        assert failure.reason
        assert not failure.reason.endswith(": ")
        assert CANARY not in failure.reason
    return len(found)


@given(data=st.data())
@examples(300)
def test_no_check_crashes(data: st.DataObject) -> None:
    """Neither on what is declared now nor on what was stored then."""
    kind, inputs = data.draw(st.sampled_from(RIGHT))
    news = data.draw(spoiled(inputs))
    olds: Any = data.draw(st.one_of(st.just({}), st.just(inputs), spoiled(inputs)))
    if isinstance(news, dict) and isinstance(olds, dict):
        failures(kind, olds, news)


@given(data=st.data())
@examples(150)
def test_no_diff_of_what_passed_its_check_crashes(data: st.DataObject) -> None:
    """Of valid inputs against those of another release, which knew less and more."""
    kind, inputs = data.draw(st.sampled_from(RIGHT))
    provider = configured(kind)
    checked = provider.check({}, inputs).inputs
    less = data.draw(st.sets(st.sampled_from(sorted(checked))))
    olds = {key: value for key, value in checked.items() if key not in less}
    status = data.draw(st.sampled_from(["RECORDING", "PAUSED", "UPLOADED", "NO_SESSION", "new"]))
    assert provider.diff("id", {**olds, "status": status, "more": 1}, checked) is not None


_ANY_ARGS = st.recursive(
    JSON,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(st.sampled_from(["default", "outputs", "storage_config"]), inner),
        st.builds(lambda it: OutputArgs(type=it, storage_config=it), inner),
        st.builds(lambda it: LayerArgs(outputs=it, file_name_prefix=it), inner),
    ),
    max_leaves=5,
)


@given(layers=_ANY_ARGS)
@examples(150)
def test_layers_may_be_anything(layers: Any) -> None:
    """What is not of the expected shape is passed on for the check, and shown by its repr."""
    to_engine_layers(layers)
    assert repr(layers)


@pytest.mark.parametrize("case", range(len(RIGHT)))
def test_what_is_spoiled_is_right_before(case: int) -> None:
    """Most of it: a gate to SFTP lacks its host key."""
    kind, inputs = RIGHT[case]
    is_gate_to_sftp = kind is GateController and inputs["type"] == "sftp"
    assert failures(kind, {}, inputs) == (1 if is_gate_to_sftp else 0)
