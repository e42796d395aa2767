"""A stack's settings: config first, then environment."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.deployment.defaults import POLICIES
from realtimekit_provider.deployment.timing import Timing
from realtimekit_provider.engine.settings import Settings, read_settings
from tests.example_values import CANARY

PLACES = {
    "account_id": ("realtimekit:accountId", "CLOUDFLARE_ACCOUNT_ID"),
    "app_id": ("realtimekit:appId", "REALTIMEKIT_APP_ID"),
    "token": ("cloudflare:apiToken", "CLOUDFLARE_API_TOKEN"),
    "base_url": ("cloudflare:baseUrl", "CLOUDFLARE_BASE_URL"),
}


def read(config: dict[str, Any], environment: dict[str, str] | None = None) -> Settings:
    return read_settings(config, environment or {})


def named(settings: Settings, name: str) -> Any:
    return getattr(settings if hasattr(settings, name) else settings.defaults, name)


@pytest.mark.parametrize("name", PLACES)
def test_the_stacks_config_comes_before_the_environment(name: str) -> None:
    """The first one that is set wins; an empty one is not set."""
    key, variable = PLACES[name]
    both = read({key: "config"}, {variable: "environment"})
    assert named(both, name) == "config"
    assert named(read({}, {variable: "environment"}), name) == "environment"
    assert named(read({key: ""}, {variable: "environment"}), name) == "environment"
    assert named(read({key: None}, {variable: ""}), name) is None


@pytest.mark.parametrize("name", PLACES)
def test_white_space_around_a_setting_is_nobodys_wish(name: str) -> None:
    """Pipelines like to end a variable with a line break."""
    _, variable = PLACES[name]
    assert named(read({}, {variable: "value\n"}), name) == "value"
    assert named(read({}, {variable: " \n"}), name) is None


def test_a_number_is_an_id_too() -> None:
    """YAML reads an id of digits as a number."""
    assert read({"realtimekit:appId": 123}).defaults.app_id == "123"


def test_the_process_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider process inherits the pipeline's variables."""
    monkeypatch.setenv("REALTIMEKIT_APP_ID", "from the process")
    assert read_settings({}).defaults.app_id == "from the process"


def test_a_stack_that_says_nothing_has_safe_settings() -> None:
    """The reference's body, the limiter, the default waits, no problem."""
    settings = read({})
    assert settings == Settings(defaults=settings.defaults)
    assert settings.limiter == 1
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
    "wait_for_upload": ("realtimekit:waitForUpload", "30.5", 30.5),
}


def test_every_policy_can_be_set_for_a_stack() -> None:
    """Under its name in the config's own spelling; numbers arrive as text."""
    config = {key: text for key, text, _ in POLICY_KEYS.values()}
    assert set(POLICY_KEYS) == set(POLICIES)
    assert read(config).defaults.policies == {
        name: value for name, (_, _, value) in POLICY_KEYS.items()
    }


def test_bounds_are_read_from_structured_config() -> None:
    """Each by its name, the others stay."""
    settings = read({"realtimekit:timing": '{"poll_interval": 0.1, "visible_after_start": 5}'})
    assert settings.timing == Timing(poll_interval=0.1, visible_after_start=5)


@pytest.mark.parametrize(
    ("written", "share"), [("on", 1), ("off", 0), ("0.5", 0.5), (0.5, 0.5), ("2", 2)]
)
def test_the_limiter_is_a_switch_or_a_share_of_the_limits(written: Any, share: float) -> None:
    """Half of them for each of two pipelines, twice as much where Cloudflare has raised them."""
    settings = read({"realtimekit:limiter": written})
    assert (settings.limiter, settings.problems) == (share, ())


WRONG: dict[str, tuple[str, Any]] = {
    "bounds that are no mapping": ("realtimekit:timing", "[1]"),
    "bounds that are no JSON": ("realtimekit:timing", "soon"),
    "no such bound": ("realtimekit:timing.patience", '{"patience": 1}'),
    "a bound that is a text": ("realtimekit:timing.poll_interval", '{"poll_interval": "1"}'),
    "a bound that is a truth value": (
        "realtimekit:timing.poll_interval",
        '{"poll_interval": true}',
    ),
    "a bound of nothing": ("realtimekit:timing.poll_interval", '{"poll_interval": 0}'),
    "a bound without end": (
        "realtimekit:timing.running_after_start",
        '{"running_after_start": 3601}',
    ),
    "a bound that is no number": (
        "realtimekit:timing.running_after_start",
        '{"running_after_start": NaN}',
    ),
    "another body": ("realtimekit:trackApi", "composite"),
    "the body's old name": ("realtimekit:trackApi", "OUTPUTS"),
    "a limiter that is half on": ("realtimekit:limiter", "maybe"),
    "a share of nothing": ("realtimekit:limiter", "0"),
    "a share that is no limit": ("realtimekit:limiter", "11"),
    "a share that is no number": ("realtimekit:limiter", "NaN"),
    "a share that is a truth value": ("realtimekit:limiter", "true"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_setting_that_means_nothing_is_a_problem(case: str) -> None:
    """With its path, and without stopping a preview."""
    path, value = WRONG[case]
    key = path.partition(".")[0]
    [problem] = read({key: value}).problems
    assert problem.path == path
    assert problem.reason


def test_a_path_stands_on_one_line_whatever_is_in_it() -> None:
    """A bound's name is what somebody wrote."""
    [problem] = read({"realtimekit:timing": '{"\\n": 1}'}).problems
    assert problem.path == r"realtimekit:timing.\n"


def test_all_problems_are_told_at_once() -> None:
    """And the waits are the default ones meanwhile."""
    settings = read(
        {
            "realtimekit:timing": '{"poll_interval": 0, "x": 1}',
            "realtimekit:trackApi": "x",
            "realtimekit:limiter": "x",
        }
    )
    assert len(settings.problems) == 4
    assert settings.timing == Timing()


def test_settings_never_show_the_token() -> None:
    """Nor do they differ by it silently: another token is another run."""
    one, other = (read({"cloudflare:apiToken": f"CANARY-{n}"}) for n in (1, 2))
    assert CANARY not in repr(one)
    assert one != other
