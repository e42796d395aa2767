"""What the API says of the token, of its limits and of the time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from realtimekit_emulator import Control, EmulatorServer
from realtimekit_provider.api.models.remaining_calls import RemainingCalls, parse_remaining_calls
from realtimekit_provider.api.models.token import TokenInfo, parse_token_info
from realtimekit_provider.api.token_client import TokenClient
from realtimekit_provider.errors import TokenRejectedError
from tests.api.api_caller import ApiCaller
from tests.example_values import CANARY


@pytest.fixture
def client(caller: ApiCaller) -> TokenClient:
    """The client of the emulator's token."""
    return TokenClient(caller.session, caller.messages.append)


def test_a_users_token_is_known_without_an_account(client: TokenClient) -> None:
    """And is not one of the account's own."""
    assert client.verify_user_token() == TokenInfo("user", "active")
    with pytest.raises(TokenRejectedError, match="Invalid API Token"):
        client.verify_account_token(ACCOUNT_OF_NOBODY)


ACCOUNT_OF_NOBODY = "f" * 32


def test_an_accounts_token_says_when_it_expires(
    client: TokenClient, control: Control, emulator: EmulatorServer
) -> None:
    """By the clock of the server."""
    control.set_token(emulator.token, "disabled", owner="account", expires_in=3600)
    found = client.verify_account_token(emulator.account_id)
    assert (found.owner, found.status) == ("account", "disabled")
    assert found.expires_at is not None
    assert abs(found.expires_at.timestamp() - control.now() - 3600) < 60


@pytest.mark.parametrize(
    "data", [None, [], {}, {"status": 7, "expires_on": "soon"}, {"status": f"{CANARY}\x1b"}]
)
def test_an_odd_description_of_a_token_is_no_error(data: object) -> None:
    """Its status is then unknown."""
    assert parse_token_info("user", data) == TokenInfo("user", "")


def test_the_session_remembers_time_and_limits_of_the_last_response(
    client: TokenClient, caller: ApiCaller, control: Control
) -> None:
    """Before the first one nothing is known."""
    assert (caller.session.server_offset, caller.session.remaining_calls) == (None, ())
    control.set(clock_skew_seconds=-400 * 86_400)
    client.verify_user_token()
    offset = caller.session.server_offset
    assert offset is not None
    assert abs(offset + timedelta(days=400)) < timedelta(minutes=1)
    assert caller.session.remaining_calls == (RemainingCalls("api", 1199, 300, 1200),)
    control.set(rate_limit_headers=False)
    client.verify_user_token()
    assert caller.session.remaining_calls[0].calls == 1199


@pytest.mark.parametrize(
    ("ratelimit", "policy", "expected"),
    [
        ("", "", ()),
        ('"default";r=50;t=30', '"burst";q=100;w=60', (RemainingCalls("default", 50, 30),)),
        ('"default"; r=50', '"default";q=100', (RemainingCalls("default", 50, None, 100),)),
        ('"a";t=3, "b";r=0;t=9', "", (RemainingCalls("b", 0, 9),)),
        (f'"{CANARY}\x1b";r=1', "", ()),
        ("limit=20, remaining=19", "20;w=1", ()),
    ],
)
def test_the_headers_of_limits_are_read_tolerantly(
    ratelimit: str, policy: str, expected: tuple[RemainingCalls, ...]
) -> None:
    """What does not look like an entry is left out."""
    headers = {"Ratelimit": ratelimit, "Ratelimit-Policy": policy}
    assert parse_remaining_calls(headers) == expected
