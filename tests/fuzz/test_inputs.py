"""Any input that a program declares is accepted or refused by path; no check crashes."""

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
from tests.example_values import ACCOUNT, APP, CANARY, MARK, MEETING, STORAGE, URN, build_layers
from tests.fuzz.test_stack_config import HOST_KEY
from tests.fuzz.values import JSON_VALUES, corrupted_copies
from tests.property_examples import run_examples

_NAMED = {"name": "recordings", "mark": MARK, "key_generation": 1}
_WRITER = {**_NAMED, "bucket": "example"}
_LOGIN = {key: value for key, value in STORAGE["sftp"].items() if key != "type"}
LOCATIONS: list[dict[str, Any]] = [
    {"type": "aws", "bucket": "example-one", "region": "us-east-1", "retention_days": 30},
    {"type": "gcs", "bucket": "example-two", "region": "europe-west1", "project": "acme-1"},
    {"type": "azure", "container": "example-three", "account": "acme"},
    {"type": "sftp", "host_key": HOST_KEY, **_LOGIN},
    {"type": "digitalocean", "bucket": "example-five", "region": "fra1"},
]
VALID_INPUTS: list[tuple[type[ControllerBase], dict[str, Any]]] = [
    *(
        (
            RecordingController,
            {
                "meeting_id": MEETING,
                "max_seconds": 600,
                "layers": build_layers(storage),
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
    *(
        (LocationController, {**location, "mark": MARK, "resource_urn": URN})
        for location in LOCATIONS
    ),
    (WriterController, {**_WRITER, "type": "aws", "region": "eu-central-1"}),
    (WriterController, {**_WRITER, "type": "gcs", "project": "acme-1"}),
    (
        WriterController,
        {**_NAMED, "type": "azure", "container": "example", "account": "acme", "valid_days": 30},
    ),
]
_UNKNOWN = st.just(pulumi.output.UNKNOWN)


def create_controller(kind: type[ControllerBase]) -> ControllerBase:
    """Return a controller of a stack that names account and app, in a deployment of its own."""
    controller = kind()
    config = {"realtimekit:accountId": ACCOUNT, "realtimekit:appId": APP}
    controller._deployment = Deployment(read_settings(config, {}))
    return controller


def count_failures(kind: type[ControllerBase], olds: dict[str, Any], news: dict[str, Any]) -> int:
    """Return how many failures a check reports; each must be printable and without a secret.

    None names a property: the engine would print its whole value.
    """
    failures = create_controller(kind).check(olds, news).failures
    for failure in failures:
        assert failure.property == ""
        assert failure.reason.isprintable()
        assert failure.reason
        assert not failure.reason.endswith(": ")
        assert CANARY not in failure.reason
    return len(failures)


@given(data=st.data())
@run_examples(300)
def test_no_check_crashes(data: st.DataObject) -> None:
    """Neither because of the declared inputs nor because of the stored ones."""
    kind, inputs = data.draw(st.sampled_from(VALID_INPUTS))
    news = data.draw(corrupted_copies(inputs))
    olds: Any = data.draw(st.one_of(st.just({}), st.just(inputs), corrupted_copies(inputs)))
    if isinstance(news, dict) and isinstance(olds, dict):
        count_failures(kind, olds, news)


@given(data=st.data())
@run_examples(150)
def test_no_diff_of_valid_inputs_crashes(data: st.DataObject) -> None:
    """The state may be of another release, which stored fewer keys and others."""
    kind, inputs = data.draw(st.sampled_from(VALID_INPUTS))
    controller = create_controller(kind)
    checked = controller.check({}, inputs).inputs
    missing = data.draw(st.sets(st.sampled_from(sorted(checked))))
    olds = {key: value for key, value in checked.items() if key not in missing}
    status = data.draw(st.sampled_from(["RECORDING", "PAUSED", "UPLOADED", "NO_SESSION", "new"]))
    assert controller.diff("id", {**olds, "status": status, "unknown": 1}, checked) is not None


_ANY_ARGS = st.recursive(
    JSON_VALUES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(st.sampled_from(["default", "outputs", "storage_config"]), inner),
        st.builds(lambda value: OutputArgs(type=value, storage_config=value), inner),
        st.builds(lambda value: LayerArgs(outputs=value, file_name_prefix=value), inner),
    ),
    max_leaves=5,
)


@given(layers=_ANY_ARGS)
@run_examples(150)
def test_layers_may_be_anything(layers: Any) -> None:
    """Layers of an unexpected shape are passed on to the check, and have a repr."""
    to_engine_layers(layers)
    assert repr(layers)


@pytest.mark.parametrize("case", range(len(VALID_INPUTS)))
def test_the_inputs_are_valid_before_they_are_corrupted(case: int) -> None:
    """All but one: a gate to SFTP lacks its host key."""
    kind, inputs = VALID_INPUTS[case]
    is_gate_to_sftp = kind is GateController and inputs["type"] == "sftp"
    assert count_failures(kind, {}, inputs) == (1 if is_gate_to_sftp else 0)
