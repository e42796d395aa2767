"""The two calls that verify a token, and the headers that tell what is left of the limits."""

from __future__ import annotations

import pytest
import requests
from cloudflare import APIStatusError, Cloudflare

from realtimekit_emulator import Control, EmulatorServer
from tests.emulator.api_client import ApiClient


def get(emulator: EmulatorServer, path: str) -> requests.Response:
    """Send a GET request with the emulator's token."""
    return requests.get(f"{emulator.base_url}/{path}", headers=emulator.headers, timeout=5)


def test_cloudflares_client_reads_a_users_token(sdk: Cloudflare, emulator: EmulatorServer) -> None:
    """Active, and without an end."""
    verified = sdk.user.tokens.verify()
    assert verified is not None
    assert (verified.status, verified.expires_on) == ("active", None)


def test_cloudflares_client_reads_an_accounts_token(
    sdk: Cloudflare, control: Control, emulator: EmulatorServer
) -> None:
    """With the time when it expires."""
    control.set_token(emulator.token, "allowed", owner="account", expires_in=3600)
    verified = sdk.accounts.tokens.verify(account_id=emulator.account_id)
    assert verified is not None
    assert verified.status == "active"
    assert verified.expires_on is not None
    assert abs(verified.expires_on.timestamp() - control.now() - 3600) < 60


@pytest.mark.parametrize(
    ("state", "expires_in", "status"),
    [("disabled", None, "disabled"), ("allowed", -1, "expired"), ("forbidden", None, "active")],
)
def test_a_status_is_shown_by_verify_alone(
    control: Control,
    emulator: EmulatorServer,
    state: str,
    expires_in: float | None,
    status: str,
) -> None:
    """Everything else refuses such a token as it refuses any other."""
    control.set_token(emulator.token, state, expires_in=expires_in)
    assert get(emulator, "user/tokens/verify").json()["result"]["status"] == status
    recordings = f"{emulator.kit_url}/recordings".removeprefix(f"{emulator.base_url}/")
    assert get(emulator, recordings).status_code == (403 if state == "forbidden" else 401)


@pytest.mark.parametrize(
    ("owner", "path"),
    [
        ("user", "accounts/{account}/tokens/verify"),
        ("account", "user/tokens/verify"),
        ("account", f"accounts/{'f' * 32}/tokens/verify"),
    ],
)
def test_a_token_of_another_owner_is_not_known(
    emulator: EmulatorServer, control: Control, owner: str, path: str
) -> None:
    """A user's token is none of the account, and the other way round."""
    control.set_token(emulator.token, "allowed", owner=owner)
    response = get(emulator, path.format(account=emulator.account_id))
    assert response.status_code == 401
    assert response.json()["errors"] == [{"code": 1000, "message": "Invalid API Token"}]


def test_a_revoked_token_is_not_known(
    sdk: Cloudflare, control: Control, emulator: EmulatorServer
) -> None:
    """Cloudflare's own client raises the API's error."""
    control.set_token(emulator.token, "revoked")
    with pytest.raises(APIStatusError, match="Invalid API Token"):
        sdk.user.tokens.verify()


def test_responses_tell_what_is_left_of_each_limit(
    api: ApiClient, frozen: Control, emulator: EmulatorServer
) -> None:
    """A request that verifies a token counts against the limit of all requests alone."""
    response = api.get("recordings")
    assert response.headers["Ratelimit"] == (
        '"api";r=1199;t=300, "kit";r=249;t=10, "recordings";r=999;t=60'
    )
    assert response.headers["Ratelimit-Policy"] == (
        '"api";q=1200;w=300, "kit";q=250;w=10, "recordings";q=1000;w=60'
    )
    assert get(emulator, "user/tokens/verify").headers["Ratelimit"] == '"api";r=1198;t=300'
    frozen.set(rate_limit_headers=False)
    assert "Ratelimit" not in api.get("recordings").headers
