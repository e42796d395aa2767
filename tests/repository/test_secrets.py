"""No text of the package contains a credential: canaries are given, and none is found."""

from __future__ import annotations

import base64
import os
import pickle
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pulumi.dynamic import ConfigureRequest, ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider
from pydantic import SecretStr, ValidationError

import realtimekit_provider
from realtimekit_provider import LayerArgs, OutputArgs
from realtimekit_provider.api.client import RecordingsClient
from realtimekit_provider.api.models.storage_config import StorageConfig
from realtimekit_provider.api.session import ApiSession
from realtimekit_provider.api.settings import ClientSettings
from realtimekit_provider.engine.deployment import Deployment
from realtimekit_provider.engine.settings import read_settings
from realtimekit_provider.providers import (
    StorageGateProvider,
    StorageLocationProvider,
    StorageWriterProvider,
    TrackRecordingProvider,
)
from realtimekit_provider.schema.values import type_adapter
from realtimekit_provider.storage.backends.registry import (
    STORAGE_TYPES,
    get_location_model,
    get_writer_model,
    list_types_with_writers,
)
from realtimekit_provider.storage.backends.sftp.login import Login
from tests.example_values import (
    ACCOUNT,
    APP,
    CANARY,
    STORAGE,
    build_declared_inputs,
    build_layers,
    build_recording_inputs,
)
from tests.provider_process.process import OperationError
from tests.provider_process.stack import ProviderStack, RunningDeployment

ROOT = Path(__file__).parents[2]
TOKEN = f"{CANARY}-token"
CONFIG = {
    "cloudflare:apiToken": TOKEN,
    "cloudflare:baseUrl": f"https://user:{CANARY}@example.com",
    "realtimekit:accountId": ACCOUNT,
    "realtimekit:appId": APP,
}
PROVIDERS: tuple[type[ResourceProvider], ...] = (
    TrackRecordingProvider,
    StorageGateProvider,
    StorageLocationProvider,
    StorageWriterProvider,
)


def create_objects() -> Iterator[object]:
    """Yield everything that holds a credential, or could."""
    connection = ApiSession(ClientSettings(token=SecretStr(TOKEN)))
    yield from (connection, connection.settings, connection.transport)
    yield RecordingsClient(connection, ACCOUNT, APP)
    yield from (read_settings(CONFIG, {}), Deployment(read_settings(CONFIG, {})))
    for storage in STORAGE.values():
        recording_query = build_recording_inputs(layers=build_layers(storage))
        yield from (
            recording_query,
            recording_query.request,
            type_adapter(StorageConfig).validate_python(storage),
        )
        yield _create_args(storage)
        yield OutputArgs(type="STORAGE_CONFIG", storage_config=_create_args(storage))
        yield OutputArgs(type="STORAGE_CONFIG", storage_config=storage)
        yield LayerArgs(outputs=build_layers(storage)["default"]["outputs"])
    login = type_adapter(StorageConfig).validate_python(STORAGE["sftp"])
    yield Login.from_model(login, "ssh-ed25519 AAAA")


def _create_args(storage: Any) -> Any:
    classes = [
        getattr(realtimekit_provider, name)
        for name in realtimekit_provider.__all__
        if name.endswith("StorageConfigArgs")
    ]
    (kind,) = (one for one in classes if one.type == storage["type"])
    return kind(**{key: value for key, value in storage.items() if key != "type"})


def test_no_repr_shows_a_credential() -> None:
    """Debuggers, logs and assertions print it."""
    for one in create_objects():
        for text in (repr(one), str(one), f"{one}", repr([one]), repr({"one": one})):
            assert CANARY not in text, type(one)


def test_a_repr_shows_values_that_are_no_secret() -> None:
    """An empty repr would be of no use."""
    text = repr(LayerArgs(outputs=build_layers(STORAGE["aws"])["default"]["outputs"]))
    assert "'bucket': 'acme-recordings'" in text
    assert "'secret': '[secret]'" in text


WRONG: tuple[Any, ...] = (
    {"type": "aws", "secret": CANARY},
    {"type": CANARY, "secret": CANARY},
    {"secret": CANARY},
    {"type": "sftp", "private_key": CANARY, "password": CANARY, CANARY[:2]: CANARY},
    CANARY,
    [CANARY],
)


