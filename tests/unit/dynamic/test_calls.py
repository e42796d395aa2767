"""Settings become a connection, or an error before anything is called."""

from __future__ import annotations

import pytest

from realtimekit_provider.client.settings import (
    DEFAULT_BUDGETS,
    PUBLIC_BASE_URL,
    Budget,
    budgets_of,
)
from realtimekit_provider.dynamic.calls import connect
from realtimekit_provider.dynamic.settings import Settings, settings_from
from realtimekit_provider.errors import SettingsError
from tests.unit.examples import CANARY


def test_without_a_base_url_the_public_one_is_used() -> None:
    """With the limiter's default budgets."""
    settings = connect(Settings(token="CANARY")).settings
    assert settings.base_url == PUBLIC_BASE_URL
    assert settings.budgets


def test_the_limiter_can_be_switched_off() -> None:
    """For an API of one's own."""
    assert connect(Settings(token="CANARY", limiter=0)).settings.budgets == ()


def test_a_share_of_the_limits_is_kept_within() -> None:
    """The windows stay as long as they are, and each lets at least one call through."""
    half = connect(Settings(token="CANARY", limiter=0.5)).settings.budgets
    assert half == tuple(Budget(one.calls // 2, one.seconds) for one in DEFAULT_BUDGETS)
    assert {one.calls for one in budgets_of(1e-9)} == {1}


def test_a_missing_token_names_the_two_ways_to_give_it() -> None:
    """At the first call, so that a preview runs without one."""
    with pytest.raises(SettingsError, match="CLOUDFLARE_API_TOKEN") as raised:
        connect(Settings())
    assert "pulumi config set --secret cloudflare:apiToken" in str(raised.value)


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        (Settings(token="CANARY", base_url="http://api.example"), "must be https"),
        (Settings(token="CANARY with spaces"), "API token"),
        (settings_from({"realtimekit:limiter": "x"}, {}), "realtimekit:limiter must be"),
    ],
)
def test_an_unusable_setting_is_an_error_before_any_call(settings: Settings, what: str) -> None:
    """It says which, and never quotes the token."""
    with pytest.raises(SettingsError, match=what) as raised:
        connect(settings)
    assert CANARY not in str(raised.value)
