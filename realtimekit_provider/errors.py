"""Everything that this package raises on purpose, by what the caller can do about it.

::

    RealtimeKitError
    ├── SettingsError                a setting is missing or wrong: fix it, nothing was called
    ├── CallError                    a call to the API did not succeed
    │   ├── NotSentError             it certainly had no effect: it may be sent again
    │   │   └── ConnectionSettingsError  a certificate or a proxy is in the way: fix the setting
    │   ├── OutcomeUnknownError      it may have had its effect: ask before sending it again
    │   ├── TokenRejectedError       401, 403: the token is wrong or lacks a permission
    │   ├── NotFoundError            404: it does not exist
    │   ├── RateLimitedError         429: the rate limit is reached for now
    │   └── RequestRejectedError     any other 4xx: the API says no to this request
    │       └── RequestConflictError   409: what was asked for clashes with what exists
    ├── StorageError                 a bucket, container, folder or its credential is at fault
    │   ├── MissingSdkError          the vendor's SDK is not installed: the text names the extra
    │   ├── StorageCredentialError   the storage rejects the credential or its rights: fix it, or
    │   │                            try again while the key is new
    │   ├── StorageSettingsError     a region, endpoint or name is wrong: fix the declaration
    │   ├── StorageConflictError     it exists and belongs to somebody else, or its name is taken
    │   ├── StorageNotFoundError     there is no such bucket, container, folder or account
    │   ├── StorageUnreachableError  no clear answer: network, TLS, host key, 5xx
    │   └── StorageNotEmptyError     it holds objects, and ``on_delete`` is ``fail``
    └── RecordingError               the API is clear, and what was declared is not possible
        ├── NoSessionError           nobody is in the meeting
        ├── MeetingNotFoundError     the meeting does not exist: what is recorded is not stopped
        ├── SuccessorFailedError     what was declared instead could not be created: this is not
        │                            stopped, and its storage not deleted
        ├── ConflictError            the meeting has an active recording that is not provably ours
        ├── AdoptionError            ``adopt_recording_id`` names no recording that can be adopted
        ├── RecordingEndedError      it ended by itself, and ``on_ended`` is ``fail``
        ├── LiveReplacementError     it would replace a live recording, and must not
        ├── UploadFailedError        the files were lost, and the deployment was to wait for them
        ├── WaitTimeoutError         a wait is over, and what it waited for has not happened
        └── EngineGoneError          the deployment that asked for a start is no longer there

No text of an exception holds a credential: whoever makes the text cleans it
(:mod:`realtimekit_provider.redaction`).
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "AdoptionError",
    "CallError",
    "CallInfo",
    "ConflictError",
    "ConnectionSettingsError",
    "EngineGoneError",
    "LiveReplacementError",
    "MeetingNotFoundError",
    "MissingSdkError",
    "NoSessionError",
    "NotFoundError",
    "NotSentError",
    "OutcomeUnknownError",
    "RateLimitedError",
    "RealtimeKitError",
    "RecordingEndedError",
    "RecordingError",
    "RequestConflictError",
    "RequestRejectedError",
    "SettingsError",
    "StorageConflictError",
    "StorageCredentialError",
    "StorageError",
    "StorageNotEmptyError",
    "StorageNotFoundError",
    "StorageSettingsError",
    "StorageUnreachableError",
    "SuccessorFailedError",
    "TokenRejectedError",
    "UploadFailedError",
    "WaitTimeoutError",
]


class RealtimeKitError(Exception):
    """The root of every exception that this package raises on purpose.

    Attributes:
        advice: What to do because of the operation that failed, and not of what it failed for;
            ``str`` adds it.
    """

    advice = ""

    def __str__(self) -> str:
        text = self._format_text()
        return f"{text.rstrip('.')}. {self.advice}" if self.advice else text

    def _format_text(self) -> str:
        return super().__str__()


class SettingsError(RealtimeKitError):
    """A setting (token, account, app, base URL) is missing or wrong; nothing was called."""


@dataclass(frozen=True)
class CallInfo:
    """What is known of a call that did not succeed.

    Attributes:
        method: The HTTP method.
        path: The path below the base URL, without query.
        status: The HTTP status, ``None`` where no response arrived.
        code: Cloudflare's own error code, where the response had one.
        ray: The response's ``cf-ray``, which names the request for Cloudflare's support.
        message: The API's own text, without credentials.
        retry_after: Seconds after which the API allows the next attempt.
    """

    method: str
    path: str
    status: int | None = None
    code: int | None = None
    ray: str | None = None
    message: str = ""
    retry_after: float | None = None


class CallError(RealtimeKitError):
    """A call to the API did not succeed.

    Attributes:
        summary: The sentence without status, code and ray, which ``str`` adds.
        info: What is known of the call.
    """

    def __init__(self, summary: str, info: CallInfo) -> None:
        super().__init__(summary, info)
        self.summary = summary
        self.info = info

    def _format_text(self) -> str:
        info = self.info
        known = [
            f"HTTP {info.status}" if info.status is not None else "",
            f"code {info.code}" if info.code is not None else "",
            f"cf-ray {info.ray}" if info.ray else "",
        ]
        details = ", ".join(part for part in known if part)
        return f"{self.summary} ({details})" if details else self.summary


class NotSentError(CallError):
    """The request never reached the API: it had no effect and may be sent again."""


class ConnectionSettingsError(NotSentError):
    """A certificate, a proxy or the address is in the way: sending it again does not help."""


class OutcomeUnknownError(CallError):
    """The request may have had its effect: timeout, cut connection, 5xx, unusable response."""


class TokenRejectedError(CallError):
    """401 or 403: the token is wrong, revoked, or lacks the permission *Realtime Admin*.

    Also a 400 that says that it is no token at all.
    """


class NotFoundError(CallError):
    """404 of the API itself: the account, app, meeting or recording does not exist."""


class RateLimitedError(CallError):
    """429: the rate limit is reached for longer than this operation may wait."""


class RequestRejectedError(CallError):
    """Any other 4xx, or a redirect: refused by the API, or the address is not the API's."""


