"""The texts of all storage errors, in one form: ``THING (TYPE, WHERE): WHAT HAPPENED. ADVICE``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from realtimekit_provider.constants import INSTALL_COMMAND
from realtimekit_provider.errors import (
    MissingSdkError,
    StorageError,
    StorageNotFoundError,
)
from realtimekit_provider.redaction import redact

__all__ = [
    "ErrorContext",
    "ErrorMeaning",
    "build_answer_error",
    "build_missing_sdk_error",
    "build_not_found_error",
    "describe",
    "describe_install",
    "list_error_names",
]

_LONGEST_QUOTE = 400


class ErrorMeaning(NamedTuple):
    """What a foreign error means.

    Attributes:
        error_class: The class to raise.
        text: What happened and what to do. It may name ``{credentials}``, ``{permission}``,
            ``{resource}``, ``{remedy}``, ``{service}``, and at its end ``{quote}``, a sentence
            with what the service says itself.
    """

    error_class: type[StorageError]
    text: str


@dataclass(frozen=True)
class ErrorContext:
    """Who calls which service about what: the words that an error text is made of.

    Attributes:
        about: The thing that the call is about, as :func:`describe` writes it.
        service: Who answers: ``AWS``, ``Google``.
        credentials: Whose credentials are used, in the plural.
        remedy: How to get other credentials, as a sentence of its own.
        resource: What a missing permission has to be granted on.
        secrets: Values that no text may hold.
    """

    about: str
    service: str
    credentials: str
    remedy: str
    resource: str = ""
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def clean(self, text: str) -> str:
        """Return a foreign text on one line, without secrets, at most 400 characters long."""
        line = " ".join(redact(text, self.secrets).split())
        return line if len(line) <= _LONGEST_QUOTE else f"{line[:_LONGEST_QUOTE]}…"

    def explain(self, meaning: str, *, permission: str = "", message: str = "") -> str:
        """Return an :class:`ErrorMeaning`'s text with its gaps filled.

        Args:
            meaning: The text with gaps.
            permission: The permission that the call needs.
            message: The service's own text.
        """
        quote = f"{self.service} says: {self.clean(message)}" if message.strip() else ""
        return meaning.format(
            credentials=self.credentials,
            permission=permission,
            resource=self.resource,
            remedy=self.remedy,
            service=self.service,
            quote=quote,
        ).strip()


def describe(thing: str, name: str, *where: str, path: str | None = None) -> str:
    """Return what an error text begins with: ``The bucket NAME (aws, eu-west-1)``.

    Args:
        thing: What it is: ``bucket``, ``IAM user``.
        name: Its name.
        where: The storage type, then what says where the thing is.
        path: The folder in it that is written to; empty or ``None`` for all of it.
    """
    folder = (path or "").strip("/")
    subject = f"The path {folder}/ in the" if folder else "The"
    return f"{subject} {thing} {name} ({', '.join(where)})"


def list_error_names(error: BaseException) -> str:
    """Return the names of an error's class and of those that caused it, which quote nothing.

    An SDK wraps the error of its HTTP library as an argument, a reason or a cause.
    """
    names: list[str] = []
    inner: object = error
    while isinstance(inner, BaseException):
        names.append(type(inner).__name__)
        wrapped = (getattr(inner, "reason", None), *inner.args, inner.__cause__)
        inner = next((one for one in wrapped if isinstance(one, BaseException)), None)
    return ", ".join(dict.fromkeys(names))


def build_answer_error(
    context: ErrorContext,
    meaning: ErrorMeaning,
    *,
    operation: str,
    status: int,
    code: str = "",
    permission: str = "",
    message: str = "",
) -> StorageError:
    """Return the error for an answer that says no.

    Args:
        context: Who called what.
        meaning: What the answer means.
        operation: The operation's name in the service's own documentation.
        status: The HTTP status.
        code: The service's own error code.
        permission: The permission that the operation needs.
        message: The service's own text.
    """
    answer = f"{code} (HTTP {status})" if code else f"HTTP {status}"
    return meaning.error_class(
        f"{context.about}: {context.service} answered {operation} with {answer}: "
        f"{context.explain(meaning.text, permission=permission, message=message)}"
    )


def build_not_found_error(about: str, *, existing: bool) -> StorageNotFoundError:
    """Return the error for a location that is not there, and should be."""
    if existing:
        return StorageNotFoundError(
            f"{about}: it does not exist, and it is declared as existing. Create it, or correct "
            "its name. Remove 'existing' only if this stack is to create it, and to delete it as "
            "on_delete says."
        )
    return StorageNotFoundError(
        f"{about}: it does not exist any more. Run 'pulumi up --refresh' to create it again."
    )


def build_missing_sdk_error(storage: str, extra: str) -> MissingSdkError:
    """Return the error that names the extra to install."""
    return MissingSdkError(
        f"{storage} storage needs an SDK that is not installed. {describe_install(extra)}"
    )


def describe_install(extra: str) -> str:
    """Return the advice to install an extra of this package."""
    return (
        f"Run: {INSTALL_COMMAND.format(extra=extra)}, where SOURCE is the address of the wheel "
        "(file:///...) or of the repository (git+https://...) that it was installed from"
    )
