"""Google's IAM in memory: service accounts, real RSA keys, tokens, and who may do what."""

from __future__ import annotations

import base64
import functools
import json
import re
import secrets
import threading
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt as untyped_jwt

__all__ = ["Account", "FakeIam", "GoogleApiError"]

jwt: Any = untyped_jwt

_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_BELOW = re.compile(r'resource\.name\.startsWith\("(.*)"\)')


class GoogleApiError(Exception):
    """A call that Google's IAM answers with an error."""

    def __init__(self, status: int, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.status = status
        error = {"code": status, "message": message, "errors": [{"reason": reason}]}
        self.body: dict[str, Any] = {"error": error}


def _create_key_pair() -> Any:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


# A pair takes a second on a busy machine: four of them, each made once, take turns.
_KEY_PAIRS = [functools.cache(lambda _=number: _create_key_pair()) for number in range(4)]


@dataclass
class Account:
    """A service account with the public halves of its keys."""

    email: str
    disabled: bool = False
    settings: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def description(self) -> dict[str, Any]:
        """The account as the API answers: ``name``, ``email``, ``disabled``, and its settings."""
        project = self.email.partition("@")[2].partition(".")[0]
        name = f"projects/{project}/serviceAccounts/{self.email}"
        return {"name": name, "email": self.email, "disabled": self.disabled, **self.settings}


class FakeIam:
    """All state of the fake.

    Attributes:
        project: The project of all accounts.
        accounts: The service accounts by their e-mail addresses.
        policies: The policies of the buckets, by the buckets' names.
        denied: Permissions that the administrator lacks.
        members_to_refuse: How many more policies are refused as naming an unknown account.
        keys_forbidden: Whether no key can be made.
        created_keys: The ids of all keys that were ever made.
        admin: The administrator's account.
    """

    def __init__(self, project: str) -> None:
        self.project = project
        self.accounts: dict[str, Account] = {}
        self.policies: dict[str, dict[str, Any]] = {}
        self.denied: set[str] = set()
        self.members_to_refuse = 0
        self.keys_forbidden = False
        self.created_keys: list[str] = []
        self._tokens: dict[str, tuple[str, str]] = {}
        self._lock = threading.RLock()
        self.admin = self._add_account("administrator")

    def admin_key(self, token_uri: str) -> str:
        """Make a key of the administrator, and return the text of its key file."""
        return self.new_key(self.admin, token_uri)

    def exchange_token(self, form: dict[str, str]) -> dict[str, Any]:
        """Exchange a signed assertion, as Google's token endpoint does."""
        error = GoogleApiError(400, "invalid_grant")
        error.body = {
            "error": "invalid_grant",
            "error_description": "Invalid JWT Signature.",
        }
        if form.get("grant_type") != _GRANT:
            raise error
        try:
            key_id = jwt.decode_header(form["assertion"])["kid"]
            email = jwt.decode(form["assertion"], verify=False)["iss"]
            jwt.decode(form["assertion"], self.accounts[email].keys[key_id])
        except Exception:  # noqa: BLE001 - whatever is wrong with it, the answer is the same
            raise error from None
        token = f"CANARY-token-{secrets.token_hex(8)}"
        self._tokens[token] = (email, key_id)
        return {"access_token": token, "expires_in": 3600, "token_type": "Bearer"}

    def authenticate(self, authorization: str | None) -> str:
        """Return the e-mail address of a token's account, while account and key exist."""
        email, key_id = self._tokens.get((authorization or "").removeprefix("Bearer "), ("", ""))
        account = self.accounts.get(email)
        if account is None or account.disabled or key_id not in account.keys:
            raise GoogleApiError(401, "Invalid Credentials", "authError")
        return email

    def allow(self, email: str, permission: str, bucket: str = "", name: str = "") -> None:
        """Raise unless the account has the permission."""
        if email == self.admin.email:
            allowed = permission not in self.denied
        else:
            allowed = permission == "storage.objects.create" and self._may_create(
                email, bucket, name
            )
        if not allowed:
            raise GoogleApiError(
                403,
                f"{email} does not have {permission} access to the resource. Permission "
                f"'{permission}' denied on resource (or it may not exist).",
                "forbidden",
            )

    def _may_create(self, email: str, bucket: str, name: str) -> bool:
        resource = f"projects/_/buckets/{bucket}/objects/{name}"
        for binding in self.policies.get(bucket, {}).get("bindings", []):
            if binding["role"] != "roles/storage.objectCreator":
                continue
            if f"serviceAccount:{email}" not in binding["members"]:
                continue
            prefix = _BELOW.fullmatch(binding.get("condition", {}).get("expression", ""))
            if "condition" not in binding or (prefix and resource.startswith(prefix.group(1))):
                return True
        return False

    def policy(self, bucket: str, version: str) -> dict[str, Any]:
        """Return a bucket's policy: ``version``, ``etag``, ``bindings``.

        Another version than 3 shows no conditions, as with Google.
        """
        with self._lock:
            stored = self.policies.setdefault(bucket, {"version": 1, "etag": "e0", "bindings": []})
            policy: dict[str, Any] = json.loads(json.dumps(stored))
            if version != "3":
                for binding in policy["bindings"]:
                    if binding.pop("condition", None):
                        binding["role"] += "_withcond_0123"
            return policy

    def set_policy(self, bucket: str, policy: dict[str, Any]) -> dict[str, Any]:
        """Store a bucket's policy, unless its etag is old; return it like :meth:`policy`."""
        with self._lock:
            stored = self.policy(bucket, "3")
            if policy.get("etag") not in {None, stored["etag"]}:
                raise GoogleApiError(
                    412, "At least one of the pre-conditions you specified did not hold."
                )
            # An SDK leaves out a list that is empty.
            bindings = _merge_bindings(policy.get("bindings", []))
            if policy.get("version") != 3 and any("condition" in binding for binding in bindings):
                raise GoogleApiError(400, "Policies with conditions need version 3.", "invalid")
            self._check_members(bindings)
            etag = f"e{int(stored['etag'][1:]) + 1}"
            self.policies[bucket] = {"version": 3, "etag": etag, "bindings": bindings}
            return self.policies[bucket]

    def _check_members(self, bindings: list[dict[str, Any]]) -> None:
        members = {member for binding in bindings for member in binding["members"]}
        for member in members:
            email = member.removeprefix("serviceAccount:")
            known = email in self.accounts and not self.members_to_refuse
            if member.startswith("serviceAccount:") and not known:
                self.members_to_refuse = max(0, self.members_to_refuse - 1)
                raise GoogleApiError(400, f"Service account {email} does not exist.", "invalid")

    def create(self, body: dict[str, Any]) -> dict[str, Any]:
        """Create an account of ``accountId`` and ``serviceAccount``; return its description."""
        if self._email(body["accountId"]) in self.accounts:
            raise GoogleApiError(409, f"Service account {body['accountId']} already exists.")
        if not re.fullmatch(r"[a-z][a-z0-9-]{4,28}[a-z0-9]", body["accountId"]):
            raise GoogleApiError(400, "Invalid account id.")
        return self._add_account(body["accountId"], **body.get("serviceAccount", {})).description

    def delete(self, email: str) -> None:
        """Delete an account; policies name it as ``deleted:…`` from then on."""
        self.account(email)
        del self.accounts[email]
        for policy in self.policies.values():
            for binding in policy["bindings"]:
                binding["members"] = [
                    f"deleted:{member}?uid=123" if member == f"serviceAccount:{email}" else member
                    for member in binding["members"]
                ]

    def account(self, email: str) -> Account:
        """Return an account, whose absence is a 404."""
        if email not in self.accounts:
            raise GoogleApiError(404, "Unknown service account")
        return self.accounts[email]

    def new_key(self, account: Account, token_uri: str) -> str:
        """Make a key, and return the text of its key file."""
        if self.keys_forbidden:
            raise GoogleApiError(400, "Key creation is not allowed on this service account.")
        key = _KEY_PAIRS[len(self.created_keys) % len(_KEY_PAIRS)]()
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        key_id = secrets.token_hex(20)
        self.created_keys.append(key_id)
        account.keys[key_id] = public.decode()
        return json.dumps(
            {
                "type": "service_account",
                "project_id": self.project,
                "private_key_id": key_id,
                "private_key": private.decode(),
                "client_email": account.email,
                "token_uri": token_uri,
            }
        )

    def describe_key(self, account: Account, text: str) -> dict[str, Any]:
        """Return a key as its creation answers: ``name``, and ``privateKeyData`` in base64."""
        name = f"{account.description['name']}/keys/{json.loads(text)['private_key_id']}"
        return {"name": name, "privateKeyData": base64.b64encode(text.encode()).decode()}

    def _add_account(self, account_id: str, **settings: Any) -> Account:
        account = Account(self._email(account_id), settings=settings)
        self.accounts[account.email] = account
        return account

    def _email(self, account_id: str) -> str:
        return f"{account_id}@{self.project}.iam.gserviceaccount.com"


def _merge_bindings(bindings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Google keeps one binding for each pair of role and condition."""
    merged: dict[str, dict[str, Any]] = {}
    for binding in bindings:
        condition = binding.get("condition")
        key = json.dumps([binding["role"], condition], sort_keys=True)
        stored = merged.setdefault(key, {**binding, "members": []})
        stored["members"] = sorted({*stored["members"], *binding["members"]})
    return list(merged.values())
