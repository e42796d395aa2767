"""``realtimekit doctor`` names what is wrong by its id, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

import pytest

from realtimekit_provider.cli import doctor
from realtimekit_provider.cli.checks import storage
from realtimekit_provider.cli.checks.evidence.projects import ExaminedProject
from realtimekit_provider.cli.exit_codes import CommandError, ExitCode
from realtimekit_provider.schema.urn import build_urn
from tests.cli.command_line import Ended
from tests.cli.doctor.setup import PROOF, STACK, DoctorSetup
from tests.cli.pulumi_cloud import describe_stacks
from tests.example_values import CANARY, MEETING

FILE_CONFIG = f"config --show-secrets --json --stack {STACK}"
EXPORT = f"stack export --stack {STACK}"
DECRYPTED = f"stack export --show-secrets --stack {STACK}"
HISTORY = f"stack history --json --page-size 1 --page 1 --stack {STACK}"
NOBODY = "f" * 32
DEAD = 2**22 - 3
"""No process of this machine."""

COMMAND_OF_STACK = re.compile(r"pulumi (?:cancel|config|destroy|preview|refresh|stack|up)\b[^']*")
"""A command that people are told to run, as it stands between quotes."""

READS = {"version", "whoami --json", "stack ls --json", FILE_CONFIG, EXPORT, DECRYPTED}


def after(hours: float) -> str:
    """Return a time some hours from now, as the API and the CLI write it."""
    return (datetime.now(timezone.utc) + timedelta(hours=hours)).isoformat().replace("+00:00", "Z")


LAST = f'[{{"kind": "%s", "result": "%s", "endTime": "{after(-3)}"}}]'
"""The newest entry of a stack's history."""


def set_token(setup: DoctorSetup, state: str, **details: Any) -> None:
    """Change what the API knows of the token."""
    setup.emulator.control.set_token(setup.emulator.token, state, **details)


def change_file(setup: DoctorSetup, before: str, now: str) -> None:
    """Change the stack's file."""
    assert before in setup.file
    setup.file = setup.file.replace(before, now)


def fail_cli(setup: DoctorSetup, arguments: str, code: int, message: str) -> None:
    """Let a command of the CLI fail."""
    setup.answers[arguments] = (code, "", f"error: {message}\n")


def interrupt_creation(setup: DoctorSetup, name: str) -> None:
    """Let the state have a start that is not known to have ended."""
    urn = build_urn(STACK, "acme", "TrackRecording", name)
    setup.pending_operations.append({"resource": {"urn": urn}, "type": "creating"})


def deploy_now(setup: DoctorSetup) -> None:
    """Let a deployment run, which has begun to start a recording."""
    setup.write_lock(timestamp=after(0))
    record_meeting_twice(setup)
    declare(setup, standup={}, retro={"meeting_id": "another-meeting"})
    interrupt_creation(setup, "retro")


def interrupt_creation_in_bucket(setup: DoctorSetup) -> None:
    """Let the state have an unfinished start, and the backend not tell whether it still runs."""
    setup.backend_url = "s3://acme-state?region=x"
    interrupt_creation(setup, "retro")


def declare_empty_room(setup: DoctorSetup) -> None:
    """Declare a recording of a meeting that nobody is in, so that no deployment has started it."""
    meeting = setup.emulator.control.create_meeting(participants=0)
    declare(setup, standup={}, retro={"meeting_id": meeting.id})


def damage_state(setup: DoctorSetup) -> None:
    """Let the stack's state be cut off."""
    for arguments in ("stack ls --json", EXPORT):
        fail_cli(setup, arguments, 255, "unexpected end of JSON input")


def answer_cli(setup: DoctorSetup, arguments: str, output: str) -> None:
    """Let a command of the CLI print something else."""
    setup.answers[arguments] = (0, output, "")


def remove_plugin(setup: DoctorSetup) -> None:
    """Take the language plugin away."""
    (setup.folder / "bin" / "pulumi-language-python").unlink()


