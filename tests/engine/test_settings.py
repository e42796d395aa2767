"""A stack's settings: config first, then environment."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.deployment.policies import POLICIES
from realtimekit_provider.deployment.timing import Timing
from realtimekit_provider.engine.settings import Settings, read_settings
from tests.example_values import CANARY

SOURCES = {
    "account_id": ("realtimekit:accountId", "CLOUDFLARE_ACCOUNT_ID"),
    "app_id": ("realtimekit:appId", "REALTIMEKIT_APP_ID"),
    "token": ("cloudflare:apiToken", "CLOUDFLARE_API_TOKEN"),
    "base_url": ("cloudflare:baseUrl", "CLOUDFLARE_BASE_URL"),
}


def read(config: dict[str, Any], environment: dict[str, str] | None = None) -> Settings:
    return read_settings(config, environment or {})


def get_setting(settings: Settings, name: str) -> Any:
    return getattr(settings if hasattr(settings, name) else settings.defaults, name)


@pytest.mark.parametrize("name", SOURCES)
def test_the_stacks_config_comes_before_the_environment(name: str) -> None:
    """The first one that is set wins; an empty one is not set."""
    key, variable = SOURCES[name]
    configured, inherited = "c" * 32, "e" * 32
    both = read({key: configured}, {variable: inherited})
    assert get_setting(both, name) == configured
    assert get_setting(read({}, {variable: inherited}), name) == inherited
    assert get_setting(read({key: ""}, {variable: inherited}), name) == inherited
    assert get_setting(read({key: None}, {variable: ""}), name) is None


@pytest.mark.parametrize("name", SOURCES)
def test_white_space_around_a_setting_is_removed(name: str) -> None:
    """Pipelines like to end a variable with a line break; a token keeps it, and is refused."""
    _, variable = SOURCES[name]
    value = "a" * 32
    kept = f"{value}\n" if name == "token" else value
    assert get_setting(read({}, {variable: f"{value}\n"}), name) == kept
    assert get_setting(read({}, {variable: " \n"}), name) is None


def test_a_number_is_an_id_too() -> None:
    """YAML reads an id of digits as a number."""
    assert read({"realtimekit:appId": 123}).defaults.app_id == "123"


def test_the_process_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider process inherits the pipeline's variables."""
    monkeypatch.setenv("REALTIMEKIT_APP_ID", "from-the-process")
    assert read_settings({}).defaults.app_id == "from-the-process"


def test_a_stack_that_says_nothing_has_safe_settings() -> None:
    """The reference's body, the published rate limits, the default timing, no failure."""
    settings = read({})
    assert settings == Settings()
    assert settings.rate_limit_share == 1
    assert settings.timing == Timing()
    assert settings.defaults.track_api == "outputs"
    assert settings.defaults.policies == {}


POLICY_KEYS = {
    "on_no_session": ("realtimekit:onNoSession", "wait", "wait"),
    "session_timeout": ("realtimekit:sessionTimeout", "600", 600),
    "on_ended": ("realtimekit:onEnded", "restart", "restart"),
    "on_conflict": ("realtimekit:onConflict", "stop", "stop"),
    "on_delete": ("realtimekit:onDelete", "leave", "leave"),
    "replace_live": ("realtimekit:replaceLive", "refuse", "refuse"),
    "wait_for_recording": ("realtimekit:waitForRecording", "20", 20),
    "wait_for_upload": ("realtimekit:waitForUpload", "30.5", 30.5),
}


def test_every_policy_can_be_set_for_a_stack() -> None:
    """Under its name in the config's own spelling; numbers arrive as text."""
    config = {key: text for key, text, _ in POLICY_KEYS.values()}
    assert set(POLICY_KEYS) == set(POLICIES)
    assert read(config).defaults.policies == {
        name: value for name, (_, _, value) in POLICY_KEYS.items()
    }


