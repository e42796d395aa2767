"""The page about a project of one's own: its commands with the real engine, and its versions."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from realtimekit_emulator import EmulatorServer
from tests.docs.pages import ROOT, list_blocks
from tests.pulumi_cli.support.environment import build_environment

_PAGE = "own-project.md"


@pytest.mark.engine
def test_the_project_of_the_page_starts_a_recording(tmp_path: Path) -> None:
    """Its files and commands, with an emulator's ids; all but the installing."""
    for name, language in (("Pulumi.yaml", "yaml"), ("__main__.py", "python")):
        (block,) = (one for one in list_blocks(language) if one.source.startswith(_PAGE))
        (tmp_path / name).write_text(block.text, encoding="utf-8")
    (tmp_path / ".venv").symlink_to(sys.prefix)
    with EmulatorServer() as emulator:
        meeting = emulator.control.create_meeting(participants=1).id
        values = {
            "ACCOUNT_ID": emulator.account_id,
            "APP_ID": emulator.app_id,
            "MEETING_ID": meeting,
            "PASSPHRASE": "made-up",
            "http://127.0.0.1:8787/client/v4": emulator.base_url,
        }
        ran = subprocess.run(  # noqa: PLW1510 - its output says what went wrong
            ["bash", "-euc", _read_commands(values)],
            cwd=tmp_path,
            env=build_environment(tmp_path, emulator),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert len(emulator.control.recordings(meeting)) == 1


def test_the_versions_on_the_pages_are_those_of_the_tests() -> None:
    """The SDK is the one that the requirements pin, the CLI the one that `make setup` gets."""
    requirements = (ROOT / "requirements.in").read_text(encoding="utf-8")
    engine = (ROOT / "tools" / "pulumi-cli" / "engine" / "go.mod").read_text(encoding="utf-8")
    (sdk,) = re.findall(r"^pulumi==(\S+)", requirements, re.MULTILINE)
    (cli,) = re.findall(r"pulumi/pkg/v3 v(\S+)", engine)
    own_project, pipelines = (
        (ROOT / "docs" / name).read_text(encoding="utf-8") for name in (_PAGE, "pipelines.md")
    )
    assert set(re.findall(r"(?:pulumi==|SDK )(\d[\d.]*\d)", own_project)) == {sdk}
    assert set(re.findall(r"(?:CLI |--version )(\d[\d.]*\d)", own_project)) == {cli}
    assert re.findall(r"\[version (\S+)\]", pipelines) == [cli]


def _read_commands(values: dict[str, str]) -> str:
    """Return the commands after the installing; the two ways to deploy are one, the emulator's."""
    blocks = [one.text for one in list_blocks("console") if one.source.startswith(_PAGE)]
    *_, configure, real, emulated = blocks
    assert "pip" not in configure
    assert real.endswith("$ pulumi up\n")
    text = f"{configure}{emulated}"
    for name, value in values.items():
        assert name in text
        text = re.sub(rf"(?<![A-Z_]){re.escape(name)}\b(?!=)", value, text)
    commands = "\n".join(line.removeprefix("$ ") for line in text.splitlines())
    return f"{commands} --yes"
