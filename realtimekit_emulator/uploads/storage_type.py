"""What the emulator knows of one type of storage_config."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from realtimekit_emulator.uploads.endpoint import Endpoint
from realtimekit_emulator.uploads.uploader import Uploader


@dataclass(frozen=True)
class EndpointOption:
    """The option that says where the test server of a cloud listens.

    Attributes:
        name: The argument of `real_uploaders`; the command line has it with dashes.
        service: The name of the cloud's service, for the help text.
    """

    name: str
    service: str


@dataclass(frozen=True)
class StorageType:
    """One type of storage_config: its fields, and the uploader that writes to it.

    Attributes:
        name: The value of ``type``.
        uploader: The class of the uploader; it takes an `Endpoint` where there is an option for it.
        required_fields: What a start must give.
        secret_fields: The fields that are credentials, never shown outside of API responses.
        optional_fields: What a start may give.
        number_fields: Those that are numbers, with the smallest and the largest value; all others
            are texts.
        choice_fields: Those that are one of a few words, and what each word requires besides.
        endpoint_option: How to say where its test server listens, where the fields do not.
        describe_location: Names the bucket or the server of a storage_config, without secrets.
    """

    name: str
    uploader: Callable[..., Uploader]
    required_fields: tuple[str, ...]
    secret_fields: frozenset[str]
    optional_fields: tuple[str, ...] = ("path",)
    number_fields: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    choice_fields: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    endpoint_option: EndpointOption | None = None
    describe_location: Callable[[Mapping[str, Any]], str] = lambda storage: str(
        storage.get("bucket")
    )

    @property
    def fields(self) -> tuple[str, ...]:
        """Return every field but ``type``."""
        return self.required_fields + self.optional_fields

    def create_uploader(self, url: str | None) -> Uploader:
        """Return an uploader; ``url`` is the endpoint of a type that has an option for it.

        Raises:
            NotLoopbackError: The URL is not on this machine.
        """
        if self.endpoint_option is None:
            return self.uploader()
        return self.uploader(Endpoint(self.endpoint_option.name, url))
