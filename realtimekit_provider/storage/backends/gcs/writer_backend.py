"""Cloud Storage's writers: service accounts, their keys, and what a bucket's policy allows."""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable
from typing import Any

from realtimekit_provider.errors import (
    StorageCredentialError,
    StorageNotFoundError,
    StorageUnreachableError,
)
from realtimekit_provider.storage.backends.gcs.models import GcsWriter
from realtimekit_provider.storage.backends.gcs.session import (
    Answer,
    Ask,
    GoogleSession,
    bucket_url,
    iam_url,
)
from realtimekit_provider.storage.backends.ports import Credential

__all__ = ["GcsWriterBackend"]

_ROLE = "roles/storage.objectCreator"
_LONGEST_ID = 30
_PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 2.0
_ROUNDS = 8

_Bindings = list[dict[str, Any]]


class GcsWriterBackend:
    """Service accounts that can make objects below a prefix of one bucket."""

    def create(self, writer: GcsWriter, generation: int) -> Credential:
        session = GoogleSession.of_administrator()
        account = _Account(session, writer, generation)
        account.create()
        _Policy(session, writer, account.email).grant()
        account.delete_keys()
        return {"secret": account.create_key()}

    def is_intact(self, writer: GcsWriter, generation: int, credential: Credential) -> bool:
        session = GoogleSession.of_administrator()
        account = _Account(session, writer, generation)
        state = account.state()
        if state is None or state.get("disabled"):
            return False
        key_id = json.loads(credential["secret"]).get("private_key_id", "")
        return account.has_key(key_id) and _Policy(session, writer, account.email).is_granted()

    def restore(self, writer: GcsWriter, generation: int) -> None:
        session = GoogleSession.of_administrator()
        account = _Account(session, writer, generation)
        account.enable()
        _Policy(session, writer, account.email).grant()

    def delete(self, writer: GcsWriter, generation: int) -> None:
        session = GoogleSession.of_administrator()
        account = _Account(session, writer, generation)
        _Policy(session, writer, account.email).revoke()
        account.delete()


class _Account:
    """The service account of one generation of a writer."""

    def __init__(self, session: GoogleSession, writer: GcsWriter, generation: int) -> None:
        self._session = session
        self._writer = writer
        self.id = _account_id(writer, generation)
        self.email = f"{self.id}@{writer.project}.iam.gserviceaccount.com"
        self._accounts = f"projects/{writer.project}/serviceAccounts"

    def create(self) -> None:
        """Make the account; one that an interrupted run made for this place is taken over."""
        body = {
            "accountId": self.id,
            "serviceAccount": {
                "displayName": f"RealtimeKit recordings, {self._writer.name}",
                "description": self._description,
            },
        }
        ask = self._ask("POST", "make", "create", self._accounts, body=body)
        if self._session.ask(ask, 409).status == 409:  # noqa: PLR2004
            self._take_over()

    def _take_over(self) -> None:
        ask = self._looking()
        answer = retry_until(lambda: self._session.ask(ask, 404), _is_not_known_yet)
        if answer.status == 404:  # noqa: PLR2004
            raise StorageUnreachableError(
                f"Google says that the service account {self.email} exists already, and does not "
                "show it: try again in a minute"
            )
        if answer.data.get("description") != self._description:
            raise StorageCredentialError(
                f"the service account {self.email} exists already, and its description does not "
                f"say '{self._description}': delete it, or give the storage another name"
            )
        self._enable_if_disabled(answer.data)

    @property
    def _description(self) -> str:
        return f"Writes to gs://{self._writer.bucket}/{self._writer.prefix}"

    def state(self) -> dict[str, Any] | None:
        """The account as Google tells it, ``None`` where there is none."""
        answer = self._session.ask(self._looking(), 404)
        return None if answer.status == 404 else answer.data  # noqa: PLR2004

    def enable(self) -> None:
        """Let an account that somebody disabled log in again."""
        state = self.state()
        if state is None:
            raise StorageNotFoundError(
                f"the service account {self.email} was deleted, and its key with it: raise "
                "key_generation by one, which makes a new account"
            )
        self._enable_if_disabled(state)

    def _enable_if_disabled(self, state: dict[str, Any]) -> None:
        if state.get("disabled"):
            path = f"{self._path}:enable"
            self._session.ask(self._ask("POST", "enable", "enable", path, body={}))

    def delete(self) -> None:
        """Delete the account with its keys."""
        self._session.ask(self._ask("DELETE", "delete", "delete"), 404)

    def delete_keys(self) -> None:
        """Delete the keys that people make; Google rotates its own."""
        for key in self._keys():
            path = f"{self._path}/keys/{key['name'].rsplit('/', 1)[-1]}"
            self._session.ask(self._key_ask("DELETE", "delete a key of", "delete", path), 404)

    def create_key(self) -> str:
        """Make a key and return it as a key file's text."""
        body = {
            "privateKeyType": "TYPE_GOOGLE_CREDENTIALS_FILE",
            "keyAlgorithm": "KEY_ALG_RSA_2048",
        }
        path = f"{self._path}/keys"
        ask = self._key_ask("POST", "make a key for", "create", path, body=body, again=False)
        answer = retry_until(lambda: self._session.ask(ask, 400, 404), _is_not_known_yet)
        if answer.status == 400:  # noqa: PLR2004
            raise StorageCredentialError(
                f"Google refused to {ask.doing}: if the organisation forbids such keys "
                "(iam.disableServiceAccountKeyCreation), ask for an exception, or write with a "
                f"key that exists ({answer.said})"
            )
        if answer.status == 404:  # noqa: PLR2004
            raise StorageNotFoundError(f"could not {ask.doing}: there is no such account")
        return base64.b64decode(answer.data["privateKeyData"]).decode()

    def has_key(self, key_id: str) -> bool:
        return any(
            key["name"].endswith(f"/{key_id}") and not key.get("disabled") for key in self._keys()
        )

    def _keys(self) -> list[dict[str, Any]]:
        path = f"{self._path}/keys"
        ask = self._key_ask(
            "GET", "list the keys of", "list", path, params={"keyTypes": "USER_MANAGED"}
        )
        keys: list[dict[str, Any]] = self._session.ask(ask, 404).data.get("keys", [])
        return keys

    @property
    def _path(self) -> str:
        return f"{self._accounts}/{self.email}"

    def _looking(self) -> Ask:
        return self._ask("GET", "look at", "get")

    def _ask(self, method: str, verb: str, right: str, path: str = "", **more: Any) -> Ask:
        doing = f"{verb} the service account {self.email}"
        return Ask(
            method, iam_url(path or self._path), doing, f"iam.serviceAccounts.{right}", **more
        )

    def _key_ask(self, method: str, verb: str, right: str, path: str, **more: Any) -> Ask:
        doing = f"{verb} the service account {self.email}"
        return Ask(method, iam_url(path), doing, f"iam.serviceAccountKeys.{right}", **more)