def share_meeting(setup: DoctorSetup) -> None:
    """Add another stack that records the same meeting."""
    (setup.folder / "stacks").mkdir()
    (setup.folder / "stacks" / "Pulumi.test.yaml").write_text(setup.file)
    setup.options += ["--stack", STACK]


def use_account_of_nobody(setup: DoctorSetup) -> None:
    """Set another account's id."""
    setup.config["realtimekit:accountId"] = NOBODY


def use_accounts_token_elsewhere(setup: DoctorSetup) -> None:
    """Use a token of one account for another one."""
    set_token(setup, "allowed", owner="account")
    use_account_of_nobody(setup)


def enter_unrecorded_meeting(setup: DoctorSetup) -> None:
    """Let somebody enter a meeting that nobody was in when it was deployed."""
    setup.add_unstarted_recording("retro", participants=1)


def enter_meeting_of_ended_recording(setup: DoctorSetup) -> None:
    """Let somebody be in the meeting of a recording that has ended by itself."""
    meeting = setup.emulator.control.create_meeting(participants=1)
    setup.add_recording("retro", "UPLOADED", meeting_id=meeting.id, stopped_time=after(-999))


def declare(setup: DoctorSetup, **recordings: Mapping[str, Any]) -> None:
    """Declare recordings in the decrypted config."""
    declared = {
        name: {"meeting_id": MEETING, "layers": {"default": {}}, **given}
        for name, given in recordings.items()
    }
    setup.config["realtimekit:recordings"] = json.dumps(declared)


def pause_recording(setup: DoctorSetup, desired_state: str = "RECORDING") -> None:
    """Pause a recording of the state at the API."""
    recording_id = setup.add_live_recording("retro")
    meeting_id = setup.emulator.control.force(recording_id, "PAUSED").meeting_id
    declare(setup, standup={}, retro={"meeting_id": meeting_id, "desired_state": desired_state})


def stop_recording(setup: DoctorSetup) -> None:
    """Stop a recording of the state at the API, and let everybody leave."""
    control, recording_id = setup.emulator.control, setup.add_live_recording("retro")
    control.end_session(control.force(recording_id, "UPLOADED").meeting_id)


def record_meeting_twice(setup: DoctorSetup) -> None:
    """Let somebody start another recording of a meeting that the stack records."""
    control, recording_id = setup.emulator.control, setup.add_live_recording("retro")
    control.set(second_start="accept")
    control.start_recording(control.recording(recording_id).meeting_id)


def forbid_reading(setup: DoctorSetup, state: str = "forbidden", **details: Any) -> None:
    """Take the permission from the token, where recordings would be read."""
    setup.add_live_recording("retro")
    setup.add_live_recording("weekly")
    set_token(setup, state, **details)


def deny_passphrase_of_nothing(setup: DoctorSetup) -> None:
    """Set a wrong passphrase where nothing is encrypted with the right one."""
    setup.encrypt_nothing()
    fail_cli(setup, PROOF, 1, "incorrect passphrase")


def misplace_file(setup: DoctorSetup) -> None:
    """Put the stack's file beside the folder that it belongs in."""
    (setup.folder / f"Pulumi.{STACK}.yaml").write_text(setup.file)
    setup.file = ""


def break_yaml(setup: DoctorSetup) -> None:
    """Let neither this package nor the CLI read the stack's file."""
    change_file(setup, "config:", "config: [")
    fail_cli(setup, FILE_CONFIG, 1, "invalid YAML file: yaml: line 2: did not find expected ','")


def add_example(setup: DoctorSetup) -> None:
    """Add a stack's file that is not valid, and was never deployed."""
    (setup.folder / "stacks").mkdir()
    (setup.folder / "stacks" / "Pulumi.example.yaml").write_text("config: {realtimekit:x: 1}\n")


def lose_file(setup: DoctorSetup) -> None:
    """Let a recording that the state takes for live end without its files."""
    control, recording_id = setup.emulator.control, setup.add_live_recording("retro")
    control.end_session(control.recording(recording_id).meeting_id)
    control.force(recording_id, "ERRORED")