VALIDATORS: tuple[Callable[[Any], Any], ...] = (
    type_adapter(StorageConfig).validate_python,
    *(get_location_model(name).model_validate for name in STORAGE_TYPES),
    *(get_writer_model(name).model_validate for name in list_types_with_writers()),
)


@pytest.mark.parametrize("validate", VALIDATORS)
@pytest.mark.parametrize("wrong", WRONG)
def test_no_validation_error_quotes_a_value(validate: Callable[[Any], Any], wrong: Any) -> None:
    """One that nobody expected is printed by the engine with its traceback."""
    with pytest.raises(ValidationError) as refusal:
        validate(wrong)
    text = "".join(traceback.format_exception(refusal.value)) + repr(refusal.value)
    assert CANARY not in text.replace(f"Input tag '{CANARY}'", "")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_provider_in_state_is_a_name(
    provider: type[ResourceProvider], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even one that was configured, as where programs and providers share a process."""
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", TOKEN)
    plain = serialize_provider(provider())
    configured = provider()
    configured.configure(ConfigureRequest(config=CONFIG))  # type: ignore[arg-type]
    assert serialize_provider(configured) == plain
    assert CANARY.encode() not in base64.b64decode(plain)
    assert type(pickle.loads(base64.b64decode(plain))) is provider  # noqa: S301 - made above


BROKEN: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "an id that is missing": lambda inputs: {**inputs, "account_id": None},
    "layers that are none": lambda inputs: {**inputs, "layers": [CANARY]},
    "a storage that is none": lambda inputs: {**inputs, "layers": build_layers({"secret": CANARY})},
    "a storage with more": lambda inputs: {
        **inputs,
        "layers": build_layers({**STORAGE["aws"], "other": CANARY}),
    },
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_crash_of_the_provider_prints_no_credential(
    how: str, run: RunningDeployment, stack: ProviderStack
) -> None:
    """As after an upgrade, when the state holds what a newer release does not take."""
    inputs = BROKEN[how](build_declared_inputs(layers=build_layers(STORAGE["aws"])))
    known = {key: value for key, value in inputs.items() if value is not None}
    with pytest.raises(OperationError) as crash:
        run.provider.create(known)
    assert "Traceback" in str(crash.value)
    assert CANARY not in str(crash.value) + run.engine.get_text()
    assert stack.emulator.token not in str(crash.value) + run.engine.get_text()


def test_a_crash_dump_holds_no_credential() -> None:
    """Python's own, of every thread, while a call is on its way."""
    program = (
        "import socket, sys, threading, time\n"
        "from pydantic import SecretStr\n"
        "from realtimekit_provider.api.client import RecordingsClient\n"
        "from realtimekit_provider.api.session import ApiSession\n"
        "from realtimekit_provider.api.settings import ClientSettings\n"
        "silent = socket.create_server(('127.0.0.1', 0))\n"
        "url = f'http://127.0.0.1:{silent.getsockname()[1]}'\n"
        "settings = ClientSettings(token=SecretStr(sys.stdin.readline().strip()), base_url=url)\n"
        "api = RecordingsClient(ApiSession(settings), 'account', 'app')\n"
        "calling = threading.Thread(target=api.get, args=('r',), daemon=True)\n"
        "calling.start()\n"
        "held, _ = silent.accept()\n"
        "held.recv(65536)\n"
        "late = time.monotonic() + 30\n"
        "while sys._current_frames()[calling.ident].f_code.co_name != 'readinto':\n"
        "    assert time.monotonic() < late, 'no thread waits for an answer'\n"
        "    time.sleep(0.01)\n"
        "print('sent', flush=True)\n"
        "threading.Event().wait(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-X", "faulthandler", "-c", program],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{TOKEN}\n")
    process.stdin.flush()
    assert process.stdout.readline() == "sent\n"
    process.send_signal(signal.SIGABRT)
    printed = "".join(process.communicate(timeout=30))
    assert "transport.py" in printed
    assert CANARY not in printed
