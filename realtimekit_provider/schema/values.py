"""The kinds of values that the API's fields take, with errors that say what is wanted."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    TypeAdapter,
)

from realtimekit_provider.constants import MARK_WORD
from realtimekit_provider.schema.addresses import is_encrypted_or_local
from realtimekit_provider.schema.json_parsing import parse_json
from realtimekit_provider.schema.mark_word import is_mark_delimited

__all__ = [
    "AccountId",
    "AppId",
    "BucketName",
    "ConnectionString",
    "Days",
    "Endpoint",
    "FileNamePrefix",
    "Flag",
    "Host",
    "HostKey",
    "Identifier",
    "KeyGeneration",
    "LayerName",
    "MaxSeconds",
    "MeetingId",
    "ObjectPath",
    "Port",
    "PrivateKey",
    "RegionName",
    "Seconds",
    "SecretText",
    "ServiceAccountKey",
    "StrictModel",
    "UserName",
    "reveal_secrets",
    "type_adapter",
]


class StrictModel(BaseModel):
    """A model of something that a user wrote: unknown keys are errors, values never quoted."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True
    )


@cache
def type_adapter(kind: Any) -> TypeAdapter[Any]:
    """Return what validates a union of models; like a model's, its errors quote no value."""
    return TypeAdapter(kind, config=ConfigDict(hide_input_in_errors=True))


def reveal_secrets(value: Any) -> Any:
    """Return dumped values with their credentials as plain text, for where they are needed."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, dict):
        return {key: reveal_secrets(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [reveal_secrets(inner) for inner in value]
    return value


def _matches(pattern: str, wanted: str) -> Callable[[str], str]:
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise ValueError(wanted)
        return text

    return check


def _whole_number(value: Any) -> Any:
    """Pulumi carries every number as a float: 3600.0 is whole, ``True`` and "3600" are not."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("must be a whole number")  # noqa: TRY004 - pydantic collects ValueErrors
    if value % 1 != 0:
        raise ValueError("must be a whole number")
    return int(value)


def _true_or_false(value: Any) -> Any:
    """YAML's ``yes`` and ``off`` are texts: taken for a flag, they would never agree with it."""
    if not isinstance(value, bool):
        raise ValueError("must be true or false")  # noqa: TRY004 - pydantic collects ValueErrors
    return value


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("must be a number of seconds")  # noqa: TRY004
    return value


def _unwrapped(check: Callable[[str], str]) -> Callable[[SecretStr], SecretStr]:
    def check_inside(secret: SecretStr) -> SecretStr:
        check(secret.get_secret_value())
        return secret

    return check_inside


def _file_name_prefix(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_]+", text.replace(MARK_WORD, "_")):
        raise ValueError(
            f"must consist of letters, digits and '_' (and may contain the word {MARK_WORD})"
        )
    if not is_mark_delimited(text):
        raise ValueError(f"must have a '_' between the word {MARK_WORD} and what stands beside it")
    return text


def _object_path(text: str) -> str:
    if re.search(r"[\x00-\x1f\x7f\\]", text):
        raise ValueError("must not contain control characters or backslashes")
    if ".." in text.split("/"):
        raise ValueError("must not contain '..'")
    return text


def _host(text: str) -> str:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", text):
            raise ValueError(
                "must be a host name or an IP address, without scheme, port or path"
            ) from None
    return text


def _service_account_key(text: str) -> str:
    try:
        key = parse_json(text)
    except ValueError:
        raise ValueError("must be the service account's key file, as JSON text") from None
    missing = [
        name
        for name in ("client_email", "private_key")
        if not (isinstance(key, dict) and isinstance(key.get(name), str) and key[name])
    ]
    if missing:
        raise ValueError(
            f"must be the JSON of a service account's key; it lacks {' and '.join(missing)}"
        )
    return text


def _connection_string(text: str) -> str:
    named = (part.partition("=") for part in text.split(";") if "=" in part)
    parts = {name.strip(): value.strip() for name, _, value in named}
    if not parts.keys() & {"AccountKey", "SharedAccessSignature"}:
        raise ValueError(
            "must be the storage account's connection string "
            "(…;AccountName=…;AccountKey=… or …;BlobEndpoint=…;SharedAccessSignature=…)"
        )
    if not parts.keys() & {"AccountName", "BlobEndpoint"}:
        raise ValueError("must name the account: the connection string lacks AccountName")
    if not is_encrypted_or_local(parts.get("BlobEndpoint", _protocol(parts))):
        raise ValueError("must use https: http would send the credential unencrypted")
    return text