def end_days_ago(setup: DoctorSetup) -> None:
    """Let a recording that the state takes for live have ended days ago."""
    control, recording_id = setup.emulator.control, setup.add_live_recording("retro")
    control.end_session(control.recording(recording_id).meeting_id)
    control.force(recording_id, "UPLOADED")
    later = datetime.now(timezone.utc) + timedelta(days=6)
    late_project = partial(ExaminedProject, get_time=lambda: later)
    setup.monkeypatch.setattr(doctor, "ExaminedProject", late_project)


def lose_file_of_own_storage(setup: DoctorSetup) -> None:
    """Let a recording end without its files that go to storage of one's own."""
    storage = {"type": "aws", "bucket": "acme", "region": "eu-west-1"}
    output = {"type": "STORAGE_CONFIG", "storage_config": storage}
    setup.add_recording("retro", "ERRORED", layers={"default": {"outputs": {"0": output}}})


def declare_unreachable_storage(setup: DoctorSetup) -> None:
    """Add a gate whose server refuses connections."""
    setup.options += ["--write"]
    setup.resources.append(
        {
            "urn": "urn:pulumi:prod::acme::x$y::archive-gate",
            "type": "pulumi-python:dynamic/realtimekit:StorageGate",
            "outputs": {
                "type": "sftp",
                "host": "127.0.0.1",
                "port": 1,
                "username": "recorder",
                "path": "tracks",
                "auth_method": "PASSWORD",
                "password": {
                    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
                    "plaintext": f'"{CANARY}-password"',
                },
                "host_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILSCr5YVHSb8fV1ER8aX"
                "+s2uRi+5/AEWV9KJuxMr181g",
            },
        }
    )


