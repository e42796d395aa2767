"""Whose an identity in a cloud is, is decided once: by its mark, and never by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from typing_extensions import override

from realtimekit_provider.errors import StorageConflictError, StorageNotFoundError
from realtimekit_provider.storage.backends.aws.models import AwsWriter
from realtimekit_provider.storage.backends.base_models import WriterModel
from realtimekit_provider.storage.backends.ports import Credential, WriterClient
from tests.example_values import MARK
from tests.storage.writers import Writers

WRITER = AwsWriter(name="archive", mark=MARK, bucket="acme", region="eu-west-1")
KEY = {"access_key": "id"}


class FakeIdentity(WriterClient):
    """An identity and its cloud in one, with what was done to it, in order."""

    mark_field = "label"

    def __init__(self, found: str | None) -> None:
        self.about = "the user u"
        self.mark = MARK
        self.calls: list[str] = []
        self._found = found

    @contextmanager
    def connect(self, writer: WriterModel, generation: int) -> Iterator[WriterClient]:
        assert (writer, generation) == (WRITER, 1)
        yield self

    @override
    def create(self) -> bool:
        return self._found is None

    @override
    def read_mark(self) -> str | None:
        return self._found

    @override
    def build_mark_command(self) -> str:
        return "cloud mark u"

    @override
    def create_credential(self) -> Credential:
        self.calls.append("create_credential")
        return KEY

    @override
    def is_in_sync(self, credential: Credential) -> bool:
        return credential == KEY

    @override
    def restore(self) -> None:
        self.calls.append("restore")

    @override
    def delete(self) -> None:
        self.calls.append("delete")


ACTS: dict[str, Callable[[Writers], Any]] = {
    "create": lambda writers: writers.create(WRITER, 1),
    "restore": lambda writers: writers.restore(WRITER, 1),
    "delete": lambda writers: writers.delete(WRITER, 1),
}


@pytest.mark.parametrize(
    ("act", "found", "calls"),
    [
        ("create", None, ["create_credential"]),
        ("create", MARK, ["restore", "create_credential"]),
        ("restore", MARK, ["restore"]),
        ("delete", MARK, ["delete"]),
        ("delete", None, ["delete"]),
    ],
)
def test_an_identity_of_this_writer_is_used(act: str, found: str | None, calls: list[str]) -> None:
    """One that an interrupted run left too; rights may remain of one that is gone."""
    fake = FakeIdentity(found)
    ACTS[act](Writers(fake))
    assert fake.calls == calls


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(("found", "actual"), [("rk-other", "is 'rk-other'"), ("", "is missing")])
def test_an_identity_of_another_writer_is_left_alone(act: str, found: str, actual: str) -> None:
    """To delete it is only the advice where no recording of this stack can be using its key."""
    fake = FakeIdentity(found)
    with pytest.raises(StorageConflictError) as refusal:
        ACTS[act](Writers(fake))
    assert f"its mark (label) {actual} instead of '{MARK}'" in str(refusal.value)
    assert ("Delete it" in str(refusal.value)) is (act == "create")
    assert ("\ncloud mark u" in str(refusal.value)) is (act != "create")
    assert fake.calls == []


def test_an_identity_that_was_deleted_needs_another_generation() -> None:
    """Its key went with it."""
    fake = FakeIdentity(None)
    with pytest.raises(StorageNotFoundError, match="Raise key_generation to 2"):
        Writers(fake).restore(WRITER, 1)
    assert fake.calls == []


@pytest.mark.parametrize(
    ("found", "key", "expected"),
    [
        (MARK, KEY, True),
        (MARK, {"access_key": "another"}, False),
        ("rk-other", KEY, False),
        (None, KEY, False),
    ],
)
def test_an_identity_is_in_sync_with_its_mark_and_its_key(
    found: str | None, key: Credential, expected: bool
) -> None:
    """A refresh shows a changed mark as it shows changed rights."""
    assert Writers(FakeIdentity(found)).is_in_sync(WRITER, 1, key) is expected