class _Policy:
    """What a bucket's IAM policy lets one service account do."""

    def __init__(self, session: GoogleSession, writer: GcsWriter, email: str) -> None:
        self._session = session
        self._writer = writer
        self._member = f"serviceAccount:{email}"
        self._mine = re.compile(rf"(deleted:)?{re.escape(self._member)}(\?uid=.*)?")

    def grant(self) -> None:
        """Let the account make objects below the prefix, and do nothing else."""
        self._change(lambda bindings: [*self._without_mine(bindings), self._wanted()])

    def revoke(self) -> None:
        """Take every right on the bucket; a bucket that is gone has given them up itself."""
        try:
            self._change(self._without_mine)
        except StorageNotFoundError:
            return

    def is_granted(self) -> bool:
        """Whether the account may do what :meth:`grant` allows, and nothing more."""
        answer = self._session.ask(self._reading(), 404)
        found = [
            (binding["role"], binding.get("condition", {}).get("expression"))
            for binding in answer.data.get("bindings", [])
            if any(map(self._mine.fullmatch, binding.get("members", [])))
        ]
        return found == [(_ROLE, self._expression())]

    def _change(self, change: Callable[[_Bindings], _Bindings]) -> None:
        """Read, modify, write; the etag makes sure that nobody else's change is lost."""
        for _ in range(_ROUNDS):
            policy = self._session.ask(self._reading()).data
            bindings = change(policy.get("bindings", []))
            if bindings == policy.get("bindings", []):
                return
            if self._written({**policy, "version": 3, "bindings": bindings}):
                return
        raise StorageUnreachableError(
            f"the policy of {self._bucket} is changed by others all the time: try again"
        )

    def _written(self, policy: dict[str, Any]) -> bool:
        url = bucket_url(self._writer.bucket, "/iam")
        doing = f"change the policy of {self._bucket} for {self._member}"
        ask = Ask("PUT", url, doing, "storage.buckets.setIamPolicy", body=policy)
        answer = retry_until(lambda: self._session.ask(ask, 400, 409, 412), _is_not_known_yet)
        if answer.status == 400:  # noqa: PLR2004 - the same again, and this time it is an error
            self._session.ask(ask, 409, 412)
        return answer.status not in {409, 412}

    def _reading(self) -> Ask:
        return Ask(
            "GET",
            bucket_url(self._writer.bucket, "/iam"),
            f"read the policy of {self._bucket}",
            "storage.buckets.getIamPolicy",
            params={"optionsRequestedPolicyVersion": "3"},
        )

    @property
    def _bucket(self) -> str:
        return f"the bucket '{self._writer.bucket}' (project {self._writer.project})"

    def _wanted(self) -> dict[str, Any]:
        binding: dict[str, Any] = {"role": _ROLE, "members": [self._member]}
        if expression := self._expression():
            title = f"realtimekit-{self._writer.mark}"
            binding["condition"] = {"title": title, "expression": expression}
        return binding

    def _expression(self) -> str | None:
        if not self._writer.prefix:
            return None
        below = f"projects/_/buckets/{self._writer.bucket}/objects/{self._writer.prefix}/"
        quoted = below.replace('"', '\\"')
        return f'resource.name.startsWith("{quoted}")'

    def _without_mine(self, bindings: _Bindings) -> _Bindings:
        left = [
            {**binding, "members": [m for m in binding["members"] if not self._mine.fullmatch(m)]}
            for binding in bindings
        ]
        return [binding for binding in left if binding["members"]]


def _account_id(writer: GcsWriter, generation: int) -> str:
    """At most 30 characters: the name gives way, since the mark is what makes it unique."""
    mark = re.sub(r"[^a-z0-9]+", "-", writer.mark.lower()).strip("-")
    tail = f"-{mark}-g{generation}"
    return writer.name[: _LONGEST_ID - len(tail)].rstrip("-") + tail


def _is_not_known_yet(answer: Answer) -> bool:
    """Google needs a while until all of its parts know a new service account."""
    return answer.status == 404 or (answer.status == 400 and "does not exist" in answer.said)  # noqa: PLR2004


def retry_until(send: Callable[[], Answer], is_early: Callable[[Answer], bool]) -> Answer:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        answer = send()
        if not is_early(answer) or time.monotonic() + _PAUSE_SECONDS > deadline:
            return answer
        time.sleep(_PAUSE_SECONDS)