BROKEN: Mapping[str, tuple[Callable[[DoctorSetup], object], Mapping[str, str]]] = {
    "no CLI on PATH": (
        lambda one: one.answers.update(version=CommandError("the Pulumi CLI is not on PATH")),
        {"pulumi-cli": "fail"},
    ),
    "a CLI of another major version": (
        lambda one: answer_cli(one, "version", "v2.9.0\n"),
        {"pulumi-cli": "fail"},
    ),
    "another program of that name": (
        lambda one: answer_cli(one, "version", "hello\n"),
        {"pulumi-cli": "warn"},
    ),
    "no language plugin": (remove_plugin, {"language-plugin": "fail"}),
    "a misspelled field": (
        lambda one: change_file(one, "bucket:", "bukcet:"),
        {"stack-files": "fail"},
    ),
    "a meeting of two stacks": (share_meeting, {"stack-files": "warn"}),
    "a stack's file in another folder": (misplace_file, {"stack-files": "warn"}),
    "no stack's file": (lambda one: setattr(one, "file", ""), {"stack-files": "warn"}),
    "a stack's file that is no YAML": (
        break_yaml,
        {"stack-files": "fail"},
    ),
    "a backend out of reach": (
        lambda one: fail_cli(
            one, "whoami --json", 1, "unable to open bucket file:///x: no such file or directory"
        ),
        {"backend": "fail"},
    ),
    "nobody logged in": (
        lambda one: fail_cli(one, "whoami --json", 3, "PULUMI_ACCESS_TOKEN must be set for login"),
        {"backend": "fail"},
    ),
    "no such stack": (lambda one: answer_cli(one, "stack ls --json", "[]"), {"stack": "fail"}),
    "a CLI that prints something else": (
        lambda one: answer_cli(one, "whoami --json", "warning: hello\n"),
        {"backend": "fail"},
    ),
    "a damaged state": (
        lambda one: fail_cli(one, EXPORT, 1, "could not deserialize deployment"),
        {"stack": "fail"},
    ),
    "a damaged state of another stack": (
        lambda one: fail_cli(one, "stack ls --json", 255, "place 1: unexpected end of JSON input"),
        {"stack": "fail"},
    ),
    "a damaged state, for which no stack is listed": (
        damage_state,
        {"stack": "fail"},
    ),
    "a deployment that runs": (deploy_now, {"lock": "warn"}),
    "a lock whose process is gone": (
        lambda one: one.write_lock(pid=DEAD, timestamp=after(0)),
        {"lock": "fail"},
    ),
    "an old lock of another machine": (
        lambda one: one.write_lock(hostname="runner-7", timestamp=after(-3)),
        {"lock": "fail"},
    ),
    "an interrupted deployment": (
        lambda one: interrupt_creation(one, "retro"),
        {"pending-operations": "warn"},
    ),
    "an interrupted deployment, whose start was found since": (
        lambda one: interrupt_creation(one, "standup"),
        {"pending-operations": "warn"},
    ),
    "an interrupted deployment, or one that runs": (
        interrupt_creation_in_bucket,
        {"pending-operations": "warn"},
    ),
    "a wrong passphrase": (
        lambda one: fail_cli(one, FILE_CONFIG, 1, "incorrect passphrase"),
        {"secrets": "fail"},
    ),
    "a wrong passphrase where nothing is encrypted": (
        deny_passphrase_of_nothing,
        {"secrets": "fail"},
    ),
    "a state under another passphrase": (
        lambda one: fail_cli(one, DECRYPTED, 1, "failed to decrypt: incorrect passphrase"),
        {"secrets": "fail"},
    ),
    "a secret with a line break in it": (
        lambda one: setattr(one, "secret", f"{CANARY}\nspaces"),
        {"config": "fail"},
    ),
    "a bundle of certificates that is not there": (
        lambda one: one.set_environment(
            CLOUDFLARE_BASE_URL="https://localhost.invalid/v4", REQUESTS_CA_BUNDLE="/nowhere"
        ),
        {"network": "fail"},
    ),
    "a base URL without encryption": (
        lambda one: one.set_environment(CLOUDFLARE_BASE_URL="http://api.example.com"),
        {"config": "fail"},
    ),
    "an API that refuses connections": (
        lambda one: one.set_environment(CLOUDFLARE_BASE_URL="http://127.0.0.1:1/client/v4"),
        {"api": "fail"},
    ),
    "another version of the API": (
        lambda one: one.set_environment(
            CLOUDFLARE_BASE_URL=one.emulator.base_url.replace("v4", "v5")
        ),
        {"api": "fail"},
    ),
    "a place that redirects": (
        lambda one: one.emulator.control.add_fault("status", status=302),
        {"api": "fail"},
    ),
    "a place that has other pages": (
        lambda one: one.emulator.control.add_fault("status", status=404, body="html"),
        {"api": "fail"},
    ),
    "a page in the place of the API's answers": (
        lambda one: one.emulator.control.add_fault("html_body"),
        {"api": "fail"},
    ),
    "a list that fails": (
        lambda one: one.emulator.control.add_fault("status", status=500, route="list_recordings"),
        {"read-right": "fail"},
    ),
    "an API that fails": (
        lambda one: one.emulator.control.add_fault("status", status=500),
        {"api": "fail"},
    ),
    "a limit that is used up": (
        lambda one: one.emulator.control.set(kit_budget=1, enforce_limits=False),
        {"rate-limit": "fail"},
    ),
    "a limit that is reached where recordings are listed": (
        lambda one: one.emulator.control.add_fault("status", status=429, route="list_recordings"),
        {"rate-limit": "fail"},
    ),
    "a limit that is reached": (
        lambda one: one.emulator.control.set(api_budget=1, enforce_limits=True),
        {"rate-limit": "fail"},
    ),
    "a clock that is two minutes slow": (
        lambda one: one.emulator.control.set(clock_skew_seconds=120),
        {"clock": "warn"},
    ),
    "a clock that is a day fast": (
        lambda one: one.emulator.control.set(clock_skew_seconds=-86_400),
        {"clock": "fail"},
    ),
    "no token": (
        lambda one: one.set_environment(CLOUDFLARE_API_TOKEN=""),
        {"token": "fail"},
    ),
    "a token in quotes": (
        lambda one: one.set_environment(CLOUDFLARE_API_TOKEN=f'"{CANARY}"'),
        {"token": "fail"},
    ),
    "a token with a line break in it": (
        lambda one: one.set_environment(CLOUDFLARE_API_TOKEN=f"{CANARY}\ntoken"),
        {"token": "fail"},
    ),
    "a deleted token": (lambda one: set_token(one, "revoked"), {"token": "fail"}),
    "a disabled token": (lambda one: set_token(one, "disabled"), {"token": "fail"}),
    "a deleted token, where recordings would be read": (
        lambda one: forbid_reading(one, "revoked"),
        {"token": "fail"},
    ),
    "a token with a blank behind it": (
        lambda one: one.set_environment(CLOUDFLARE_API_TOKEN=f"{one.emulator.token} "),
        {"token": "fail"},
    ),
    "an expired token": (
        lambda one: set_token(one, "allowed", expires_in=-60),
        {"token": "fail"},
    ),
    "a token that expires in three days": (
        lambda one: set_token(one, "allowed", owner="account", expires_in=3 * 86_400),
        {"token-expiry": "warn"},
    ),
    "no account": (
        lambda one: one.config.update({"realtimekit:accountId": None}),
        {"account": "fail"},
    ),
    "another account, by a user's token": (use_account_of_nobody, {"account": "fail"}),
    "another account, by an account's token": (use_accounts_token_elsewhere, {"account": "fail"}),
    "a user's token without the permission": (
        lambda one: set_token(one, "forbidden"),
        {"account": "fail"},
    ),
    "an account's token without the permission": (
        lambda one: set_token(one, "forbidden", owner="account"),
        {"read-right": "fail"},
    ),
    "another app": (
        lambda one: one.config.update({"realtimekit:appId": MEETING}),
        {"app": "fail"},
    ),
    "no SDK of the storage": (
        lambda one: one.monkeypatch.setattr(storage, "find_missing_extra", lambda _type: "aws"),
        {"storage-sdks": "fail"},
    ),
    "storage that cannot be written to": (
        declare_unreachable_storage,
        {"storage-write": "fail"},
    ),
    "files that vanish tomorrow": (
        lambda one: one.add_recording("retro", "UPLOADED", stopped_time=after(24 - 7 * 24)),
        {"expiring-files": "warn"},
    ),
    "files that vanish tomorrow, of a recording that the state has as live": (
        end_days_ago,
        {"expiring-files": "warn"},
    ),
    "somebody in a meeting that nothing records": (
        enter_unrecorded_meeting,
        {"unrecorded": "warn"},
    ),
    "a recording that was never deployed": (
        lambda one: declare(one, standup={}, retro={"meeting_id": "another-meeting"}),
        {"undeployed": "warn"},
    ),
    "a recording that was not deployed, of an empty room": (
        declare_empty_room,
        {"undeployed": "warn"},
    ),
    "another meeting than the deployed one": (
        lambda one: declare(one, standup={"meeting_id": "another-meeting"}),
        {"undeployed": "warn"},
    ),
    "a recording that somebody has paused": (pause_recording, {"desired-state": "warn"}),
    "a recording that somebody has stopped": (stop_recording, {"desired-state": "warn"}),
    "somebody in the meeting of an ended recording": (
        enter_meeting_of_ended_recording,
        {"unrecorded": "warn"},
    ),
    "recordings that a user's token may not read": (forbid_reading, {"account": "fail"}),
    "recordings that an account's token may not read": (
        lambda one: forbid_reading(one, owner="account"),
        {"read-right": "fail"},
    ),
    "a meeting that is recorded twice": (record_meeting_twice, {"live-recordings": "warn"}),
    "a file that was lost": (lose_file, {"lost-files": "fail"}),
    "a file that was lost on its way to storage of one's own": (
        lose_file_of_own_storage,
        {"lost-files": "fail"},
    ),
    "a recording that the API has forgotten": (
        lambda one: one.add_recording("retro", "RECORDING"),
        {"lost-files": "warn"},
    ),
}


