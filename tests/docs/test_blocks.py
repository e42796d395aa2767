"""The code on the pages runs, and the stack configs in the repository are valid."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

import pytest
import yaml

from realtimekit_provider.program.read import validate_stack
from tests.docs.pages import ROOT, Block, list_blocks, read_table
from tests.docs.programs import run_program
from tests.docs.stack_configs import YamlConfig, list_credentials
from tests.docs.test_examples import EXPECTED


def get_source(block: Block) -> str:
    """Return page and line, for a test's id."""
    return block.source


_SETTINGS = {
    "realtimekit:accountId": "023e105f4ecef8ad9ca31a8372d0c353",
    "realtimekit:appId": "2f1b5e7c-0d5c-4b7a-9d5e-1c7d3a1f0b42",
    "realtimekit:meetingId": "1f4a2c9e-6d0b-4b8a-8f55-3f0e2f6f8a01",
    "realtimekit:townhallAccessKey": "AKIAEXAMPLE",
    "realtimekit:townhallSecret": "made-up-secret",
    "realtimekit:writerKeyId": "AKIAEXAMPLE",
    "realtimekit:writerSecret": "made-up-secret",
    "realtimekit:recordings": json.dumps(
        {"standup": {"meeting_id": "1f4a2c9e-6d0b-4b8a-8f55-3f0e2f6f8a01", "layers": {"a": {}}}}
    ),
}
_READ_BY_EVERY_PROGRAM = {"accountId", "appId", "recordings"}
_EXAMPLES_WITHOUT_A_CLOUD = [
    program
    for program in sorted(ROOT.glob("examples/*/__main__.py"))
    if program.parent.name not in EXPECTED
]
_STACK_CONFIGS = [
    *(block for block in list_blocks("yaml") if block.text.startswith("config:")),
    *(
        Block("yaml", file.read_text(encoding="utf-8"), file.name)
        for file in sorted(ROOT.glob("stacks/*.yaml"))
        if file.name != "Pulumi.demo.yaml"  # the demo puts its meeting in
    ),
]


@pytest.mark.parametrize(
    "block",
    [block for block in list_blocks("python") if "emulator.md" not in block.source],
    ids=get_source,
)
def test_a_python_block_runs(block: Block) -> None:
    """It runs as it stands, and the recordings that it declares pass their checks."""
    code = compile(block.text, block.source, "exec")
    recordings = run_program(lambda: exec(code, {}), _list_settings(block.text))  # noqa: S102
    assert len(recordings) == block.text.count("TrackRecording(") + block.text.count("declare(")


@pytest.mark.parametrize("program", _EXAMPLES_WITHOUT_A_CLOUD, ids=lambda one: one.parent.name)
def test_an_example_runs(program: Path) -> None:
    """It is a program that declares a valid recording; test_examples.py runs the others."""
    settings = _list_settings(program.read_text(encoding="utf-8"))
    assert run_program(lambda: runpy.run_path(str(program)), settings)


def _list_settings(program: str) -> dict[str, str]:
    """Return the settings that a program reads: its own keys only where its text names them."""
    return {
        key: value
        for key, value in _SETTINGS.items()
        if (name := key.partition(":")[2]) in _READ_BY_EVERY_PROGRAM or name in program
    }


@pytest.mark.parametrize("block", _STACK_CONFIGS, ids=get_source)
def test_a_stack_config_is_valid(block: Block) -> None:
    """The checks of a deployment find nothing wrong with it."""
    config = YamlConfig(block.text)
    missing = {f"realtimekit:{name}": "secure" for name, _ in list_credentials(config.values)}
    config.values = {**{key: {value: "…"} for key, value in missing.items()}, **config.values}
    assert list(validate_stack(config.declared, config)) == []


@pytest.mark.parametrize("block", _STACK_CONFIGS, ids=get_source)
def test_every_key_of_a_stack_config_has_a_meaning(block: Block) -> None:
    """Each key is in the table of settings, or is a credential that is used."""
    config = YamlConfig(block.text)
    known = {row["key"].strip("`") for row in read_table("docs/stack-config.md", "key")}
    known |= {f"realtimekit:{name}" for name, _ in list_credentials(config.values)}
    assert set(config.values) <= known


@pytest.mark.parametrize("block", list_blocks("yaml"), ids=get_source)
def test_yaml_is_yaml(block: Block) -> None:
    """Each block can be copied into a file."""
    assert yaml.safe_load(block.text)


@pytest.mark.parametrize("block", list_blocks("console"), ids=get_source)
def test_console_blocks_name_targets_that_exist(block: Block) -> None:
    """What is shown of `make` is in the Makefile; paths that it is given exist."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^\$ make (\w+)", block.text, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for path in re.findall(r"\b(?:tests|docs|stacks)/[\w./]+", block.text):
        assert (ROOT / path).exists(), path
