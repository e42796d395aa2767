"""``realtimekit check``: every mistake of every stack's file, at its line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from realtimekit_provider.cli.exit_codes import ExitCode
from realtimekit_provider.engine.advised_commands import add_stack_option
from realtimekit_provider.engine.secret_inputs import ENCRYPTED_SETTING, PLAINTEXT_REASON
from tests.cli.command_line import run_command, write_project
from tests.example_values import ACCOUNT, APP, CANARY

GOOD = f"""\
config:
  realtimekit:accountId: {ACCOUNT}
  realtimekit:appId: {APP}
  cloudflare:apiToken:
    secure: v1:AAAA:BBBB
  realtimekit:storageSecret:
    secure: v1:CCCC:DDDD
  realtimekit:storage:
    team:
      type: digitalocean
      bucket: acme-team
      region: FRA1
      access_key: {{fromConfig: storageSecret}}
      secret: {{fromConfig: storageSecret}}
      existing: true
  realtimekit:recordings:
    standup:
      meeting_id: {ACCOUNT}
      layers: {{default: {{}}}}
"""


def test_a_good_file_needs_neither_token_nor_passphrase(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is encrypted is taken as given."""
    monkeypatch.setenv("PATH", "")
    ended = run_command(capsys, "check", "--cwd", write_project(tmp_path, prod=GOOD))
    assert (ended.code, ended.output) == (ExitCode.OK, "")
    assert ended.messages == "1 file checked: no mistakes\n"


OTHER_APP = "      app_id: other\n"
REFERENCE = "{fromConfig: storageSecret}"
SPACES = (
    "type: digitalocean, bucket: acme-team, region: fra1, prefix: old, "
    f"access_key: {REFERENCE}, secret: {REFERENCE}"
)
SFTP = (
    "type: sftp, username: recorder, auth_method: PASSWORD, host_key: ssh-ed25519 "
    f"AAAAC3NzaC1lZDI1NTE5AAAAII7c0diquksdYzBZaaIz0E6L69jyrYqbldoBbwn8FGAt, password: {REFERENCE}"
)
FOLDERS = f"""\
    one: {{{SFTP}, host: Files.example.com, port: 22, path: a/./b}}
    two: {{{SFTP}, host: files.example.com., port: 22, path: a/b/}}
"""
WEEKLY_IN_OTHER_APP = f"""\
    weekly:
      meeting_id: {ACCOUNT}
{OTHER_APP}      layers: {{default: {{}}}}
"""

