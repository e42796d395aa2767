"""Names and messages are in the words of Pulumi, HTTP, testing and the clouds.

``private_words.toml`` is the list of what they once were, with the word of the field beside it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.repository.toml_files import read_toml

ROOT = Path(__file__).parents[2]
FOLDERS = (
    "realtimekit_provider",
    "realtimekit_emulator",
    "benchmarks",
    "tools",
    "tests",
    "examples",
)
WITH_MESSAGES = ("realtimekit_provider", "realtimekit_emulator", "tools")
WORDS: Mapping[str, Mapping[str, str]] = read_toml(Path(__file__).parent / "private_words.toml")
_NO_FUNCTIONS = ("property", "fixture")
"""Decorators of functions that are read like a value, and so are named like one."""

Finding = tuple[int, str]
"""A line, and what is wrong there."""


@dataclass(frozen=True)
class Module:
    """A parsed module.

    Attributes:
        path: Its path in the repository.
        tree: Its syntax tree.
    """

    path: Path
    tree: ast.Module


@cache
def read_modules() -> tuple[Module, ...]:
    """Return every module of the repository."""
    files = [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py"))]
    return tuple(
        Module(file.relative_to(ROOT), ast.parse(file.read_text(encoding="utf-8")))
        for file in files
    )


@cache
def list_nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Return every node of a module."""
    return tuple(ast.walk(tree))


@cache
def compile_phrases() -> dict[re.Pattern[str], str]:
    """Return what to say in place of each phrase, by a pattern that finds it."""
    return {
        re.compile(rf"(?i)\b({re.escape(phrase)})\b"): instead
        for phrase, instead in WORDS["phrases"].items()
    }


@cache
def split_name(name: str) -> list[str]:
    """Return the words that a name is made of: ``_has_HTTPError`` is has, http, error."""
    parts = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).split("_")
    return [part.lower() for part in parts if part]


def find_words(name: str, words: Mapping[str, str]) -> Iterator[str]:
    """Yield what a name should have in place of a private word, or of several in a row."""
    joined = f"_{'_'.join(split_name(name))}_"
    yield from (instead for word, instead in words.items() if f"_{word}_" in joined)


def find_beginning(name: str, words: Mapping[str, str]) -> Iterator[str]:
    """Yield what a name should begin with in place of a private word."""
    joined = f"{'_'.join(split_name(name))}_"
    yield from (instead for word, instead in words.items() if joined.startswith(f"{word}_"))


