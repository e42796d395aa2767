"""What is known of a stack before the API is asked: its state, its file, its settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from realtimekit_provider.api.models.status import DesiredState
from realtimekit_provider.cli.inventory.declared import find_undeployed, get_desired_state
from realtimekit_provider.cli.pulumi_cli.backend import StackInfo
from realtimekit_provider.cli.pulumi_cli.states import StackState, StateRecording
from realtimekit_provider.cli.stack_files.names import parse_stack_name
from realtimekit_provider.deployment.mark import compute_mark, parse_identity, parse_urn_digest
from realtimekit_provider.engine.settings import Settings
from realtimekit_provider.schema.urn import build_urn, parse_name

__all__ = ["App", "KnownStack"]

App = tuple[str, str]
"""The ids of an account and of an app in it."""


@dataclass(frozen=True)
class KnownStack:
    """A stack of the project.

    Attributes:
        name: Its name as the CLI shows and takes it; with its organization also where another one
            has the same short name.
        project: The project's name.
        state: What its state says; ``None`` where there is none, or it cannot be read.
        settings: What its file and the environment set.
        declared: The recordings that its file declares, by name.
        has_encrypted_token: Whether its config may have a token that has to be decrypted.
        info: What the backend says of it, ``None`` where it was never deployed.
        is_deployed_now: Whether a deployment of it runs, ``None`` where that is not known.
    """

    name: str
    project: str
    state: StackState | None = None
    settings: Settings = field(default_factory=Settings)
    declared: Mapping[str, Any] = field(default_factory=dict)
    has_encrypted_token: bool = False
    info: StackInfo | None = None
    is_deployed_now: bool | None = False

    @property
    def short_name(self) -> str:
        """Its name alone, as in the URN of its resources."""
        return parse_stack_name(self.name).short

    @property
    def is_in_backend(self) -> bool:
        """Whether the backend has it: otherwise it was never deployed."""
        return self.info is not None

    @property
    def was_deployed(self) -> bool:
        """Whether its state has anything."""
        return self.state is not None and self.state.resource_count > 0

    @property
    def is_of_project(self) -> bool:
        """Whether its state has nothing of another project: an old backend lists those as well."""
        return self.state is None or self.state.project in {None, self.project}

    @property
    def recordings(self) -> tuple[StateRecording, ...]:
        """The recordings that its state has."""
        return self.state.recordings if self.state is not None else ()

    @property
    def identity(self) -> str | None:
        """The eight digits that its marks begin with, ``None`` where it has made none yet."""
        value = self.state.identity if self.state is not None else None
        return parse_identity(value) if value else None

    @cached_property
    def by_mark(self) -> Mapping[str, StateRecording]:
        """The recordings of its state by their mark, which a move or a rename does not change."""
        return {one.stored.inputs.mark: one for one in self.recordings if one.stored.inputs.mark}

    @cached_property
    def names_to_start(self) -> Mapping[str, str]:
        """The names by mark of what the next deployment starts, or takes over if it finds it."""
        return dict(self._list_names_to_start())

    @cached_property
    def names_by_digest(self) -> Mapping[str, str]:
        """The names that its file declares, by what a mark of any identity has of their URN."""
        urns = map(self.build_urn, self.declared)
        return {parse_urn_digest(compute_mark("", urn)): parse_name(urn) for urn in urns}

    @cached_property
    def undeployed(self) -> Mapping[str, Mapping[str, Any]]:
        """The recordings that its file declares and its state does not have, by name.

        Of a state that cannot be read it is not known which those are.
        """
        is_known = self.state is not None or not self.is_in_backend
        return find_undeployed(self.declared, self.recordings) if is_known else {}

    @cached_property
    def interrupted(self) -> frozenset[str]:
        """The names whose creation was interrupted."""
        return frozenset(map(parse_name, self._list_interrupted()))

    def get_desired_state(self, held: StateRecording) -> DesiredState:
        """Return what is declared of a recording of its state."""
        return get_desired_state(self.declared, held)

    def get_declared_app(self, given: Mapping[str, Any]) -> App | None:
        """Return the app of what a recording's declaration gives, ``None`` where it is unknown."""
        account = given.get("account_id") or self.settings.account_id
        app = given.get("app_id") or self.settings.app_id
        return (account, app) if isinstance(account, str) and isinstance(app, str) else None

    def has_undeployed_in(self, app: App) -> bool:
        """Whether its file declares a recording of an app that its state does not have."""
        return any(self.get_declared_app(given) == app for given in self.undeployed.values())

    def get_policy(self, mark: str) -> str:
        """Return the ``on_delete`` of the resource with this mark, as far as it is known."""
        known = self.by_mark.get(mark)
        if known is not None:
            return known.stored.inputs.on_delete
        return self.settings.on_delete or "stop"

    def list_apps(self) -> Iterator[App]:
        """Yield the apps of its recordings, and those that its file names."""
        for recording in self.recordings:
            inputs = recording.stored.inputs
            yield inputs.account_id, inputs.app_id
        given = [one for one in self.declared.values() if isinstance(one, Mapping)]
        for one in ({}, *given):
            app = self.get_declared_app(one)
            if app is not None:
                yield app

    def build_urn(self, name: str) -> str:
        """Return the URN of a recording that its program declares under this name."""
        return build_urn(self.short_name, self.project, "TrackRecording", name)

    def _list_names_to_start(self) -> Iterator[tuple[str, str]]:
        if self.state is None or self.state.identity is None:
            return
        kept = {one.urn for one in self.recordings if not one.stored.is_placeholder}
        declared = map(self.build_urn, self.declared)
        for urn in (*declared, *self._list_interrupted()):
            if urn not in kept:
                yield compute_mark(self.state.identity, urn), parse_name(urn)

    def _list_interrupted(self) -> list[str]:
        pending = self.state.pending_operations if self.state is not None else ()
        return [urn for urn, kind in pending if kind == "creating"]