def _protocol(parts: Mapping[str, str]) -> str:
    return f"{parts.get('DefaultEndpointsProtocol', 'https').lower()}://azure.example"


def _endpoint(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+", text):
        raise ValueError(
            "must be scheme and host alone, such as https://fra1.digitaloceanspaces.com"
        )
    if not is_encrypted_or_local(text):
        raise ValueError("must use https: http would send the credential unencrypted")
    return text


def _private_key(text: str) -> str:
    stripped = text.strip()
    if stripped.startswith("PuTTY-User-Key-File"):
        raise ValueError(
            "is a PuTTY key (PPK): convert it with 'puttygen KEY.ppk -O private-openssh -o KEY'"
        )
    if re.match(r"(ssh-|ecdsa-|sk-)|-----BEGIN (SSH2 |RSA )?PUBLIC KEY", stripped):
        raise ValueError("is a public key: give the private key, the file without '.pub'")
    if "\\n" in stripped and "\n" not in stripped:
        raise ValueError(
            r"has the two characters '\n' where its line breaks should be: give the file as it is "
            "(pulumi config set --secret NAME < KEYFILE)"
        )
    block = r"-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----\n.+\n-----END \1-----"
    if not re.fullmatch(block, stripped.replace("\r\n", "\n"), flags=re.DOTALL):
        raise ValueError("must be a private key in OpenSSH or PEM form (BEGIN … PRIVATE KEY)")
    return text


Identifier = Annotated[
    str,
    AfterValidator(_matches(r"[^\s/?#]+", "must not be empty or contain spaces, '/', '?' or '#'")),
]
MeetingId = Identifier
AccountId = Annotated[
    str,
    AfterValidator(
        _matches(r"[A-Za-z0-9_-]{1,32}", "must be the account's id: 1 to 32 letters and digits")
    ),
]
AppId = Annotated[
    str,
    AfterValidator(
        _matches(r"[A-Za-z0-9_-]{1,128}", "must be the app's id: letters, digits and '-'")
    ),
]
LayerName = Annotated[
    str,
    AfterValidator(
        _matches(
            r"[^\s.\[\]{}/]+",
            "a layer's name must not be empty or contain spaces, '.', '/' or brackets",
        )
    ),
]
FileNamePrefix = Annotated[str, AfterValidator(_file_name_prefix)]
MaxSeconds = Annotated[int, BeforeValidator(_whole_number), Field(ge=60, le=86400)]
Seconds = Annotated[float, BeforeValidator(_number), Field(ge=0, le=86400, allow_inf_nan=False)]

BucketName = Annotated[
    str,
    AfterValidator(
        _matches(
            r"[A-Za-z0-9][A-Za-z0-9._-]{1,220}[A-Za-z0-9]",
            "must be a bucket's name alone: 3 or more letters, digits, '.', '_' or '-'",
        )
    ),
]
RegionName = Annotated[
    str,
    AfterValidator(_matches(r"[A-Za-z0-9-]+", "must be a region's name, such as us-east-1")),
]
ObjectPath = Annotated[str, AfterValidator(_object_path)]
Host = Annotated[str, AfterValidator(_host)]
Endpoint = Annotated[str, AfterValidator(_endpoint)]
HostKey = Annotated[
    str,
    AfterValidator(
        _matches(
            r"(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]{40,}={0,3}( .*)?",
            "must be the server's public host key as 'ssh-keyscan HOST' prints it, without the "
            "host's name: 'ssh-ed25519 AAAA…'",
        )
    ),
]
Flag = Annotated[bool, BeforeValidator(_true_or_false)]
KeyGeneration = Annotated[int, BeforeValidator(_whole_number), Field(ge=1)]
Days = Annotated[int, BeforeValidator(_whole_number), Field(ge=1, le=36500)]
Port = Annotated[int, BeforeValidator(_whole_number), Field(ge=1, le=65535)]
UserName = Annotated[
    str,
    AfterValidator(_matches(r"[^\s:]+", "must be a user's name, not empty, without spaces or ':'")),
]

SecretText = Annotated[
    SecretStr, AfterValidator(_unwrapped(_matches(r"(?s).*\S.*", "must not be empty")))
]
ServiceAccountKey = Annotated[SecretStr, AfterValidator(_unwrapped(_service_account_key))]
ConnectionString = Annotated[SecretStr, AfterValidator(_unwrapped(_connection_string))]
PrivateKey = Annotated[SecretStr, AfterValidator(_unwrapped(_private_key))]