def list_names(tree: ast.Module) -> Iterator[Finding]:
    """Yield the names that a module defines: of classes, functions, arguments, variables."""
    for node in list_nodes(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr


def list_functions(tree: ast.Module) -> Iterator[Finding]:
    """Yield the name of every function that is not read like a value."""
    for node in list_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            decorators = " ".join(map(ast.unparse, node.decorator_list))
            if not any(word in decorators for word in _NO_FUNCTIONS):
                yield node.lineno, node.name


def list_messages(tree: ast.Module) -> Iterator[Finding]:
    """Yield the texts of a module, without its docstrings."""
    docstrings = {
        id(statement.value)
        for node in list_nodes(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        for statement in node.body
        if isinstance(statement, ast.Expr)
    }
    for node in list_nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):  # noqa: SIM102
            if id(node) not in docstrings and " " in node.value:
                yield node.lineno, node.value


def find_private_names(tree: ast.Module) -> Iterator[Finding]:
    """Yield names with a private word, but for those that the list allows."""
    for line, name in list_names(tree):
        if name not in WORDS["allowed"]:
            yield from (
                (line, f"{name} ({instead})") for instead in find_words(name, WORDS["names"])
            )


def find_private_functions(tree: ast.Module) -> Iterator[Finding]:
    """Yield functions whose name begins with a participle instead of a verb."""
    for line, name in list_functions(tree):
        if name not in WORDS["allowed"]:
            beginnings = find_beginning(name, WORDS["function_beginnings"])
            yield from ((line, f"{name} ({instead})") for instead in beginnings)


def find_private_tests(tree: ast.Module) -> Iterator[Finding]:
    """Yield tests whose name begins with a pronoun."""
    for line, name in list_functions(tree):
        if name.startswith("test_"):
            subject = name.removeprefix("test_")
            beginnings = find_beginning(subject, WORDS["test_beginnings"])
            yield from ((line, f"{name} ({instead})") for instead in beginnings)


def find_private_messages(tree: ast.Module) -> Iterator[Finding]:
    """Yield messages with a phrase that is no plain English."""
    for line, text in list_messages(tree):
        for pattern, instead in compile_phrases().items():
            if found := pattern.search(text):
                yield line, f"'{found[1]}' in '{text[:60]}' ({instead})"


def find_exceptions_without_error(tree: ast.Module) -> Iterator[Finding]:
    """Yield exceptions whose name does not end in Error."""
    for node in list_nodes(tree):
        if isinstance(node, ast.ClassDef) and not node.name.endswith("Error"):
            bases = [ast.unparse(base).rpartition(".")[2] for base in node.bases]
            if any(re.search("(Error|Exception)$", base) for base in bases):
                yield node.lineno, f"{node.name} (an exception ends in Error)"


CHECKS = {
    "a name has no private word": find_private_names,
    "a function's name begins with a verb": find_private_functions,
    "a test's name says what it is about": find_private_tests,
    "a message is in plain English": find_private_messages,
    "an exception ends in Error": find_exceptions_without_error,
}


@pytest.mark.parametrize("rule", CHECKS)
def test_the_code_speaks_the_language_of_the_field(rule: str) -> None:
    """A stranger who knows Pulumi, HTTP and testing guesses every name."""
    found = [
        f"{module.path}:{line}: {text}"
        for module in read_modules()
        if rule != "a message is in plain English" or module.path.parts[0] in WITH_MESSAGES
        for line, text in CHECKS[rule](module.tree)
    ]
    assert not found, "\n".join(["", *found])


def test_no_file_and_no_folder_has_a_private_word() -> None:
    """Imports repeat their names everywhere."""
    names = {part for module in read_modules() for part in module.path.with_suffix("").parts}
    found = {name: [*find_words(name, WORDS["names"])] for name in names}
    assert {name: instead for name, instead in found.items() if instead} == {}


def test_every_allowed_name_is_used() -> None:
    """An exception that nothing needs any more is taken off the list."""
    used = {name for module in read_modules() for _, name in list_names(module.tree)}
    assert WORDS["allowed"].keys() <= used


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("a name has no private word", "class Lockstep: pass"),
        ("a name has no private word", "def wait(patience: float) -> None: pass"),
        ("a name has no private word", "self.runMemory = 1"),
        ("a name has no private word", "def test_a_mistake_is_told() -> None: pass"),
        ("a function's name begins with a verb", "def settled() -> None: pass"),
        ("a function's name begins with a verb", "async def _explained(error): pass"),
        ("a test's name says what it is about", "def test_it_works() -> None: pass"),
        ("a message is in plain English", "raise ValueError(f'the recording {name} goes on')"),
        ("an exception ends in Error", "class Denied(RealtimeKitError): pass"),
    ],
)
def test_an_old_name_would_be_found(rule: str, line: str) -> None:
    """One for each rule, put back."""
    assert [*CHECKS[rule](ast.parse(line))]


@pytest.mark.parametrize(
    "line",
    [
        "def apply_settings(settings: str) -> None: pass",
        "@property\ndef stopped(self) -> bool: pass",
        "def test_an_iterator_ends() -> None: pass",
        "class ConflictError(RealtimeKitError): pass",
        "def f() -> None:\n    '''The recording goes on.'''",
    ],
)
def test_a_name_of_the_field_is_not_found(line: str) -> None:
    """Neither are words inside of words, values, and prose."""
    assert [finding for check in CHECKS.values() for finding in check(ast.parse(line))] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("_has_HTTPError", ["has", "http", "error"]),
        ("AwsLocation", ["aws", "location"]),
        ("COMPUTED_OUTPUTS", ["computed", "outputs"]),
    ],
)
def test_a_name_is_split_into_words(name: str, words: list[str]) -> None:
    """Otherwise a private word could hide in it."""
    assert split_name(name) == words
