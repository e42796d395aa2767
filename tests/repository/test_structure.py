"""The folders are those that the import contracts name, and none of them is crowded."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.repository.toml_files import read_toml

ROOT = Path(__file__).parents[2]
CONTRACTS: list[dict[str, Any]] = read_toml(ROOT / "pyproject.toml")["tool"]["importlinter"][
    "contracts"
]
PACKAGES = ("realtimekit_provider", "realtimekit_emulator")
FOLDERS = (*PACKAGES, "tests", "tools", "benchmarks", "examples")
MOST_FILES = 16


def list_modules(package: str) -> set[str]:
    """Return the modules and folders directly below a package."""
    files = (ROOT / package).glob("*.py")
    folders = (init.parent for init in (ROOT / package).glob("*/__init__.py"))
    return {one.stem for one in (*files, *folders)} - {"__init__"}


def list_layers(package: str) -> set[str]:
    """Return the modules that a package's layers name."""
    return {
        module.strip().strip("()")
        for contract in CONTRACTS
        if contract["type"] == "layers" and package in contract["containers"]
        for layer in contract["layers"]
        for module in layer.replace(":", "|").split("|")
    }


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_of_a_package_has_a_layer(package: str) -> None:
    """Without one, import-linter would let anything import it."""
    assert list_layers(package) == list_modules(package)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_with_code_is_a_package(package: str) -> None:
    """A folder without ``__init__.py`` would be in no contract and in no wheel."""
    folders = {file.parent for file in (ROOT / package).rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_every_root_package_has_a_contract() -> None:
    """The list of packages that import-linter reads is complete."""
    settings = read_toml(ROOT / "pyproject.toml")["tool"]["importlinter"]
    assert settings["root_packages"] == list(PACKAGES)


def test_no_folder_has_more_than_sixteen_modules() -> None:
    """What does not fit gets a folder of its own; ``__init__.py`` does not count."""
    files = Counter(
        file.parent.relative_to(ROOT)
        for folder in FOLDERS
        for file in (ROOT / folder).rglob("*.py")
        if file.name != "__init__.py"
    )
    assert {str(folder): number for folder, number in files.items() if number > MOST_FILES} == {}


def test_the_packages_root_only_exports_names() -> None:
    """It is imported with every module below it, so it holds imports and ``__all__``."""
    module = ast.parse((ROOT / "realtimekit_provider" / "__init__.py").read_text(encoding="utf-8"))
    docstring, *statements = module.body
    assert isinstance(docstring, ast.Expr)
    assert all(isinstance(one, ast.ImportFrom | ast.Assign) for one in statements)