def test_timing_is_read_from_structured_config() -> None:
    """Each by its name, the others stay."""
    settings = read({"realtimekit:timing": '{"poll_interval": 0.1, "visible_after_start": 5}'})
    assert settings.timing == Timing(poll_interval=0.1, visible_after_start=5)


@pytest.mark.parametrize(
    ("written", "share"),
    [(None, 1), ("", 1), ("off", 0), ("0.5", 0.5), (0.5, 0.5), ("2", 2), ("10", 10)],
)
def test_the_rate_limit_share_is_a_number_or_off(written: Any, share: float) -> None:
    """Half of them for each of two pipelines, twice as much where Cloudflare has raised them."""
    settings = read({"realtimekit:rateLimitShare": written})
    assert (settings.rate_limit_share, settings.failures) == (share, ())


@pytest.mark.parametrize("written", ["0", 0, "on", "11", "true"])
def test_a_rate_limit_share_that_is_not_allowed_names_what_is(written: Any) -> None:
    """Nobody switches the limits off by a number, or guesses how to write the default."""
    [failure] = read({"realtimekit:rateLimitShare": written}).failures
    assert failure.path == "realtimekit:rateLimitShare"
    assert "above 0 and at most 10" in failure.reason
    assert "'off'" in failure.reason
    assert "1 is the default" in failure.reason


WRONG: dict[str, tuple[str, Any]] = {
    "timing that is no mapping": ("realtimekit:timing", "[1]"),
    "timing that is no JSON": ("realtimekit:timing", "soon"),
    "a name that does not exist": ("realtimekit:timing.slow", '{"slow": 1}'),
    "seconds that are a text": ("realtimekit:timing.poll_interval", '{"poll_interval": "1"}'),
    "seconds that are a truth value": (
        "realtimekit:timing.poll_interval",
        '{"poll_interval": true}',
    ),
    "no seconds": ("realtimekit:timing.poll_interval", '{"poll_interval": 0}'),
    "more than an hour": (
        "realtimekit:timing.running_after_start",
        '{"running_after_start": 3601}',
    ),
    "seconds that are no number": (
        "realtimekit:timing.running_after_start",
        '{"running_after_start": NaN}',
    ),
    "another body": ("realtimekit:trackApi", "composite"),
    "the body's old name": ("realtimekit:trackApi", "OUTPUTS"),
    "a share that is a word": ("realtimekit:rateLimitShare", "maybe"),
    "a share of nothing": ("realtimekit:rateLimitShare", "0"),
    "a share that is no limit": ("realtimekit:rateLimitShare", "11"),
    "a share that is no number": ("realtimekit:rateLimitShare", "NaN"),
    "a share that is a truth value": ("realtimekit:rateLimitShare", "true"),
    "the default as a switch": ("realtimekit:rateLimitShare", "on"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_setting_that_is_not_allowed_is_a_failure(case: str) -> None:
    """With its path, and without stopping a preview."""
    path, value = WRONG[case]
    key = path.partition(".")[0]
    [failure] = read({key: value}).failures
    assert failure.path == path
    assert failure.reason


def test_a_path_stands_on_one_line_whatever_is_in_it() -> None:
    """The name is what somebody wrote."""
    [failure] = read({"realtimekit:timing": '{"\\n": 1}'}).failures
    assert failure.path == r"realtimekit:timing.\n"


def test_all_failures_are_reported_at_once() -> None:
    """The defaults are used meanwhile."""
    settings = read(
        {
            "realtimekit:timing": '{"poll_interval": 0, "x": 1}',
            "realtimekit:trackApi": "x",
            "realtimekit:rateLimitShare": "x",
        }
    )
    assert len(settings.failures) == 4
    assert settings.timing == Timing()


def test_settings_never_show_the_token() -> None:
    """Nor do they differ by it silently: another token is another run."""
    one, other = (read({"cloudflare:apiToken": f"CANARY-{n}"}) for n in (1, 2))
    assert CANARY not in repr(one)
    assert one != other
