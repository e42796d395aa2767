"""SFTP keys of every type, intact and corrupted, are loaded or refused with a reason."""

from __future__ import annotations

import base64
import re

import asyncssh
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from realtimekit_provider.errors import StorageError
from realtimekit_provider.schema.credentials import HostKey, PrivateKey
from realtimekit_provider.schema.values import type_adapter
from realtimekit_provider.storage.backends.sftp.login import Login, load_host_key, load_private_key
from tests.example_values import CANARY
from tests.property_examples import run_examples

_KEYS = [
    asyncssh.generate_private_key("ssh-ed25519", comment=CANARY),
    asyncssh.generate_private_key("ecdsa-sha2-nistp256", comment=CANARY),
    asyncssh.generate_private_key("ssh-rsa", comment=CANARY, key_size=2048),
]
PRIVATE = [
    text.decode()
    for key in _KEYS
    for text in (
        key.export_private_key("openssh"),
        key.export_private_key("pkcs8-pem"),
        key.export_private_key("pkcs8-pem", passphrase=CANARY),
    )
]
PUBLIC = [key.export_public_key().decode().strip() for key in _KEYS]
_NOISE = st.one_of(st.text(max_size=8), st.sampled_from(["\n", "\r\n", "\\n", "=", "A" * 300, "é"]))


@st.composite
def corrupted_texts(draw: st.DrawFn, texts: list[str]) -> str:
    """Keys with a part cut out, doubled or replaced, or with other bytes in their base64."""
    text = draw(st.sampled_from(texts))
    if draw(st.booleans()):
        return _overwrite_base64(
            text, draw(st.lists(st.tuples(st.integers(0), st.binary(max_size=2))))
        )
    return draw(cut_texts([text]))


@st.composite
def cut_texts(draw: st.DrawFn, texts: list[str]) -> str:
    """Texts with a part cut out, doubled or replaced."""
    text = draw(st.sampled_from(texts))
    begin = draw(st.integers(0, len(text)))
    end = draw(st.integers(begin, min(len(text), begin + 80)))
    middle = draw(st.one_of(_NOISE, st.just(text[begin:end] * 2)))
    return text[:begin] + middle + text[end:]


def _overwrite_base64(text: str, changes: list[tuple[int, bytes]]) -> str:
    """Overwrite bytes in the longest base64 part of a key, which stays valid base64."""
    body = max(re.findall(r"[A-Za-z0-9+/=\n]{60,}", text), key=len)
    content = bytearray(base64.b64decode(body))
    for offset, replacement in changes:
        start = offset % len(content)
        content[start : start + len(replacement)] = replacement
    return text.replace(body, base64.b64encode(content).decode() + "\n" * body.endswith("\n"))


def build_login(private_key: str = "", host_key: str = "", password: str | None = None) -> Login:
    return Login("h.example", 22, "u", "/", host_key, "KEY", password, private_key)


@given(text=corrupted_texts(PRIVATE), password=st.sampled_from([None, "", CANARY, "wrong"]))
@example("-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----", None)
@example("-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----", None)
@example("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----", "")
@run_examples(250)
def test_a_private_key_is_loaded_or_refused(text: str, password: str | None) -> None:
    """The check or the session refuses it; neither quotes it."""
    try:
        type_adapter(PrivateKey).validate_python(text)
    except ValidationError as error:
        _check_message(str(error), text)
        return
    try:
        load_private_key(build_login(private_key=text, password=password))
    except StorageError as error:
        _check_message(str(error), text)


@given(text=corrupted_texts(PUBLIC))
@run_examples(150)
def test_a_host_key_is_loaded_or_refused(text: str) -> None:
    """Only public keys of the types that servers have are accepted."""
    try:
        type_adapter(HostKey).validate_python(text)
    except ValidationError as error:
        _check_message(str(error), "")
        return
    try:
        load_host_key(build_login(host_key=text))
    except StorageError as error:
        _check_message(str(error), "")


def _check_message(message: str, key: str) -> None:
    assert len(message) > 40
    assert CANARY not in message
    assert not any(len(line) > 30 and line in message for line in key.splitlines()[1:-1])
