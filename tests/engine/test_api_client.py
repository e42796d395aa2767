"""Settings become a session, or an error before anything is called."""

from __future__ import annotations

import pytest

from realtimekit_provider.api.rate_limiter import DEFAULT_RATE_LIMITS, RateLimit, scaled_limits
from realtimekit_provider.constants import PUBLIC_BASE_URL
from realtimekit_provider.engine.api_client import create_session
from realtimekit_provider.engine.settings import Settings, read_settings
from realtimekit_provider.errors import SettingsError
from tests.example_values import CANARY


def test_without_a_base_url_the_public_one_is_used() -> None:
    """With the default rate limits."""
    settings = create_session(Settings(token="CANARY")).settings
    assert settings.base_url == PUBLIC_BASE_URL
    assert settings.rate_limits


def test_the_rate_limits_can_be_switched_off() -> None:
    """For an API of one's own."""
    config = {"cloudflare:apiToken": "CANARY", "realtimekit:rateLimitShare": "off"}
    assert create_session(read_settings(config, {})).settings.rate_limits == ()


def test_a_share_of_the_limits_is_kept_within() -> None:
    """The windows stay as long as they are, and each lets at least one call through."""
    half = create_session(Settings(token="CANARY", rate_limit_share=0.5)).settings.rate_limits
    assert half == tuple(RateLimit(one.calls // 2, one.seconds) for one in DEFAULT_RATE_LIMITS)
    assert {one.calls for one in scaled_limits(1e-9)} == {1}


def test_a_missing_token_names_the_two_ways_to_give_it() -> None:
    """At the first call, so that a preview runs without one."""
    with pytest.raises(SettingsError, match="CLOUDFLARE_API_TOKEN") as raised:
        create_session(Settings())
    assert "pulumi config set --secret cloudflare:apiToken" in str(raised.value)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (Settings(token="CANARY", base_url="http://api.example"), "must be https"),
        (Settings(token="CANARY with spaces"), "API token"),
        (
            read_settings({"realtimekit:rateLimitShare": "x"}, {}),
            "realtimekit:rateLimitShare: must be",
        ),
    ],
)
def test_an_unusable_setting_is_an_error_before_any_call(settings: Settings, message: str) -> None:
    """It says which, and never quotes the token."""
    with pytest.raises(SettingsError, match=message) as raised:
        create_session(settings)
    assert CANARY not in str(raised.value)


def test_a_state_with_an_id_that_is_refused_by_now_can_be_refreshed_and_deleted() -> None:
    """Its resources have their own ids; what declares one is refused by its check."""
    ids = {"realtimekit:accountId": "acc-1", "realtimekit:appId": "an app"}
    settings = read_settings(ids, {"CLOUDFLARE_API_TOKEN": CANARY})
    assert len(settings.failures) == 2
    assert create_session(settings).settings.base_url == PUBLIC_BASE_URL
    by_variable = {"CLOUDFLARE_ACCOUNT_ID": "acc-1", "CLOUDFLARE_API_TOKEN": CANARY}
    assert create_session(read_settings({}, by_variable)).settings.rate_limits
