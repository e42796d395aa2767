"""Authorised calls to Google's REST endpoints, and what each failure means."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import quote

from realtimekit_provider.errors import (
    StorageCredentialError,
    StorageError,
    StorageNotFoundError,
    StorageUnreachableError,
)
from realtimekit_provider.redaction import redact
from realtimekit_provider.storage.backends.endpoints import require_encrypted
from realtimekit_provider.storage.backends.missing_sdk import missing_sdk

__all__ = ["Answer", "Ask", "GoogleSession", "bucket_url", "iam_url", "storage_url"]

_ALL_OF_CLOUD = ("https://www.googleapis.com/auth/cloud-platform",)
_READ_AND_WRITE = ("https://www.googleapis.com/auth/devstorage.read_write",)

_TIMEOUTS = (10, 30)
_ATTEMPTS = 2
_PAUSE_SECONDS = 1.0
_LONGEST_QUOTE = 400
_FIRST_FAILURE = 300  # a redirect would take the token elsewhere
_FIRST_OF_SERVER = 500
_TOO_MANY = 429

_ADMINISTRATOR = "the administrator's Google credentials"
_BUSY_REASONS = {"rateLimitExceeded", "userRateLimitExceeded", "backendError"}


@dataclass(frozen=True)
class Ask:
    """A call, and the words in which its failure is told.

    Attributes:
        doing: What it does, as an infinitive that names the bucket or account.
        needs: The permission without which Google refuses it.
        again: Whether it may be sent twice.
    """

    method: str
    url: str
    doing: str
    needs: str
    params: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    again: bool = True


class Answer(NamedTuple):
    """What Google answered."""

    status: int
    data: dict[str, Any]
    headers: Mapping[str, str]

    @property
    def said(self) -> str:
        error = self.data.get("error")
        if isinstance(error, dict):
            return str(error.get("message", ""))
        return str(self.data.get("error_description") or error or "")

    @property
    def reasons(self) -> set[str]:
        error = self.data.get("error")
        if not isinstance(error, dict):
            return set()
        details = [*error.get("errors", []), *error.get("details", [])]
        return {str(detail.get("reason")) for detail in details if isinstance(detail, dict)}


class GoogleSession:
    """Calls in the name of one identity; every failure is one of our own errors."""

    def __init__(self, credentials: Any, who: str, secrets: tuple[str, ...] = ()) -> None:
        self._session = _authorized(credentials)
        self._who = who
        self._secrets = secrets

    @classmethod
    def of_administrator(cls) -> GoogleSession:
        """The identity that Application Default Credentials name, found anew at each run."""
        google = _google()
        try:
            credentials, _ = google.auth.default(scopes=_ALL_OF_CLOUD)
        except google.exceptions.GoogleAuthError as problem:
            if os.environ.get("STORAGE_EMULATOR_HOST"):
                return cls(google.credentials.AnonymousCredentials(), _ADMINISTRATOR)
            raise StorageCredentialError(
                "no Google credentials were found: run 'gcloud auth application-default login', "
                f"or set GOOGLE_APPLICATION_CREDENTIALS ({_quoted(str(problem))})"
            ) from None
        return cls(credentials, _ADMINISTRATOR)

    @classmethod
    def of_key(cls, key: str) -> GoogleSession:
        """The service account whose key file is given as JSON text."""
        told = json.loads(key)
        who = f"the key of the service account {told.get('client_email')}"
        try:
            credentials = _google().service_account.Credentials.from_service_account_info(
                told, scopes=_READ_AND_WRITE
            )
        except (ValueError, KeyError, TypeError):
            raise StorageCredentialError(
                f"{who} cannot be read: give the whole key file, as Google made it"
            ) from None
        return cls(credentials, who, secrets=(key, told["private_key"]))

    def ask(self, ask: Ask, *tolerated: int) -> Answer:
        """Send a call and return its answer.

        Args:
            ask: The call.
            tolerated: Statuses above 299 that the caller deals with.
        """
        attempts = _ATTEMPTS if ask.again else 1
        for left in reversed(range(attempts)):
            answer = self._sent(ask, last=not left)
            if answer and (left == 0 or not _is_busy(answer)):
                break
            time.sleep(_PAUSE_SECONDS)
        assert answer is not None  # noqa: S101 - the last attempt answers or raises
        if answer.status >= _FIRST_FAILURE and answer.status not in tolerated:
            raise self._refusal(ask, answer)
        return answer

    def _sent(self, ask: Ask, *, last: bool) -> Answer | None:
        exceptions = _google().exceptions
        try:
            return self._answered(ask)
        except (exceptions.RefreshError, exceptions.MalformedError) as problem:
            raise self._not_logged_in(ask, problem) from None
        except (exceptions.GoogleAuthError, OSError) as problem:
            if last:
                raise StorageUnreachableError(
                    f"no answer from {_host(ask.url)} while trying to {ask.doing}: check the "
                    f"network and any proxy ({self._clean(str(problem))})"
                ) from None
        return None

    def _answered(self, ask: Ask) -> Answer:
        sent = self._session.request(
            ask.method,
            ask.url,
            params=dict(ask.params),
            json=ask.body,
            headers=dict(ask.headers),
            timeout=_TIMEOUTS,
            allow_redirects=False,
        )
        return Answer(sent.status_code, _decoded(sent), sent.headers)

    def _not_logged_in(self, ask: Ask, problem: Any) -> StorageError:
        if getattr(problem, "retryable", False):
            return StorageUnreachableError(
                f"Google's token endpoint gave no clear answer while trying to {ask.doing}"
            )
        mend = (
            "log in again with 'gcloud auth application-default login'"
            if self._who == _ADMINISTRATOR
            else "the key or its account was deleted or disabled; make another (raise "
            "key_generation where this stack makes it)"
        )
        return StorageCredentialError(
            f"Google refused {self._who} while trying to {ask.doing}: {mend} "
            f"({self._clean(str(problem.args[0] if problem.args else ''))})"
        )

    def _refusal(self, ask: Ask, answer: Answer) -> StorageError:
        said = f" (HTTP {answer.status}: {self._clean(answer.said) or 'no text'})"
        if _is_busy(answer):
            return StorageUnreachableError(
                f"Google gave no clear answer while trying to {ask.doing}: try again{said}"
            )
        if answer.status == 404:  # noqa: PLR2004 - the table of HTTP
            return StorageNotFoundError(f"could not {ask.doing}: it does not exist{said}")
        if "SERVICE_DISABLED" in answer.reasons or "accessNotConfigured" in answer.reasons:
            return StorageCredentialError(
                f"could not {ask.doing}: the project has this API switched off; run 'gcloud "
                f"services enable {ask.needs.partition('.')[0]}.googleapis.com'{said}"
            )
        if answer.status in {401, 403}:
            return StorageCredentialError(
                f"{self._who} may not {ask.doing}: grant the permission {ask.needs}{said}"
            )
        return StorageCredentialError(f"Google refused to {ask.doing}{said}")

    def _clean(self, text: str) -> str:
        return _quoted(redact(text, self._secrets))


def storage_url(path: str) -> str:
    """A URL of Cloud Storage, or of the emulator that Google's own clients would use."""
    host = os.environ.get("STORAGE_EMULATOR_HOST") or "https://storage.googleapis.com"
    base = host if "://" in host else f"http://{host}"
    return f"{require_encrypted(base, 'STORAGE_EMULATOR_HOST').rstrip('/')}/{path}"


