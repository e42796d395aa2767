"""botocore's exceptions, translated into this project's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from typing import Any

from realtimekit_provider.errors import (
    StorageError,
    StorageSettingsError,
    StorageUnreachableError,
)
from realtimekit_provider.storage.backends.errors import (
    ErrorContext,
    build_answer_error,
)
from realtimekit_provider.storage.backends.path_variables import (
    AWS_PATHS,
    TLS_PATHS,
    require_path_variables,
)
from realtimekit_provider.storage.backends.s3.error_codes import (
    MISSING_CODES,
    TRANSPORT_ERRORS,
    UNREADABLE,
    get_meaning,
    get_permission,
    parse_missing_right,
)
from realtimekit_provider.storage.backends.sdk_imports import import_alone

__all__ = ["get_code", "import_sdk", "none_if_missing", "translate_errors"]


def import_sdk(module: str) -> Any:
    """Import a module of boto3 or botocore.

    Raises:
        MissingSdkError: It is not installed.
    """
    with import_alone("AWS and Spaces", "aws"):
        return import_module(module)


def get_code(error: Any) -> str:
    """Return the code of a ``ClientError``."""
    return str(error.response.get("Error", {}).get("Code", ""))


def none_if_missing(
    call: Callable[..., Mapping[str, Any]], **parameters: Any
) -> Mapping[str, Any] | None:
    """Call, and return ``None`` where the answer is that there is no such thing."""
    try:
        return call(**parameters)
    except import_sdk("botocore.exceptions").ClientError as error:
        if get_code(error) in MISSING_CODES:
            return None
        raise


@contextmanager
def translate_errors(context: ErrorContext) -> Iterator[None]:
    """Turn whatever the SDK raises inside into a :class:`StorageError` about ``context``."""
    exceptions = import_sdk("botocore.exceptions")
    require_path_variables(context.about, *AWS_PATHS, *TLS_PATHS)
    try:
        yield
    except exceptions.ClientError as error:
        raise _translate_answer(error, context) from None
    except exceptions.BotoCoreError as error:
        raise _translate_transport_error(error, context) from None
    except ValueError:
        # Such as an endpoint that is no URL; its text quotes what could not be read.
        raise StorageSettingsError(f"{context.about}: {context.explain(UNREADABLE)}") from None


def _translate_answer(error: Any, context: ErrorContext) -> StorageError:
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    message = str(error.response.get("Error", {}).get("Message") or "")
    action, resource = parse_missing_right(message)
    return build_answer_error(
        replace(context, resource=context.clean(resource) or context.resource),
        get_meaning(get_code(error), status, message),
        operation=error.operation_name,
        status=status,
        code=get_code(error),
        permission=action or get_permission(error.operation_name),
        message=message,
    )


def _translate_transport_error(error: Any, context: ErrorContext) -> StorageError:
    name = type(error).__name__
    for names, (error_class, text) in TRANSPORT_ERRORS:
        if name in names:
            return error_class(f"{context.about}: {context.explain(text)} (botocore: {name})")
    # Its text may quote a header, a file or a URL with a password.
    return StorageUnreachableError(
        f"{context.about}: the SDK for {context.service} gave up. Check the variables and files "
        f"that it reads, the network and any proxy, and deploy again. (botocore: {name})"
    )