def list_outcomes(ended: Ended) -> dict[str, str]:
    """Return each check that is not well, with its outcome."""
    return {
        one["id"]: one["outcome"]
        for one in ended.document["checks"]
        if one["outcome"] in {"warn", "fail"}
    }


def list_commands_without_stack(ended: Ended) -> list[str]:
    """Return each command of the Pulumi CLI that would be about whichever stack is selected."""
    named = (f"--stack {STACK}", f"stack init {STACK}")
    fixes = (one["fix"] for one in ended.document["checks"])
    commands = (found for fix in fixes for found in COMMAND_OF_STACK.findall(fix))
    return [one for one in commands if not one.endswith(named)]


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_project_fails_one_check_alone(
    case: str, setup: DoctorSetup, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what to do; nothing is written at the API, and no credential is shown."""
    break_it, expected = BROKEN[case]
    break_it(setup)
    ended = setup.run(capsys, "--json")
    assert list_outcomes(ended) == expected, ended.output
    assert ended.code == (ExitCode.RESOURCE if "fail" in expected.values() else ExitCode.OK)
    assert all(one["fix"] for one in ended.document["checks"] if one["id"] in expected)
    assert list_commands_without_stack(ended) == []
    assert "eploy again" not in ended.output
    assert CANARY not in ended.output + ended.messages
    assert {one.method for one in setup.emulator.control.requests()} <= {"GET"}
    assert set(setup.cli.calls) <= {*READS, PROOF}


def test_a_lost_file_of_own_storage_leads_to_its_credential(
    setup: DoctorSetup, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cloudflare's support is asked after that."""
    lose_file_of_own_storage(setup)
    checks = {one["id"]: one for one in setup.run(capsys, "--json").document["checks"]}
    assert checks["lost-files"]["fix"].startswith("run doctor with --write")


def test_a_recording_that_somebody_has_stopped_is_brought_back(
    setup: DoctorSetup, capsys: pytest.CaptureFixture[str]
) -> None:
    """By on_ended, and by a deployment that sees it."""
    stop_recording(setup)
    checks = {one["id"]: one for one in setup.run(capsys, "--json").document["checks"]}
    assert checks["desired-state"]["evidence"] == (
        "retro: it was stopped outside of this stack, and is declared RECORDING"
    )
    assert checks["desired-state"]["fix"].startswith(
        "set on_ended: restart for one that was stopped, then run 'pulumi up --refresh"
    )


@pytest.mark.parametrize(
    ("declared", "evidence", "fix"),
    [
        (("{room}", 0), "retro: it is in no state, and nobody is in meeting {room}", "somebody is"),
        (("{room}", 1), "retro: it is in no state, and somebody is in meeting {room}", "read why"),
        (("{room}x", 1), "has no meeting {room}x (is it {room}?)", "correct meeting_id or app_id"),
        (("elsewhere", 1), "has no meeting elsewhere", "correct meeting_id or app_id, then run"),
    ],
)
def test_the_api_tells_why_a_recording_is_not_deployed(
    declared: tuple[str, int],
    evidence: str,
    fix: str,
    setup: DoctorSetup,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And what to do about that; of a meeting with so many participants."""
    room = setup.emulator.control.create_meeting(participants=declared[1]).id
    setup.resources.clear()
    setup.add_live_recording("standup")
    declare(setup, retro={"meeting_id": declared[0].format(room=room)})
    checks = {one["id"]: one for one in setup.run(capsys, "--json").document["checks"]}
    assert checks["undeployed"]["evidence"].endswith(evidence.format(room=room))
    assert fix in checks["undeployed"]["fix"]
    assert checks["unrecorded"]["evidence"].startswith("no deployed recording waits")


@pytest.mark.parametrize(
    ("history", "evidence"),
    [
        ((0, "[]", ""), "it was never deployed"),
        ((0, LAST % ("destroy", "succeeded"), ""), "it has no resources: it was destroyed 3 h ago"),
        ((0, LAST % ("update", "failed"), ""), "after the last operation 3 h ago (update, failed)"),
        ((1, "", "error: no"), "it has no resources: it was never deployed, or is destroyed"),
    ],
)
def test_a_stack_without_resources_is_compared_all_the_same(
    history: tuple[int, str, str],
    evidence: str,
    setup: DoctorSetup,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It says why it is empty and what is declared; what there is nothing of is not well."""
    answer_cli(setup, EXPORT, '{"version": 3, "deployment": {}}')
    setup.answers[HISTORY] = history
    ended = setup.run(capsys, "--json")
    checks = {one["id"]: one for one in ended.document["checks"]}
    assert list_outcomes(ended) == {"stack": "warn", "undeployed": "warn"}
    assert checks["stack"]["evidence"].endswith(evidence)
    assert checks["undeployed"]["evidence"].startswith("standup: ")
    of_recordings = ("desired-state", "unrecorded", "expiring-files", "lost-files")
    assert {checks[one]["outcome"] for one in of_recordings} == {"skipped"}
    assert checks["desired-state"]["evidence"] == "no recording is deployed"
    assert list_commands_without_stack(ended) == []


def use_pulumi_cloud(setup: DoctorSetup) -> None:
    """Keep the state in Pulumi Cloud, where stacks belong to organizations."""
    setup.backend_url = "https://app.pulumi.com/ada"
    setup.options += ["--stack", STACK]
    stacks = describe_stacks("acme-corp", f"ada/acme/{STACK}", f"acme-corp/acme/{STACK}")
    stacks[0]["updateInProgress"] = True
    answer_cli(setup, "stack ls --json", json.dumps(stacks))


GOOD: Mapping[str, Callable[[DoctorSetup], object]] = {
    "as it is": lambda _one: None,
    "a live recording": lambda one: one.add_live_recording("retro"),
    "an account's token, which expires in a year": lambda one: set_token(
        one, "allowed", owner="account", expires_in=365 * 86_400
    ),
    "a state in a bucket": lambda one: setattr(one, "backend_url", "s3://acme-state?region=x"),
    "a state in Pulumi Cloud": use_pulumi_cloud,
    "an API that does not tell its limits": lambda one: one.emulator.control.set(
        rate_limit_headers=False
    ),
    "a clock that is half a minute fast": lambda one: one.emulator.control.set(
        clock_skew_seconds=-30
    ),
    "files in storage of one's own": lambda one: one.add_recording(
        "retro",
        "UPLOADED",
        stopped_time=after(24 - 7 * 24),
        layers={"default": {"outputs": {"0": {"type": "STORAGE_CONFIG", "storage_config": {}}}}},
    ),
    "nobody is there": lambda one: one.add_unstarted_recording("retro", participants=0),
    "a recording that is paused, as declared": lambda one: pause_recording(one, "PAUSED"),
    "a recording that was deployed under an earlier name": lambda one: declare(
        one, daily={"aliases": ["standup"]}
    ),
    "another stack's file": add_example,
    "an app of the recording's own": lambda one: one.config.update(
        {
            "realtimekit:appId": None,
            "realtimekit:recordings": json.dumps(
                {
                    "standup": {
                        "meeting_id": MEETING,
                        "app_id": one.emulator.app_id,
                        "layers": {"default": {}},
                    }
                }
            ),
        }
    ),
}


@pytest.mark.parametrize("case", GOOD)
def test_a_good_project_has_neither_failure_nor_warning(
    case: str, setup: DoctorSetup, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last line says so, and each answer is asked for once."""
    GOOD[case](setup)
    ended = setup.run(capsys, "--strict")
    assert ended.code == ExitCode.OK, ended.output
    assert ended.output.splitlines()[-1].startswith("nothing is wrong: ")
    assert sorted(setup.cli.calls) == sorted(READS)
    assert len(setup.emulator.control.requests()) <= 5