def bucket_url(bucket: str, path: str = "") -> str:
    return storage_url(f"storage/v1/b/{quote(bucket, safe='')}{path}")


def iam_url(path: str) -> str:
    """A URL of the IAM API, or of the one that gcloud would use instead."""
    base = os.environ.get("CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM") or "https://iam.googleapis.com"
    base = require_encrypted(base, "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM")
    return f"{base.rstrip('/')}/v1/{path}"


class _Google(NamedTuple):
    """The parts of google-auth that are used here; most of it is untyped."""

    auth: Any
    credentials: Any
    exceptions: Any
    service_account: Any
    transport: Any


def _google() -> _Google:
    try:
        import google.auth
        import google.auth.transport.requests
        from google.auth import credentials, exceptions
        from google.oauth2 import service_account
    except ImportError:
        raise missing_sdk("Google Cloud", "gcs") from None
    transport = google.auth.transport.requests
    return _Google(google.auth, credentials, exceptions, service_account, transport)


def _authorized(credentials: Any) -> Any:
    """A session that leaves out the look-up of allowed locations.

    google-auth starts it in the background, for a header that the calls of so short a run never
    get to carry; it would only outlive them.
    """
    google = _google()
    tokens = google.transport.Request()

    def ask(url: str, *args: Any, **kwargs: Any) -> Any:
        if url.endswith("/allowedLocations"):
            raise google.exceptions.TransportError("allowed locations are not looked up")
        return tokens(url, *args, **kwargs)

    return google.transport.AuthorizedSession(credentials, auth_request=ask)


def _decoded(sent: Any) -> dict[str, Any]:
    try:
        data = sent.json()
    except ValueError:
        return {"error": sent.text}
    return data if isinstance(data, dict) else {"error": data}


def _is_busy(answer: Answer) -> bool:
    return (
        answer.status == _TOO_MANY
        or answer.status >= _FIRST_OF_SERVER
        or bool(answer.reasons & _BUSY_REASONS)
    )


def _host(url: str) -> str:
    return url.split("/")[2]


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_QUOTE else f"{line[:_LONGEST_QUOTE]}…"
