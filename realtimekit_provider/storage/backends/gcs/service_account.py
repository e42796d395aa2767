"""The service account of one generation of a writer, and its keys."""

from __future__ import annotations

import base64
import re
import shlex
from collections.abc import Callable
from typing import Any, TypeVar

from realtimekit_provider.errors import (
    StorageCredentialError,
    StorageNotFoundError,
    StorageUnreachableError,
)
from realtimekit_provider.schema.normal_forms import normalize_prefix
from realtimekit_provider.storage.backends.errors import describe
from realtimekit_provider.storage.backends.gcs.api import (
    ApiCall,
    ApiResponse,
    Operation,
    build_iam_url,
)
from realtimekit_provider.storage.backends.gcs.models import GcsWriter
from realtimekit_provider.storage.backends.gcs.session import GoogleSession
from realtimekit_provider.storage.backends.retry import wait_until

__all__ = ["ServiceAccount", "call_until_known"]

_Result = TypeVar("_Result")

_MAX_ID_LENGTH = 30
_MAX_DESCRIPTION_BYTES = 256
_PROPAGATION_TIMEOUT = 60.0
_PAUSE_SECONDS = 2.0
_BAD_REQUEST = 400
_NOT_FOUND = 404
_CONFLICT = 409


class ServiceAccount:
    """A service account, which may not exist yet.

    Attributes:
        email: Its address, which names it everywhere.
        about: It, as an error text begins with it.
        description: What it is to say of itself: the writer's mark, and where it writes to. At
            most 256 bytes.
    """

    def __init__(self, session: GoogleSession, writer: GcsWriter, generation: int) -> None:
        self._session = session
        self._writer = writer
        self._id = _build_account_id(writer, generation)
        self.email = f"{self._id}@{writer.project}.iam.gserviceaccount.com"
        where = f"writer of the bucket {writer.bucket}"
        self.about = describe("service account", self.email, "gcs", where)
        self._accounts = f"projects/{writer.project}/serviceAccounts"
        self._path = f"{self._accounts}/{self.email}"
        text = f"{writer.mark} writes to gs://{writer.bucket}/{normalize_prefix(writer.prefix)}"
        self.description = text.encode()[:_MAX_DESCRIPTION_BYTES].decode(errors="ignore")

    def create(self) -> bool:
        """Create it unless it exists; return whether it is new. One that exists can be read.

        Raises:
            StorageUnreachableError: It exists, and Google does not show it yet.
        """
        body = {
            "accountId": self._id,
            "serviceAccount": {
                "displayName": f"RealtimeKit recordings, {self._writer.name}",
                "description": self.description,
            },
        }
        call = self._build_call("POST", "create", "create", self._accounts, body=body)
        if self._session.send(call, _CONFLICT).status != _CONFLICT:
            return True
        response = call_until_known(lambda: self._session.send(self._build_get(), _NOT_FOUND))
        if response.status == _NOT_FOUND:
            raise StorageUnreachableError(
                f"{self.about}: Google says that it exists already, and does not show it. Run "
                "again in a minute."
            )
        return False

    def find(self) -> dict[str, Any] | None:
        """Return the account as the API describes it, ``None`` where there is none.

        Its keys are those of ``ServiceAccount`` in Google's IAM API, such as ``description`` and
        ``disabled``.
        """
        response = self._session.send(self._build_get(), _NOT_FOUND)
        return None if response.status == _NOT_FOUND else response.data

    def build_description_command(self) -> str:
        """Return the command by which a person gives it the description that it is to have."""
        return (
            f"gcloud iam service-accounts update {self.email} "
            f"--description={shlex.quote(self.description)}"
        )

    def enable(self) -> None:
        """Enable an account that somebody disabled."""
        if (self.find() or {}).get("disabled"):
            path = f"{self._path}:enable"
            self._session.send(self._build_call("POST", "enable", "enable", path, body={}))

    def delete(self) -> None:
        """Delete the account with its keys; gone already is success."""
        self._session.send(self._build_call("DELETE", "delete", "delete"), _NOT_FOUND)

    def create_key(self) -> str:
        """Create a key, and return the text of its key file.

        Raises:
            StorageCredentialError: The organisation forbids such keys.
        """
        body = {
            "privateKeyType": "TYPE_GOOGLE_CREDENTIALS_FILE",
            "keyAlgorithm": "KEY_ALG_RSA_2048",
        }
        path = f"{self._path}/keys"
        call = self._build_key_call("POST", "create", path, body=body, is_repeatable=False)
        response = call_until_known(lambda: self._session.send(call, _BAD_REQUEST, _NOT_FOUND))
        if response.status == _BAD_REQUEST:
            raise StorageCredentialError(
                f"{self.about}: Google did not create a key for it. If the organisation forbids "
                "such keys (iam.disableServiceAccountKeyCreation), ask for an exception, or give "
                f"the storage a key that exists. Google says: {response.message}"
            )
        if response.status == _NOT_FOUND:
            raise StorageNotFoundError(
                f"{self.about}: Google could not create a key for it, because it does not exist "
                "any more. Deploy again."
            )
        return base64.b64decode(response.data["privateKeyData"]).decode()

    def delete_keys(self) -> None:
        """Delete the keys that people create; Google rotates its own."""
        for key in self._list_keys():
            path = f"{self._path}/keys/{key['name'].rsplit('/', 1)[-1]}"
            self._session.send(self._build_key_call("DELETE", "delete", path), _NOT_FOUND)

    def has_key(self, key_id: str) -> bool:
        """Whether a key exists and is not disabled."""
        return any(
            key["name"].endswith(f"/{key_id}") and not key.get("disabled")
            for key in self._list_keys()
        )

    def _list_keys(self) -> list[dict[str, Any]]:
        params = {"keyTypes": "USER_MANAGED"}
        call = self._build_key_call("GET", "list", f"{self._path}/keys", params=params)
        keys: list[dict[str, Any]] = self._session.send(call, _NOT_FOUND).data.get("keys", [])
        return keys

    def _build_get(self) -> ApiCall:
        return self._build_call("GET", "get", "get")

    def _build_call(
        self, method: str, operation: str, permission: str, path: str = "", **more: Any
    ) -> ApiCall:
        return ApiCall(
            method,
            build_iam_url(path or self._path),
            self.about,
            Operation(f"serviceAccounts.{operation}", f"iam.serviceAccounts.{permission}"),
            **more,
        )

    def _build_key_call(self, method: str, operation: str, path: str, **more: Any) -> ApiCall:
        return ApiCall(
            method,
            build_iam_url(path),
            self.about,
            Operation(f"serviceAccounts.keys.{operation}", f"iam.serviceAccountKeys.{operation}"),
            **more,
        )


def call_until_known(call: Callable[[], _Result]) -> _Result:
    """Make a call until all of Google knows a new service account, for up to a minute.

    Args:
        call: Returns an :class:`ApiResponse` of status 400 or 404 where the account may not be
            known yet.
    """
    return wait_until(
        lambda result: not _is_unknown(result),
        call,
        timeout=_PROPAGATION_TIMEOUT,
        pause=_PAUSE_SECONDS,
        reason="Google does not know the service account yet",
    )


def _is_unknown(result: object) -> bool:
    return isinstance(result, ApiResponse) and (
        result.status == _NOT_FOUND
        or (result.status == _BAD_REQUEST and "does not exist" in result.message)
    )


def _build_account_id(writer: GcsWriter, generation: int) -> str:
    """At most 30 characters: the name is cut, since the mark is what makes it unique."""
    mark = re.sub(r"[^a-z0-9]+", "-", writer.mark.lower()).strip("-")
    end = f"-{mark}-g{generation}"
    return writer.name[: _MAX_ID_LENGTH - len(end)].rstrip("-") + end
