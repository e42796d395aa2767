"""The resource ``TrackRecording``, as a program declares it."""

# No postponed annotations here: Pulumi would evaluate each of their texts for each resource.

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from realtimekit_provider.api.models.status import DesiredState
from realtimekit_provider.constants import COMPUTED_OUTPUTS
from realtimekit_provider.deployment.policies import (
    OnConflict,
    OnDelete,
    OnEnded,
    OnNoSession,
    ReplaceLive,
)
from realtimekit_provider.engine.args.layers import LayerInput
from realtimekit_provider.engine.layers import to_engine_layers
from realtimekit_provider.engine.registration import ProviderResource
from realtimekit_provider.engine.sdk_process import with_run_options
from realtimekit_provider.engine.secret_inputs import require_encrypted_token
from realtimekit_provider.engine.urn import compute_urn
from realtimekit_provider.identity.resource import mark_for_urn
from realtimekit_provider.providers import TrackRecordingProvider

__all__ = ["TrackRecording"]


class TrackRecording(ProviderResource, module="realtimekit", name="TrackRecording"):
    """A track recording of a meeting: started, paused, resumed and stopped by what is declared.

    The resource's id is the recording's id. Source: API reference, *Start recording audio and
    video tracks* and *Pause/Resume/Stop recording*.
    """

    meeting_id: pulumi.Output[str]
    """The meeting that is recorded."""

    layers: pulumi.Output[Mapping[str, Any]]
    """The layers as they were sent; a layer's ``outputs`` are a mapping by position."""

    desired_state: pulumi.Output[str]
    """What the stack wants: ``RECORDING``, ``PAUSED`` or ``STOPPED``."""

    account_id: pulumi.Output[str]
    """The account that the recording was started in."""

    app_id: pulumi.Output[str]
    """The RealtimeKit app that the recording was started in."""

    status: pulumi.Output[str]
    """What the API said last: ``INVOKED``, ``RECORDING``, ``PAUSED``, ``UPLOADING``,
    ``UPLOADED``, ``ERRORED``, or a status that is new. Ours are ``NOT_STARTED``,
    ``NO_SESSION`` and ``GONE``."""

    session_id: pulumi.Output[str | None]
    """The meeting's session that is recorded."""

    output_file_name: pulumi.Output[str | None]
    """The name of the file, as the API gives it."""

    invoked_time: pulumi.Output[str]
    """When the start was asked for, ISO 8601 in UTC; empty where nothing was started."""

    started_time: pulumi.Output[str | None]
    """When recording began, ISO 8601 in UTC."""

    stopped_time: pulumi.Output[str | None]
    """When recording ended, ISO 8601 in UTC."""

    recording_duration: pulumi.Output[float | None]
    """How long was recorded, in seconds."""

    start_reason: pulumi.Output[str | None]
    """Why it started: ``API_CALL`` or ``RECORD_ON_START``."""

    stop_reason: pulumi.Output[str | None]
    """Why it ended: ``API_CALL``, ``INTERNAL_ERROR`` or ``ALL_PEERS_LEFT``."""

    storage_applied: pulumi.Output[str]
    """Whether files go to the storage that was asked for: ``yes``, ``no``, ``unknown``."""

    warning: pulumi.Output[str]
    """What went wrong after the start; empty if nothing did."""

    previous: pulumi.Output[Mapping[str, Any] | None]
    """The recording that this one replaced, if any: a mapping with ``id`` and ``status``, and, as
    far as they are known, ``stopped_time``, ``recording_duration`` and ``output_file_name``."""

    def __init__(
        self,
        resource_name: str,
        *,
        meeting_id: pulumi.Input[str],
        layers: pulumi.Input[Mapping[str, LayerInput]],
        max_seconds: pulumi.Input[int] | None = None,
        desired_state: pulumi.Input[DesiredState] | None = None,
        account_id: pulumi.Input[str] | None = None,
        app_id: pulumi.Input[str] | None = None,
        on_no_session: pulumi.Input[OnNoSession] | None = None,
        session_timeout: pulumi.Input[float] | None = None,
        on_ended: pulumi.Input[OnEnded] | None = None,
        on_conflict: pulumi.Input[OnConflict] | None = None,
        on_delete: pulumi.Input[OnDelete] | None = None,
        replace_live: pulumi.Input[ReplaceLive] | None = None,
        wait_for_recording: pulumi.Input[float] | None = None,
        wait_for_upload: pulumi.Input[float] | None = None,
        adopt_recording_id: pulumi.Input[str] | None = None,
        user_ids: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare a recording.

        Args:
            resource_name: The resource's name in the stack.
            meeting_id: The meeting to record. A change is another recording.
            layers: What is recorded and where each file goes, by layer name; Args objects or
                dicts with the API reference's keys. A change of anything but a credential is
                another recording.
            max_seconds: When the API ends the recording by itself, 60 to 86400 seconds; a day
                where it is left out. A change is another recording.
            desired_state: ``RECORDING`` (default), ``PAUSED`` or ``STOPPED``.
            account_id: The Cloudflare account; else ``realtimekit:accountId`` of the stack's
                config, else ``CLOUDFLARE_ACCOUNT_ID``. A change is another recording.
            app_id: The RealtimeKit app; else ``realtimekit:appId``, else
                ``REALTIMEKIT_APP_ID``. A change is another recording.
            on_no_session: When nobody is in the meeting: ``fail`` (default), ``wait`` at most
                ``session_timeout``, or ``skip``, so that the next deployment tries again.
            session_timeout: Seconds to wait for somebody to come; 300 by default, at most a day.
            on_ended: When the recording ended by itself: ``keep`` that (default), ``restart``
                with another recording, or ``fail``.
            on_conflict: When the meeting has an active recording that is not provably this
                resource's: ``fail`` (default), ``adopt`` it, or ``stop`` it first.
            on_delete: When the resource is deleted: ``stop`` (default) or ``leave`` it running.
            replace_live: Whether a change may replace a live recording: ``allow`` (default) or
                ``refuse``.
            wait_for_recording: Seconds that a start waits until it records; 0 by default, where a
                start is done as soon as the API has accepted it.
            wait_for_upload: Seconds that a stop waits for the files to land; 0 by default.
            adopt_recording_id: A live recording of this meeting to take over instead of
                starting one. Taking the setting out again later is no change.
            user_ids: Whom to record, at most 100; only with ``realtimekit:trackApi``
                ``managed``. A change is another recording.
            opts: Pulumi's options.

        Raises:
            pulumi.RunError: ``cloudflare:apiToken`` is in the stack's config in plaintext.
        """
        require_encrypted_token()
        urn = compute_urn(resource_name, "TrackRecording", opts)
        inputs = {
            "meeting_id": meeting_id,
            "layers": to_engine_layers(layers),
            "max_seconds": max_seconds,
            "desired_state": desired_state,
            "account_id": account_id,
            "app_id": app_id,
            "on_no_session": on_no_session,
            "session_timeout": session_timeout,
            "on_ended": on_ended,
            "on_conflict": on_conflict,
            "on_delete": on_delete,
            "replace_live": replace_live,
            "wait_for_recording": wait_for_recording,
            "wait_for_upload": wait_for_upload,
            "adopt_recording_id": adopt_recording_id,
            "user_ids": user_ids,
            "resource_urn": with_run_options(urn),
            "mark": mark_for_urn(urn),
        }
        outputs = dict.fromkeys((*COMPUTED_OUTPUTS, *_INPUTS_THAT_ARE_OUTPUTS))
        given = {name: value for name, value in inputs.items() if value is not None}
        self._register(
            TrackRecordingProvider,
            resource_name,
            {**outputs, **given},
            opts,
        )


_INPUTS_THAT_ARE_OUTPUTS = ("account_id", "app_id", "desired_state")
"""Those that may be left out where the resource is declared, and can be read nevertheless."""
