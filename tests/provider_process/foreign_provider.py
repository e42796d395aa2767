"""Another dynamic provider of the same program, which knows nothing of this package."""

from __future__ import annotations

from typing import Any

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ResourceProvider

__all__ = ["ForeignProvider"]


class ForeignProvider(ResourceProvider):
    """Replaces at each diff, and fails at each create."""

    serialize_as_secret_always = False

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        return CheckResult(news, [])

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        return DiffResult(changes=True, replaces=["foreign"])

    def create(self, props: dict[str, Any]) -> CreateResult:
        raise ValueError("foreign")
