"""Every name of the provider that fault injection replaces, in one table.

A name that the provider does not look up would be replaced without effect, and its mutation could
not be found. So :func:`replace_name` refuses a name that its module does not have or does not use.
"""

from __future__ import annotations

import ast
import inspect
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from realtimekit_provider.deployment.mark import compute_mark
from realtimekit_provider.schema.parsing.private_keys import PrivateKeyFile

__all__ = [
    "API_SESSION",
    "MUTATION_VARIABLE",
    "REMOVED_RULES",
    "UnusedNameError",
    "UsedName",
    "apply_mutation",
    "check_is_used",
    "get_mark_function",
    "replace_name",
]

MUTATION_VARIABLE = "FAULT_INJECTION_WITHOUT"
"""The environment variable that names the rule to take out."""


class UnusedNameError(Exception):
    """A name is to be replaced that its module does not use."""


@dataclass(frozen=True)
class UsedName:
    """A global name that functions of a module look up when they are called."""

    module: str
    name: str


API_SESSION = UsedName("realtimekit_provider.engine.api_client", "ApiSession")
"""Replaced by one with a faster clock."""

REMOVED_RULES: Mapping[str, UsedName] = {
    "active-recording-check": UsedName("realtimekit_provider.recordings.create", "find_active"),
    "lost-response-check": UsedName(
        "realtimekit_provider.recordings.create", "find_after_lost_response"
    ),
    "upload-drain": UsedName("realtimekit_provider.storage.gate.controller", "drain_uploads"),
    "identity-in-mark": UsedName("realtimekit_provider.identity.resource", "compute_mark"),
    "normal-forms": UsedName("realtimekit_provider.schema.input_diff", "normalize_field"),
    "credential-parsers": UsedName("realtimekit_provider.schema.credentials", "parse_private_key"),
}
"""Rules of the provider, and the function of each that is replaced."""


def _make_mark_of_names(_identity: str, urn: str) -> str:
    return compute_mark("0" * 8, urn)


def _accept_any_private_key(text: str) -> PrivateKeyFile:
    return PrivateKeyFile(text, "RSA", is_encrypted=False)


_REPLACEMENTS: Mapping[str, Callable[..., object]] = {
    "identity-in-mark": _make_mark_of_names,
    "normal-forms": lambda _name, value, _siblings: value,
    "credential-parsers": _accept_any_private_key,
}
"""What a rule's function becomes where it is not one that finds nothing."""


def apply_mutation() -> None:
    """Take out the rule that :data:`MUTATION_VARIABLE` names, if any."""
    rule = os.environ.get(MUTATION_VARIABLE)
    if rule is not None:
        replace_name(REMOVED_RULES[rule], _REPLACEMENTS.get(rule, lambda *_arguments: None))


def get_mark_function(rule: str | None) -> Callable[[str, str], str]:
    """Return what makes a mark of an identity and a URN, in the program, where a rule is out."""
    return _make_mark_of_names if rule == "identity-in-mark" else compute_mark


def replace_name(used: UsedName, replacement: object) -> None:
    """Replace a global name in a module.

    Raises:
        UnusedNameError: The module does not have the name, or no function of it uses it.
    """
    check_is_used(used)
    setattr(import_module(used.module), used.name, replacement)


def check_is_used(used: UsedName) -> None:
    """Make sure that a module has a global name, and that a function of it looks the name up.

    Raises:
        UnusedNameError: It does not.
    """
    module = import_module(used.module)
    if not hasattr(module, used.name):
        raise UnusedNameError(f"{used.module} has no {used.name}")
    functions = (
        node
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    looked_up = {
        node.id
        for function in functions
        for statement in function.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    if used.name not in looked_up:
        raise UnusedNameError(f"no function of {used.module} uses {used.name}")
