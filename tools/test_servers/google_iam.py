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

__all__ = ["Account", "FakeIam", "InputFailure"]

jwt: Any = untyped_jwt

_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_BELOW = re.compile(r'resource\.name\.startsWith\("(.*)"\)')


class InputFailure(Exception):  # noqa: N818 - it is an answer
    """An answer that is not a success."""

    def __init__(self, status: int, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.status = status
        error = {"code": status, "message": message, "errors": [{"reason": reason}]}
        self.body: dict[str, Any] = {"error": error}


def _pair() -> Any:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


# A pair takes a second on a busy machine: four of them, each made once, take turns.
_PAIRS = [functools.cache(lambda _=number: _pair()) for number in range(4)]


@dataclass
class Account:
    """A service account with the public halves of its keys."""

    email: str
    disabled: bool = False
    described: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def told(self) -> dict[str, Any]:
        project = self.email.partition("@")[2].partition(".")[0]
        name = f"projects/{project}/serviceAccounts/{self.email}"
        return {"name": name, "email": self.email, "disabled": self.disabled, **self.described}


class FakeIam:
    """All state of the fake; ``policies`` are those of the buckets."""

    def __init__(self, project: str) -> None:
        self.project = project
        self.accounts: dict[str, Account] = {}
        self.policies: dict[str, dict[str, Any]] = {}
        self.denied: set[str] = set()
        self.newcomers = 0
        self.keys_forbidden = False
        self.made_keys: list[str] = []
        self._tokens: dict[str, tuple[str, str]] = {}
        self._lock = threading.RLock()
        self.admin = self._added("administrator")

    def admin_key(self, token_uri: str) -> str:
        return self.new_key(self.admin, token_uri)

    def token(self, form: dict[str, str]) -> dict[str, Any]:
        """Exchange a signed assertion, as Google's token endpoint does."""
        refused = InputFailure(400, "invalid_grant")
        refused.body = {
            "error": "invalid_grant",
            "error_description": "Invalid JWT Signature.",
        }
        if form.get("grant_type") != _GRANT:
            raise refused
        try:
            key_id = jwt.decode_header(form["assertion"])["kid"]
            email = jwt.decode(form["assertion"], verify=False)["iss"]
            jwt.decode(form["assertion"], self.accounts[email].keys[key_id])
        except Exception:  # noqa: BLE001 - whatever is wrong with it, the answer is the same
            raise refused from None
        token = f"CANARY-token-{secrets.token_hex(8)}"
        self._tokens[token] = (email, key_id)
        return {"access_token": token, "expires_in": 3600, "token_type": "Bearer"}

    def who(self, authorization: str | None) -> str:
        """The account that a token belongs to, while account and key exist."""
        email, key_id = self._tokens.get((authorization or "").removeprefix("Bearer "), ("", ""))
        account = self.accounts.get(email)
        if account is None or account.disabled or key_id not in account.keys:
            raise InputFailure(401, "Invalid Credentials", "authError")
        return email

    def allow(self, email: str, permission: str, bucket: str = "", name: str = "") -> None:
        """Raise unless the account has the permission."""
        if email == self.admin.email:
            allowed = permission not in self.denied
        else:
            allowed = permission == "storage.objects.create" and self._may_make(email, bucket, name)
        if not allowed:
            raise InputFailure(
                403,
                f"{email} does not have {permission} access to the resource. Permission "
                f"'{permission}' denied on resource (or it may not exist).",
                "forbidden",
            )

    def _may_make(self, email: str, bucket: str, name: str) -> bool:
        resource = f"projects/_/buckets/{bucket}/objects/{name}"
        for binding in self.policies.get(bucket, {}).get("bindings", []):
            if binding["role"] != "roles/storage.objectCreator":
                continue
            if f"serviceAccount:{email}" not in binding["members"]:
                continue
            below = _BELOW.fullmatch(binding.get("condition", {}).get("expression", ""))
            if "condition" not in binding or (below and resource.startswith(below.group(1))):
                return True
        return False

    def policy(self, bucket: str, version: str) -> dict[str, Any]:
        with self._lock:
            kept = self.policies.setdefault(bucket, {"version": 1, "etag": "e0", "bindings": []})
            policy: dict[str, Any] = json.loads(json.dumps(kept))
            if version != "3":
                for binding in policy["bindings"]:
                    if binding.pop("condition", None):
                        binding["role"] += "_withcond_0123"
            return policy

    def set_policy(self, bucket: str, policy: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            kept = self.policy(bucket, "3")
            if policy.get("etag") not in {None, kept["etag"]}:
                raise InputFailure(
                    412, "At least one of the pre-conditions you specified did not hold."
                )
            bindings = _merged(policy["bindings"])
            if policy.get("version") != 3 and any("condition" in each for each in bindings):
                raise InputFailure(400, "Policies with conditions need version 3.", "invalid")
            self._check_members(bindings)
            etag = f"e{int(kept['etag'][1:]) + 1}"
            self.policies[bucket] = {"version": 3, "etag": etag, "bindings": bindings}
            return self.policies[bucket]

    def _check_members(self, bindings: list[dict[str, Any]]) -> None:
        members = {member for binding in bindings for member in binding["members"]}
        for member in members:
            email = member.removeprefix("serviceAccount:")
            known = email in self.accounts and not self.newcomers
            if member.startswith("serviceAccount:") and not known:
                self.newcomers = max(0, self.newcomers - 1)
                raise InputFailure(400, f"Service account {email} does not exist.", "invalid")

    def create(self, body: dict[str, Any]) -> dict[str, Any]:
        if self._email(body["accountId"]) in self.accounts:
            raise InputFailure(409, f"Service account {body['accountId']} already exists.")
        if not re.fullmatch(r"[a-z][a-z0-9-]{4,28}[a-z0-9]", body["accountId"]):
            raise InputFailure(400, "Invalid account id.")
        return self._added(body["accountId"], **body.get("serviceAccount", {})).told

    def delete(self, email: str) -> None:
        self.account(email)
        del self.accounts[email]
        for policy in self.policies.values():
            for binding in policy["bindings"]:
                binding["members"] = [
                    f"deleted:{member}?uid=123" if member == f"serviceAccount:{email}" else member
                    for member in binding["members"]
                ]

    def account(self, email: str) -> Account:
        if email not in self.accounts:
            raise InputFailure(404, "Unknown service account")
        return self.accounts[email]

    def new_key(self, account: Account, token_uri: str) -> str:
        """Make a key; what is returned is the text of its key file."""
        if self.keys_forbidden:
            raise InputFailure(400, "Key creation is not allowed on this service account.")
        key = _PAIRS[len(self.made_keys) % len(_PAIRS)]()
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        key_id = secrets.token_hex(20)
        self.made_keys.append(key_id)
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

    def told_key(self, account: Account, text: str) -> dict[str, Any]:
        name = f"{account.told['name']}/keys/{json.loads(text)['private_key_id']}"
        return {"name": name, "privateKeyData": base64.b64encode(text.encode()).decode()}

    def _added(self, account_id: str, **described: Any) -> Account:
        account = Account(self._email(account_id), described=described)
        self.accounts[account.email] = account
        return account

    def _email(self, account_id: str) -> str:
        return f"{account_id}@{self.project}.iam.gserviceaccount.com"


def _merged(bindings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Google keeps one binding for each pair of role and condition."""
    merged: dict[str, dict[str, Any]] = {}
    for binding in bindings:
        condition = binding.get("condition")
        key = json.dumps([binding["role"], condition], sort_keys=True)
        kept = merged.setdefault(key, {**binding, "members": []})
        kept["members"] = sorted({*kept["members"], *binding["members"]})
    return list(merged.values())
