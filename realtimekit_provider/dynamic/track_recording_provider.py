"""The provider of ``TrackRecording``, as it stands in users' state.

The path of this module and the name of the class never change. The program loads it too, only to
name it: so it loads what it does, :mod:`realtimekit_provider.dynamic.recording_controller`, in the
provider's process alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi.dynamic import (
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from realtimekit_provider.dynamic.loading import loading_for_good

if TYPE_CHECKING:
    from realtimekit_provider.dynamic.recording_controller import RecordingController

__all__ = ["TrackRecordingProvider"]

_Props = dict[str, Any]


class TrackRecordingProvider(ResourceProvider):
    """Starts, pauses, resumes and stops recordings for the engine."""

    serialize_as_secret_always = False
    _controller: RecordingController

    def __getstate__(self) -> None:
        """Keep nothing: what is pickled of a provider lands in every resource's state."""

    def configure(self, req: ConfigureRequest) -> None:
        """Load the controller, in the one process that needs it."""
        with loading_for_good():
            from realtimekit_provider.dynamic.recording_controller import (  # noqa: PLC0415
                RecordingController,
            )

        self._controller = RecordingController()
        self._controller.configure(req)

    def check(self, _olds: _Props, news: _Props) -> CheckResult:
        return self._controller.check(_olds, news)

    def diff(self, _id: str, _olds: _Props, _news: _Props) -> DiffResult:
        return self._controller.diff(_id, _olds, _news)

    def create(self, props: _Props) -> CreateResult:
        return self._controller.create(props)

    def update(self, _id: str, _olds: _Props, _news: _Props) -> UpdateResult:
        return self._controller.update(_id, _olds, _news)

    def read(self, id_: str, props: _Props) -> ReadResult:
        return self._controller.read(id_, props)

    def delete(self, _id: str, _props: _Props) -> None:
        self._controller.delete(_id, _props)
