"""What the models of all storage types have in common: locations, writers, declarations."""

from __future__ import annotations

from typing import ClassVar, Literal

from realtimekit_provider.deployment.writing_apps import App
from realtimekit_provider.schema.numbers import Days, KeyGeneration, Seconds
from realtimekit_provider.schema.storage_names import BucketName, ObjectPath, RegionName, WriterName
from realtimekit_provider.schema.values import Flag, StrictModel

__all__ = [
    "BucketModel",
    "BucketWriterModel",
    "DeclarationModel",
    "GateModel",
    "KeyModel",
    "LocationModel",
    "OnDeleteLocation",
    "PrefixModel",
    "WriterModel",
]

OnDeleteLocation = Literal["keep", "fail", "force"]
"""What is done with a location that holds objects when it is no longer declared."""


class LocationModel(StrictModel):
    """What is declared of a bucket, container or folder, whatever its type.

    ``existing`` says that the location is somebody else's: it is neither made, changed nor
    deleted. ``on_delete`` says what is done with one that holds objects when it is no longer
    declared: ``keep`` it and warn, ``fail``, or ``force`` its deletion. ``without_administrator``
    says that whoever deploys may have no credential but the one that recordings are written with.

    Attributes:
        identity_fields: The fields that tell one location of this type from all others; the
            last one is the one that names it to its user.
        replace_on: The fields whose change means another location; so does another ``type``.
        declares_login: Whether it is created with a login that is declared with it, and not with
            one of the environment.
    """

    identity_fields: ClassVar[tuple[str, ...]]
    replace_on: ClassVar[frozenset[str]]
    declares_login: ClassVar[bool] = False

    type: str
    existing: Flag = False
    on_delete: OnDeleteLocation = "keep"
    without_administrator: Flag | None = None

    @property
    def is_left_to_gate(self) -> bool:
        """Whether nothing is asked of the cloud about it: that it exists is for the gate to see."""
        return self.existing and self.without_administrator is True

    @property
    def address(self) -> str:
        """What names the location to its user, within its type."""
        return str(getattr(self, self.identity_fields[-1]))


class PrefixModel(StrictModel):
    """Where in a bucket recordings are written.

    ``prefix`` is the folder, without a slash at either end; empty for the whole bucket.
    """

    prefix: ObjectPath = ""


class BucketModel(LocationModel):
    """What is declared of a bucket."""

    bucket: BucketName
    region: RegionName
    retention_days: Days | None = None


class WriterModel(StrictModel):
    """What is declared of an identity that can write below a prefix and do nothing else.

    Each generation of a writer's key has an identity of its own, so that an old one stays valid
    while recordings that were started with it still write.

    ``name`` begins the identity's name in the cloud; ``mark`` makes it this stack's own.

    Attributes:
        replace_on: The fields whose change means another writer; so does another ``type``.
    """

    replace_on: ClassVar[frozenset[str]]

    type: str
    name: WriterName
    mark: str


class BucketWriterModel(WriterModel, PrefixModel):
    """What is declared of a writer whose rights end at a prefix of a bucket."""

    bucket: BucketName


class KeyModel(StrictModel):
    """What is declared of the key of a writer: its number, which is raised to rotate it."""

    key_generation: KeyGeneration = 1


class GateModel(StrictModel):
    """What is declared of a gate.

    ``write_test`` says that the credential is checked by writing with it, ``upload_deadline`` how
    many seconds the gate's delete waits for the last upload.
    """

    write_test: Flag = True
    upload_deadline: Seconds = 900.0


class DeclarationModel(GateModel):
    """The arguments of a component, beside the fields of its location.

    They are the same in a program and in a stack's config; here are their names and defaults, and
    what they may be.
    """

    apps: tuple[App, ...] | None = None
