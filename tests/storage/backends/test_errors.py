"""The texts of all storage errors have one form, and the tables of foreign errors are right."""

from __future__ import annotations

import re
from string import Formatter

import asyncssh
import botocore.exceptions
import pytest

from realtimekit_provider.errors import StorageError, StorageNotEmptyError
from realtimekit_provider.storage.backends.azure import errors as azure
from realtimekit_provider.storage.backends.errors import (
    ErrorContext,
    ErrorMeaning,
    build_answer_error,
    build_not_found_error,
    describe,
)
from realtimekit_provider.storage.backends.gcs import errors as gcs
from realtimekit_provider.storage.backends.s3 import error_codes as s3
from realtimekit_provider.storage.backends.sftp import errors as sftp
from realtimekit_provider.storage.location.on_delete import require_keep

ABOUT = describe("bucket", "acme", "aws", "eu-west-1")
CONTEXT = ErrorContext(ABOUT, "AWS", "the credentials", "Log in again.", "arn:acme", ("CANARY",))
FORM = re.compile(r"The bucket acme \(aws, eu-west-1\): [a-zA-Z].+\. [A-Z].+\.")
CONTEXT_MEANINGS: list[ErrorMeaning] = [
    *s3.ERROR_CODES.values(),
    *(meaning for _, meaning in s3.TRANSPORT_ERRORS),
    s3.get_meaning("SomethingNew", 400),
    s3.get_meaning("InternalError", 500),
    *azure.ERROR_CODES.values(),
    *map(azure._get_meaning, (0, 400, 403, 404, 503)),
    *gcs.ERROR_CODES.values(),
    gcs._BUSY,
    gcs._NOT_ACCEPTED,
]
SFTP_GAPS = {"operation", "credential", "keyscan", "host_key_type", "quote"}


@pytest.mark.parametrize(
    "error",
    [
        build_not_found_error(ABOUT, existing=True),
        build_not_found_error(ABOUT, existing=False),
    ],
)
def test_an_error_names_the_thing_what_happened_and_what_to_do(error: StorageError) -> None:
    """In this order, whatever the storage type."""
    assert FORM.fullmatch(str(error))


@pytest.mark.parametrize("on_delete", ["fail", "force"])
def test_a_refused_deletion_has_the_same_form(on_delete: str) -> None:
    """A location that holds something is told like everything else."""
    with pytest.raises(StorageNotEmptyError) as refusal:
        require_keep(ABOUT, on_delete, holds="objects", example="a.webm")
    assert FORM.fullmatch(str(refusal.value))


def test_a_location_that_is_to_be_kept_is_kept() -> None:
    """Whatever it holds."""
    require_keep(ABOUT, "keep", holds="objects", example="a.webm")


@pytest.mark.parametrize("meaning", CONTEXT_MEANINGS)
def test_an_answer_is_reported_in_the_same_form(meaning: ErrorMeaning) -> None:
    """The service, the operation, the code and the status, then what it means and what to do."""
    error = build_answer_error(
        CONTEXT, meaning, operation="Put", status=403, code="Denied", permission="s3:Put"
    )
    assert type(error) is meaning.error_class
    assert FORM.fullmatch(str(error))
    assert ": AWS answered Put with Denied (HTTP 403): " in str(error)


def test_a_quote_holds_no_secret_and_ends_the_text() -> None:
    """What the service says itself is on one line, and cut."""
    meaning = ErrorMeaning(StorageError, "it failed. Deploy again. {quote}")
    message = "the key\n CANARY is unknown" + "!" * 1000
    text = str(build_answer_error(CONTEXT, meaning, operation="Put", status=500, message=message))
    assert (
        "AWS answered Put with HTTP 500: it failed. Deploy again. AWS says: the key [secret] is"
        in text
    )
    assert text.endswith("!…")
    assert len(text) < 600


def test_the_path_of_a_write_test_is_part_of_the_thing() -> None:
    """Without slashes around it; the whole bucket has none."""
    assert describe("bucket", "acme", "gcs", "EU", path="/a/b/") == (
        "The path a/b/ in the bucket acme (gcs, EU)"
    )
    assert describe("bucket", "acme", "gcs", "EU", path="/") == "The bucket acme (gcs, EU)"


@pytest.mark.parametrize("names", [names for names, _ in s3.TRANSPORT_ERRORS])
def test_the_names_of_botocores_exceptions_exist(names: frozenset[str]) -> None:
    """They are compared by name, so that the table needs no SDK."""
    assert [name for name in names if not hasattr(botocore.exceptions, name)] == []


@pytest.mark.parametrize(("names", "meaning"), sftp.ERROR_CODES)
def test_the_names_of_asyncsshs_exceptions_exist(
    names: frozenset[str], meaning: ErrorMeaning
) -> None:
    """And their texts have no gap that stays open."""
    assert [n for n in names if not hasattr(asyncssh, n) and n != "BaseException"] == []
    assert {gap for _, gap, _, _ in Formatter().parse(meaning.text) if gap} <= SFTP_GAPS


def test_no_exception_of_asyncssh_is_hidden_by_one_that_it_derives_from() -> None:
    """The first row that fits counts."""
    rows = [name for names, _ in sftp.ERROR_CODES for name in names]
    for position, name in enumerate(rows):
        bases = {base.__name__ for base in getattr(asyncssh, name, Exception).__mro__[1:]}
        assert not bases & set(rows[:position]), name