BAD = {
    "a field": (GOOD.replace("bucket:", "bukcet:"), 11, "did you mean bucket?"),
    "a value": (GOOD.replace("FRA1", "fra one"), 12, "realtimekit:storage.team.region"),
    "a credential in clear": (
        GOOD.replace("secret: {fromConfig: storageSecret}", f"secret: {CANARY}"),
        14,
        "is a credential in plain text",
    ),
    "a reference to nothing": (
        GOOD.replace("secret: {fromConfig: storageSecret}", "secret: {fromConfig: other}"),
        14,
        "is taken from realtimekit:other, which is not set",
    ),
    "an encrypted section": (
        "config:\n  realtimekit:recordings: {secure: v1:E:F}\n",
        2,
        "realtimekit:recordings: contains an encrypted value",
    ),
    "an encrypted field": (
        GOOD.replace(f"meeting_id: {ACCOUNT}", "meeting_id: {secure: v1:E:F}"),
        18,
        "realtimekit:recordings.standup.meeting_id: is encrypted inside realtimekit:recordings",
    ),
    "an encrypted recording": (
        GOOD + "    retro: {secure: v1:E:F}\n",
        20,
        "realtimekit:recordings.retro: is encrypted inside realtimekit:recordings",
    ),
    "an encrypted credential in its place": (
        GOOD.replace("secret: {fromConfig: storageSecret}", "secret: {secure: v1:E:F}"),
        14,
        "realtimekit:storage.team.secret: is encrypted inside realtimekit:storage",
    ),
    "a setting": (GOOD.replace("realtimekit:appId", "realtimekit:apId"), 3, "is not a setting"),
    "a path for a key": (
        GOOD + "  realtimekit:timing.poll_interval: 3\n",
        20,
        "realtimekit:timing.poll_interval: is a key of its own, and no part of realtimekit:timing",
    ),
    "a number for an id": (
        GOOD.replace(f"meeting_id: {ACCOUNT}", "meeting_id: 12e4"),
        18,
        "is the number 120000: quote it",
    ),
    "a number that may be a credential": (
        GOOD + "      max_seconds: 123456789012345\n",
        20,
        "max_seconds: must be at most",
    ),
    "an account": (
        GOOD.replace(f"accountId: {ACCOUNT}", "accountId: my-account"),
        2,
        "realtimekit:accountId: is 'my-account', and must be the account's id: 32",
    ),
    "an app": (
        GOOD.replace(f"appId: {APP}", "appId: my.app"),
        3,
        "realtimekit:appId: is 'my.app', and must be the app's id: 1 to 128 letters",
    ),
    "a recording's own account": (
        GOOD.replace("      layers:", "      account_id: my-account\n      layers:"),
        19,
        "realtimekit:recordings.standup.account_id: is 'my-account', and must be the account's id",
    ),
    "a recording's own app": (
        GOOD.replace("      layers:", "      app_id: my.app\n      layers:"),
        19,
        "realtimekit:recordings.standup.app_id: is 'my.app', and must be the app's id",
    ),
    "an API without encryption": (
        GOOD + "  cloudflare:baseUrl: http://example.com\n",
        20,
        "cloudflare:baseUrl: must be https: http to example.com would send",
    ),
    "an API that is no URL": (
        GOOD + "  cloudflare:baseUrl: ftp//x\n",
        20,
        "cloudflare:baseUrl: must be a URL such as https://",
    ),
    "a credential in the API's URL": (
        GOOD + f"  cloudflare:baseUrl: https://{CANARY}@example.com\n",
        20,
        "cloudflare:baseUrl: must not hold credentials",
    ),
    "a token in plaintext": (
        GOOD.replace("apiToken:\n    secure: v1:AAAA:BBBB", f"apiToken: {CANARY}"),
        4,
        f"{ENCRYPTED_SETTING}: {add_stack_option(PLAINTEXT_REASON, 'prod')}",
    ),
    "a section beside config": (
        GOOD.replace("  realtimekit:recordings", "realtimekit:recordings"),
        16,
        "realtimekit:recordings: stands one level too high: indent it below 'config:'",
    ),
    "a section beside an empty config": (
        "realtimekit:recordings: {}\nconfig: {}\n",
        1,
        "stands one level too high",
    ),
    "a misspelled section": (
        "config:\n  a:b: c\n  realtimekit:recording: {}\n",
        3,
        "realtimekit:recording: write realtimekit:recordings:",
    ),
    "a section without its namespace": (
        "config:\n  a:b: c\n  recordings: {}\n",
        3,
        "acme:recordings: write realtimekit:recordings:",
    ),
    "a section without its namespace beside another": (
        GOOD.replace("realtimekit:recordings", "recordings"),
        16,
        "acme:recordings: write realtimekit:recordings: as it stands it is not read",
    ),
    "a section without its namespace beside config": (
        "recordings: {}\nconfig: {}\n",
        1,
        "recordings: stands one level too high: write it below 'config:' as realtimekit:recordings",
    ),
    "a misspelled section beside config": (
        GOOD + "recording:\n  retro: {}\n",
        20,
        "recording: stands one level too high: write it below 'config:' as realtimekit:recordings",
    ),
    "a meeting twice": (
        GOOD + f"    weekly: {{meeting_id: {ACCOUNT.upper()}, layers: {{default: {{}}}}}}\n",
        20,
        "weekly.meeting_id: would be recorded twice, by 'standup' and by 'weekly': a meeting",
    ),
    "a meeting twice, in the order of a deployment": (
        GOOD + f"    retro: {{meeting_id: {ACCOUNT}, layers: {{default: {{}}}}}}\n",
        18,
        "standup.meeting_id: would be recorded twice, by 'retro' and by 'standup'",
    ),
    "a meeting twice in the environment's app": (
        GOOD.replace(f"  realtimekit:appId: {APP}\n", "")
        + f"    weekly: {{meeting_id: {ACCOUNT}, layers: {{default: {{}}}}}}\n",
        19,
        "weekly.meeting_id: would be recorded twice",
    ),
    "a meeting twice in an app of its own": (
        GOOD.replace("      layers:", f"{OTHER_APP}      layers:") + WEEKLY_IN_OTHER_APP,
        22,
        "weekly.meeting_id: would be recorded twice",
    ),
    "a bucket twice": (
        GOOD.replace("existing: true", f"existing: false\n    test: {{{SPACES}}}"),
        16,
        "storage.test.bucket: would be created, and later deleted, by both 'team' and 'test'",
    ),
    "a folder twice": (
        GOOD.replace("    team:", f"{FOLDERS}    team:"),
        10,
        "storage.two.path: would be created, and later deleted, by both 'one' and 'two'",
    ),
    "a layer written as a text": (
        GOOD.replace("default: {}", "default: '{}'"),
        19,
        "is a text that reads like a mapping: write it without quotes",
    ),
    "a key twice": (
        GOOD + "  realtimekit:recordings: {}\n",
        20,
        "the key 'realtimekit:recordings' twice",
    ),
    "a list for the config": ("config: [a]\n", 1, "config: must be a mapping"),
    "a second document": (
        GOOD + "---\n# more\nconfig: {}\n",
        20,
        "a second document begins here, which is not read",
    ),
    "a second document that is no YAML": (GOOD + "...\n---\na: [\n", 21, "a second document"),
    "no section": ("config: {}\n", 1, "declares nothing"),
    "too much": (GOOD + "#" * (2 << 20), 1, "split the stack"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_mistake_is_reported_at_its_line(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, no credential in what is said, and the stack in each command."""
    text, line, reason = BAD[case]
    folder = write_project(tmp_path, good="config:\n  realtimekit:recordings: {}\n", prod=text)
    ended = run_command(capsys, "check", "--cwd", folder)
    assert ended.code == ExitCode.CONFIGURATION
    (message,) = [
        one
        for one in ended.output.splitlines()
        if one.startswith("stacks/Pulumi.prod.") and "note" not in one
    ]
    assert message.startswith(f"stacks/Pulumi.prod.yaml:{line}: ")
    assert reason in message
    commands = re.findall(r"pulumi config [^'<)]*", message)
    assert [one for one in commands if "--stack prod" not in one] == []
    assert CANARY not in ended.output + ended.messages
    assert ended.messages == "2 files checked: 1 mistake in 1 of them\n"


BAD_VARIABLES = {
    "REALTIMEKIT_APP_ID": ("a b", f"  realtimekit:appId: {APP}\n", "must be the app's id"),
    "CLOUDFLARE_ACCOUNT_ID": ("x", f"  realtimekit:accountId: {ACCOUNT}\n", "must be the account"),
    "CLOUDFLARE_BASE_URL": ("http://example.com", "", "must be https"),
}


@pytest.mark.parametrize("variable", BAD_VARIABLES)
def test_a_bad_environment_variable_is_no_mistake_of_a_file(
    variable: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is reported once, by its name, where a stack would take it."""
    value, setting, reason = BAD_VARIABLES[variable]
    monkeypatch.setenv(variable, value)
    text, other = GOOD.replace(setting, ""), "config:\n  realtimekit:recordings: {}\n"
    folder = write_project(tmp_path, a=text, b=other)
    ended = run_command(capsys, "check", "--cwd", folder)
    assert ended.code == ExitCode.CONFIGURATION
    assert ended.output.startswith(f"{variable}: {reason}")
    assert ended.output.count("\n") == 1
    assert ended.messages == "2 files checked: no mistakes, 1 mistake in the environment\n"
    document = run_command(capsys, "check", "--json", "--cwd", folder).document
    assert list(document["environment"]) == [variable]
    if setting:
        assert run_command(capsys, "check", "a", "--cwd", write_project(tmp_path, a=GOOD)).code == 0


def test_a_new_stack_gets_its_first_recording_as_an_example(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first sentence says where to write, and the lines below it what."""
    folder = write_project(tmp_path, dev="encryptionsalt: v1:A=\n")
    sentence, *lines = run_command(capsys, "check", "--cwd", folder).output.splitlines()
    assert sentence.endswith(". Write the first recording into stacks/Pulumi.dev.yaml")
    assert "      realtimekit:recordings:" in lines
    document = run_command(capsys, "check", "--json", "--cwd", folder).document
    [mistake] = document["stacks"][0]["mistakes"]
    assert sentence == f"stacks/Pulumi.dev.yaml:1: {mistake['reason']}"
    assert lines == mistake["advice"]


REGIONS = {
    "aws": ("eu-centrall-1", "xy-northeast-7"),
    "digitalocean": ("fraa1", "RIC1"),
    "gcs": ("europe-west-1", "africa-south12"),
}


@pytest.mark.parametrize("storage_type", REGIONS)
def test_a_region_that_is_not_named_like_one_is_noted(
    storage_type: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is no mistake: only the cloud knows, and one that it adds later is named like the others.

    A ``storage_config`` in a layer is looked at too.
    """
    for region, is_noted in zip(REGIONS[storage_type], (True, False), strict=True):
        storage = f"{{type: {storage_type}, bucket: acme-a, region: {region}}}"
        layers = f"{{default: {{outputs: [{{type: STORAGE_CONFIG, storage_config: {storage}}}]}}}}"
        text = f"config:\n  realtimekit:storage: {{a: {storage}}}\n  realtimekit:layers: {layers}\n"
        folder = write_project(tmp_path, prod=text)
        lines = run_command(capsys, "check", "--cwd", folder).output.splitlines()
        notes = [line for line in lines if "is not named like a region" in line]
        paths = ("storage.a", "layers.default.outputs[0].storage_config") if is_noted else ()
        starts = [f"stacks/Pulumi.prod.yaml: note: realtimekit:{one}.region: " for one in paths]
        assert [line.partition("is not named")[0] for line in notes] == starts


def test_an_encrypted_field_hides_no_other_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each encrypted one is reported at its line, and so is what else is wrong beside it."""
    text = GOOD.replace(f"meeting_id: {ACCOUNT}", "meeting_id: {secure: v1:E:F}")
    text = text.replace("layers: {default: {}}", "layers: {secure: v1:E:F}")
    folder = write_project(tmp_path, prod=f"{text}      max_seconds: 1\n      title: x\n")
    ended = run_command(capsys, "check", "--cwd", folder)
    starts = [line.partition(": ")[0] for line in ended.output.splitlines()]
    assert starts == [f"stacks/Pulumi.prod.yaml:{line}" for line in (18, 19, 20, 21)]


HALVES = {
    "type: aws, bucket: acme-a, region: eu-west-1, access_key: REF": (
        "secret: is required with access_key"
    ),
    "type: aws, bucket: acme-a, region: eu-west-1, secret: REF": (
        "secret: needs access_key beside it"
    ),
    "type: digitalocean, bucket: acme-a, region: fra1, secret: REF": "access_key: is required",
    f"{SFTP}, host: h, path: p, private_key: REF": "private_key is only used with auth_method KEY",
    f"{SFTP.replace('password:', 'private_key:')}, host: h, path: p": (
        "auth_method PASSWORD needs password"
    ),
    f"{SFTP.replace('PASSWORD', 'KEY')}, host: h, path: p": "auth_method KEY needs private_key",
    "type: azure, account: acmea, container: calls, secret: REF": "secret: is not a field",
}


@pytest.mark.parametrize("storage", HALVES)
def test_half_of_an_encrypted_credential_is_a_mistake(
    storage: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is absent shows which half is missing, though nobody can read the other one."""
    written = storage.replace("REF", REFERENCE)
    text = GOOD.replace("    team:", f"    half: {{{written}}}\n    team:")
    ended = run_command(capsys, "check", "--cwd", write_project(tmp_path, prod=text))
    assert ended.code == ExitCode.CONFIGURATION
    (mistake,) = ended.output.splitlines()
    assert mistake.startswith("stacks/Pulumi.prod.yaml:9: realtimekit:storage.half")
    assert HALVES[storage] in mistake


ALLOWED = {
    "an encrypted key and its secret": GOOD.replace(
        "    team:",
        f"    a: {{type: aws, bucket: acme-a, region: eu-west-1, access_key: {REFERENCE}, "
        f"secret: {REFERENCE}}}\n    team:",
    ),
    "a key under a passphrase": GOOD.replace(
        "    team:",
        f"    a: {{{SFTP.replace('PASSWORD', 'KEY')}, private_key: {REFERENCE}, host: h, "
        "path: p}\n    team:",
    ),
    "an encrypted connection string": GOOD.replace(
        "    team:",
        f"    a: {{type: azure, account: acmea, container: calls, access_key: {REFERENCE}}}\n"
        "    team:",
    ),
    "a bucket that one of two owns": GOOD.replace(
        "existing: true", f"existing: true\n    archive: {{{SPACES}}}"
    ),
    "one of two recordings stopped": GOOD
    + f"    retro: {{meeting_id: {ACCOUNT}, desired_state: STOPPED, layers: {{default: {{}}}}}}\n",
    "another app": GOOD + WEEKLY_IN_OTHER_APP,
    "a section's name in the program's namespace": GOOD
    + "  acme:storage: {billing: {bucket: x}}\n",
}


@pytest.mark.parametrize("case", ALLOWED)
def test_a_file_that_a_deployment_accepts_has_no_mistake(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is encrypted may be anything that is allowed."""
    ended = run_command(capsys, "check", "--cwd", write_project(tmp_path, prod=ALLOWED[case]))
    assert (ended.code, ended.output) == (ExitCode.OK, "")


def test_a_key_without_its_namespace_has_its_own_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a project named as the namespace, which the CLI puts before such keys."""
    text = GOOD.replace("realtimekit:recordings", "recordings")
    folder = write_project(tmp_path, "realtimekit", prod=text.replace("standup", "''"))
    ended = run_command(capsys, "check", "--cwd", folder)
    assert ended.output.startswith("stacks/Pulumi.prod.yaml:16: realtimekit:recordings: ")
    assert ended.messages == "1 file checked: 1 mistake\n"


MISPLACED = {
    "stacks/Pulumi.two.yml": "rename",
    "stacks/pulumi.two.yaml": "rename",
    "stacks/two.yaml": "rename",
    "Pulumi.two.yaml": "move",
}


@pytest.mark.parametrize("path", MISPLACED)
def test_a_file_that_nearly_is_a_stacks_is_noted(
    path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Pulumi ignores it; other files of the folders are left alone."""
    folder = write_project(tmp_path, prod=GOOD)
    (folder / "stacks" / "values.yaml").write_text("team: acme\n", encoding="utf-8")
    (folder / path).write_text(GOOD, encoding="utf-8")
    advice = f"is not read: {MISPLACED[path]} it to stacks/Pulumi.two.yaml"
    ended = run_command(capsys, "check", "--cwd", folder)
    assert (ended.code, ended.output) == (ExitCode.OK, f"{path}: note: {advice}\n")
    document = run_command(capsys, "check", "--json", "--cwd", folder).document
    assert document["not_read"] == {path: advice}


def test_a_file_of_a_stack_that_has_one_is_not_to_be_renamed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would overwrite that one."""
    folder = write_project(tmp_path, prod=GOOD)
    (folder / "stacks" / "Pulumi.prod.yml").write_text(GOOD, encoding="utf-8")
    ended = run_command(capsys, "check", "--cwd", folder)
    assert "is not read, but stacks/Pulumi.prod.yaml is: move" in ended.output


def test_a_project_without_stacks_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And which file may have been meant."""
    folder = write_project(tmp_path)
    (folder / "stacks" / "Pulumi.two.yml").write_text(GOOD, encoding="utf-8")
    ended = run_command(capsys, "check", "--cwd", folder)
    assert ended.code == ExitCode.NO_STACK
    assert "Pulumi.NAME.yaml" in ended.messages
    assert "pulumi stack init NAME" in ended.messages
    assert "stacks/Pulumi.two.yml is not read: rename it" in ended.messages


def test_programs_get_one_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With each mistake's path, reason, line and advice."""
    folder = write_project(tmp_path, prod=BAD["a field"][0])
    ended = run_command(capsys, "check", "prod", "--json", "--cwd", folder)
    assert ended.code == ExitCode.CONFIGURATION
    assert ended.document["schema_version"] == 1
    (stack,) = ended.document["stacks"]
    (mistake,) = stack.pop("mistakes")
    assert stack == {"stack": "prod", "file": "stacks/Pulumi.prod.yaml", "notes": []}
    assert mistake.pop("reason").startswith("is not a field")
    assert mistake == {"path": "realtimekit:storage.team.bukcet", "line": 11, "advice": []}


def test_a_meeting_of_two_stacks_is_a_mistake_of_both(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No preview sees it: each stack has its own, and both may start at the same moment."""
    ended = run_command(capsys, "check", "--cwd", write_project(tmp_path, a=GOOD, b=GOOD))
    assert ended.code == ExitCode.CONFIGURATION
    text = "18: realtimekit:recordings.standup.meeting_id: would be recorded twice, by 'standup'"
    assert f"Pulumi.a.yaml:{text} of stack b and by 'standup' of stack a: a meeting" in ended.output
    assert f"Pulumi.b.yaml:{text} of stack a and by 'standup' of stack b: a meeting" in ended.output


ELSEWHERE = {
    "another app": GOOD.replace(APP, "other"),
    "another API": GOOD + "  cloudflare:baseUrl: http://127.0.0.1:1\n",
    "stopped": GOOD + "      desired_state: STOPPED\n",
    "an encrypted app": GOOD.replace(f"appId: {APP}", "appId: {secure: v1:E:F}"),
}


@pytest.mark.parametrize("case", ELSEWHERE)
def test_a_meeting_that_one_of_two_stacks_records_is_none(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nor is one of an app that is not known here."""
    folder = write_project(tmp_path, a=GOOD, b=ELSEWHERE[case])
    ended = run_command(capsys, "check", "--cwd", folder)
    assert (ended.code, ended.output) == (ExitCode.OK, "")


def test_a_meeting_of_two_stacks_without_an_app_is_noted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each may get its own from its pipeline's environment; with one for both it is a mistake."""
    text = GOOD.replace(f"  realtimekit:appId: {APP}\n", "")
    folder = write_project(tmp_path, a=text, b=text)
    monkeypatch.delenv("REALTIMEKIT_APP_ID", raising=False)
    ended = run_command(capsys, "check", "--cwd", folder)
    assert ended.code == ExitCode.OK
    assert "note: realtimekit:recordings.standup.meeting_id: would be recorded" in ended.output
    assert "if both stacks are of one account and app" in ended.output
    monkeypatch.setenv("REALTIMEKIT_APP_ID", APP)
    assert run_command(capsys, "check", "--cwd", folder).code == ExitCode.CONFIGURATION


@pytest.mark.parametrize("setting", ["accountId", "appId"])
def test_a_meeting_id_of_two_apps_is_two_meetings(
    setting: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whether the stack or the recording names the app or the account."""
    field = {"accountId": "account_id", "appId": "app_id"}[setting]
    other = "0123456789abcdef" * 2
    for number, text in enumerate(
        (
            re.sub(f"{setting}: .*", f"{setting}: '{other}'", GOOD),
            GOOD.replace("      layers:", f"      {field}: '{other}'\n      layers:"),
        )
    ):
        folder = write_project(tmp_path / str(number), a=GOOD, b=text)
        ended = run_command(capsys, "check", "--cwd", folder)
        assert (ended.code, ended.output) == (ExitCode.OK, "")


def test_an_annotation_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text of several lines would end it, and the next line could be a command.

    Outside of a job there is none.
    """
    folder = write_project(tmp_path, prod="config: {}\n")
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    assert "::error" not in run_command(capsys, "check", "--cwd", folder).output
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    ended = run_command(capsys, "check", "--cwd", folder)
    (annotation,) = [one for one in ended.output.splitlines() if one.startswith("::")]
    assert annotation.startswith("::error file=stacks/Pulumi.prod.yaml,line=1::")
    assert "%0A" in annotation


def test_an_annotation_names_the_file_as_the_repository_has_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """GitHub finds no other one; a person reads where it is in the project."""
    (tmp_path / ".git").mkdir()
    folder = write_project(tmp_path / "infra", prod="config: {}\n")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    line, *_, annotation = run_command(capsys, "check", "--cwd", folder).output.splitlines()
    assert line.startswith("stacks/Pulumi.prod.yaml:1: ")
    assert annotation.startswith("::error file=infra/stacks/Pulumi.prod.yaml,line=1::")


@pytest.mark.parametrize("name", ["$(curl x)", "a b", "x" * 101])
def test_a_name_that_no_stack_can_have_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Pulumi's own pattern, before any shell or matrix sees it."""
    folder = write_project(tmp_path, **{name: GOOD})
    assert run_command(capsys, "check", "--cwd", folder).code == ExitCode.CONFIGURATION
    assert run_command(capsys, "ci", "stacks", "--cwd", folder).code == ExitCode.CONFIGURATION


def test_a_stack_without_a_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With those that have one."""
    ended = run_command(capsys, "check", "pord", "--cwd", write_project(tmp_path, prod=GOOD))
    assert ended.code == ExitCode.NO_STACK
    assert "(there: prod)" in ended.messages


def test_a_folder_that_is_not_there_is_no_folder_of_the_project(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped one would otherwise be that of the project above it."""
    ended = run_command(capsys, "check", "--cwd", write_project(tmp_path, a=GOOD) / "typo")
    assert ended.code == ExitCode.CONFIGURATION
    assert "there is no folder" in ended.messages


def test_a_file_whose_name_is_no_text_is_reported(tmp_path: Path) -> None:
    """Also where the output must be UTF-8."""
    folder = write_project(tmp_path, a=GOOD)
    (folder / "stacks" / "Pulumi.\udcff.yaml").write_text(GOOD)
    done = subprocess.run(
        [sys.executable, "-c", "from realtimekit_provider.cli.entry import run; run()", "check"],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "utf-8:strict"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == ExitCode.CONFIGURATION
    assert "is not the name of a stack" in done.stdout


def test_a_stack_is_checked_by_each_form_of_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Once, and none of another project."""
    folder = write_project(tmp_path, prod=GOOD, dev=GOOD)
    names = ("prod", "acme-corp/prod", "acme-corp/acme/prod")
    ended = run_command(capsys, "check", *names, "--json", "--cwd", folder)
    assert [one["stack"] for one in ended.document["stacks"]] == ["prod"]
    ended = run_command(capsys, "check", "acme-corp/other/prod", "--cwd", folder)
    assert ended.code == ExitCode.NO_STACK
