"""The text of a resource's URN: stack, project, types from the outermost component on, name."""

from __future__ import annotations

__all__ = ["TYPES", "build_urn", "parse_name", "parse_project", "parse_stack"]

TYPES = "pulumi-python:dynamic/realtimekit"
"""The types of this package's resources, without the name of each."""


def build_urn(stack: str, project: str, type_name: str, name: str) -> str:
    """Return the URN of a resource of this package whose parent is the stack.

    Args:
        stack: The stack's name, without its organization.
        project: The project's name.
        type_name: The last part of its type, such as ``TrackRecording``.
        name: The name that a program gives it.
    """
    return f"urn:pulumi:{stack}::{project}::{TYPES}:{type_name}::{name}"


def parse_stack(urn: str) -> str:
    """Return the stack that the resource with this URN is in."""
    return urn.removeprefix("urn:pulumi:").split("::", 1)[0]


def parse_project(urn: str) -> str:
    """Return the project that the resource with this URN is of."""
    return urn.split("::", 2)[1]


def parse_name(urn: str) -> str:
    """Return the name that a program gave the resource with this URN, which may hold ``::``."""
    return urn.split("::", 3)[-1]
