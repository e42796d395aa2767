"""What `make setup` leaves behind for the first deployment."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.setup import virtualenv
from tools.setup.steps import SetupError


def test_a_deployment_finds_its_modules_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where the machine asks Python to keep nothing that it compiles."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path))
    virtualenv._warm_bytecode()
    compiled = {file.name.partition(".")[0] for file in tmp_path.rglob("*.pyc")}
    assert {"dynamic", "controller", "api_client", "session", "transport"} <= compiled
    assert capsys.readouterr().out == ""


def test_a_set_up_does_not_fail_over_a_module_that_is_not_compiled(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python would compile it at the first deployment."""

    def fail(*_: object, what: str, **__: object) -> None:
        raise SetupError(f"{what} failed")

    monkeypatch.setattr(virtualenv, "run", fail)
    virtualenv._warm_bytecode()
    assert "compiling what a deployment loads failed" in capsys.readouterr().out