class RequestConflictError(RequestRejectedError):
    """409, or a refusal in words that say it: the meeting already has an active recording."""


class StorageError(RealtimeKitError):
    """The storage that recordings are written to, or the credential for it, is at fault."""


class MissingSdkError(StorageError):
    """The SDK of this kind of storage is not installed; the text says how to install it."""


class StorageCredentialError(StorageError):
    """The storage rejects the credential: wrong, unknown, expired, or without a permission.

    A cloud needs seconds to learn of a new key, so a call with one that this deployment made
    may be tried again for that long; with any other key it may not.
    """


class StorageSettingsError(StorageError):
    """A region, endpoint, name or option is wrong: the declaration must be fixed."""


class StorageConflictError(StorageError):
    """What was declared exists already and belongs to somebody else, or its name is taken."""


class StorageNotFoundError(StorageError):
    """There is no such bucket, container, folder or account."""


class StorageUnreachableError(StorageError):
    """No clear answer: the network, TLS, a host key, or an error of the storage itself."""


class StorageNotEmptyError(StorageError):
    """The storage holds objects, and ``on_delete`` is ``fail``."""


class RecordingError(RealtimeKitError):
    """The API's responses are clear, and what was declared is not possible."""


class NoSessionError(RecordingError):
    """The meeting has no live session, and ``on_no_session`` does not allow for it."""


class MeetingNotFoundError(RecordingError):
    """The meeting that is to be recorded does not exist, so what is recorded is not stopped."""


class SuccessorFailedError(RecordingError):
    """What was declared instead was not created, so what it would follow is kept."""


class ConflictError(RecordingError):
    """The meeting has an active recording that is not provably this resource's."""


class AdoptionError(RecordingError):
    """``adopt_recording_id`` does not name an active recording of this meeting."""


class RecordingEndedError(RecordingError):
    """The recording ended by itself, and ``on_ended`` is ``fail``."""


class LiveReplacementError(RecordingError):
    """A live recording would have to be replaced, and ``replace_live`` is ``refuse``."""


class UploadFailedError(RecordingError):
    """A recording ended without its files, and the deployment was asked to wait for them."""


class WaitTimeoutError(RecordingError):
    """A wait is over, and what it waited for has not happened."""


class EngineGoneError(RecordingError):
    """The engine that asked for a start is gone, so nothing was started for it."""
