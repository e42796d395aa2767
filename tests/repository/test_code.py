"""What the packages' code never does, according to its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(
    [*ROOT.glob("realtimekit_provider/**/*.py"), *ROOT.glob("realtimekit_emulator/**/*.py")]
)

RUNS_WHAT_IT_READS = frozenset(
    {
        *("eval", "exec", "compile", "__import__"),
        *("os.system", "os.popen", "os.execv", "os.execvp", "runpy.run_path"),
        *("yaml.load", "yaml.unsafe_load", "yaml.full_load"),
    }
)
READS_PROGRAMS = frozenset({"pickle", "dill", "cloudpickle", "marshal", "shelve", "jsonpickle"})
SWITCHES_TLS_OFF = frozenset(
    {"_create_unverified_context", "CERT_NONE", "disable_warnings", "AutoAddPolicy"}
)
OFF_IF_FALSE = frozenset({"verify", "check_hostname", "use_ssl", "ssl", "connection_verify"})
OFF_IF_NONE = frozenset({"known_hosts"})

ON_LOOPBACK_ONLY = {"realtimekit_emulator/uploads/sftp.py": "switches TLS off"}
"""The API takes no host key, so the emulator has none to hold a server against; what it uploads
goes to loopback and nowhere else (``tests/emulator/uploads/test_real_uploads.py``)."""


def list_nodes() -> Iterator[tuple[str, ast.AST]]:
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text())):
            yield f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}", node


def find_violation(node: ast.AST) -> str | None:
    """Return what is forbidden about a node, or ``None``."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) in RUNS_WHAT_IT_READS:
        return "runs what it reads"
    if isinstance(node, ast.Import) and any(
        name.name.split(".")[0] in READS_PROGRAMS for name in node.names
    ):
        return "reads programs"
    if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in READS_PROGRAMS:
        return "reads programs"
    if isinstance(node, ast.Attribute) and node.attr in SWITCHES_TLS_OFF:
        return "switches TLS off"
    return _find_forbidden_setting(node)


def _find_forbidden_setting(node: ast.AST) -> str | None:
    if isinstance(node, ast.keyword):
        name, value = node.arg, node.value
    elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
        name, value = node.targets[0].attr, node.value
    else:
        return None
    if not isinstance(value, ast.Constant):
        return None
    if (name in OFF_IF_FALSE and value.value is False) or (
        name in OFF_IF_NONE and value.value is None
    ):
        return "switches TLS off"
    return "runs a shell" if name == "shell" and value.value is True else None


def test_no_code_runs_what_it_reads_or_switches_verification_off() -> None:
    """Neither eval nor pickle, and no connection that takes any certificate or host key."""
    assert len(FILES) > 60
    found = {where: why for where, node in list_nodes() if (why := find_violation(node))}
    assert {where.partition(":")[0]: why for where, why in found.items()} == ON_LOOPBACK_ONLY


@pytest.mark.parametrize(
    "line",
    [
        "eval(text)",
        "import pickle",
        "from dill import loads",
        "requests.get(url, verify=False)",
        "session.verify = False",
        "context.check_hostname = False",
        "context.verify_mode = ssl.CERT_NONE",
        "asyncssh.connect(host, known_hosts=None)",
        "subprocess.run(line, shell=True)",
        "yaml.load(text)",
    ],
)
def test_forbidden_code_would_be_found(line: str) -> None:
    """Each of them, if somebody wrote it."""
    assert any(find_violation(node) for node in ast.walk(ast.parse(line)))
