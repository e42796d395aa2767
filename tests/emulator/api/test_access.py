"""Tokens, accounts and apps."""

from __future__ import annotations

import pytest
import requests

from realtimekit_emulator import Control, EmulatorServer
from tests.emulator.api_client import ApiClient


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer canary-unknown", "Basic emulator-token"]
)
def test_a_request_without_a_known_bearer_token_is_unauthorized(
    emulator: EmulatorServer, header: str | None
) -> None:
    """Missing, empty, unknown and wrongly typed credentials are a 401."""
    headers = {} if header is None else {"Authorization": header}
    response = requests.get(f"{emulator.kit_url}/recordings", headers=headers, timeout=5)
    assert response.status_code == 401
    assert response.json()["errors"][0]["code"] == 10000


@pytest.mark.parametrize(
    "token",
    ['"emulator-token"', "'emulator-token'", "emulator token", "emulator-tök", "$TOKEN", "a,b"],
)
def test_a_token_in_the_wrong_form_is_an_invalid_header(
    emulator: EmulatorServer, token: str
) -> None:
    """A 400 with the reason in the chain of the error, as Cloudflare's gateway answers."""
    headers = {"Authorization": f"Bearer {token}".encode()}
    response = requests.get(f"{emulator.kit_url}/recordings", headers=headers, timeout=5)
    assert response.status_code == 400
    chain = [{"code": 6111, "message": "Invalid format for Authorization header"}]
    assert response.json() == {
        "success": False,
        "errors": [{"code": 6003, "message": "Invalid request headers", "error_chain": chain}],
        "messages": [],
        "result": None,
    }


def test_the_scheme_is_read_in_any_case(emulator: EmulatorServer) -> None:
    """HTTP does not care how bearer is written."""
    headers = {"Authorization": f"bearer {emulator.token}"}
    response = requests.get(f"{emulator.kit_url}/recordings", headers=headers, timeout=5)
    assert response.status_code == 200


def test_a_token_can_be_forbidden_revoked_and_allowed(
    api: ApiClient, control: Control, emulator: EmulatorServer
) -> None:
    """The same token is valid, not permitted, unknown, and valid again."""
    statuses = []
    for state in ("allowed", "forbidden", "revoked", "allowed"):
        control.set_token(emulator.token, state)
        statuses.append(api.get("recordings").status_code)
    assert statuses == [200, 403, 401, 200]


def test_another_account_is_forbidden(emulator: EmulatorServer) -> None:
    """A token is for its account only; an id of more than 32 characters has no route."""
    for account, status in (("f" * 32, 403), ("f" * 33, 400)):
        url = emulator.kit_url.replace(emulator.account_id, account) + "/recordings"
        assert requests.get(url, headers=emulator.headers, timeout=5).status_code == status


def test_an_app_id_may_be_a_uuid_with_dashes(emulator: EmulatorServer, api: ApiClient) -> None:
    """The 32 characters of the reference are not enforced on apps."""
    assert len(emulator.app_id) == 36
    assert api.get("recordings").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "recordings/a/b/c", 400),
        ("GET", "recordings/", 400),
        ("PUT", "recordings/", 400),
        ("GET", "livestreams", 400),
        ("POST", "recordings", 405),
        ("PATCH", "recordings/x", 405),
    ],
)
def test_an_unknown_path_is_refused(api: ApiClient, method: str, path: str, status: int) -> None:
    """In Cloudflare's envelope, as its gateway does."""
    response = api.send(method, path)
    assert response.status_code == status
    assert response.json()["errors"]


def test_the_file_name_track_is_not_a_recording(api: ApiClient) -> None:
    """POST recordings/track starts; GET recordings/track looks for a recording of that name."""
    assert api.get("recordings/track").status_code == 404
