"""``realtimekit doctor``: what it prints, its options and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from realtimekit_provider.cli.checks.catalog import CHECK_IDS
from realtimekit_provider.cli.exit_codes import ExitCode
from tests.cli.command_line import run_command, write_project
from tests.cli.doctor.setup import STACK, DoctorSetup
from tests.example_values import CANARY, MEETING
from tools.test_servers.sftp_server import sftp_server

PAGE = Path(__file__).parents[3] / "docs" / "command-line.md"
STACKS = [{"name": "prod", "current": False}, {"name": "test", "current": False}]


@pytest.mark.parametrize("width", [80, 120])
def test_people_get_a_table_that_fits_the_terminal(
    width: int, setup: DoctorSetup, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without escape codes where there is no terminal; what to do follows what is wrong."""
    setup.set_environment(COLUMNS=str(width))
    setup.emulator.control.set_token(setup.emulator.token, "disabled")
    lines = setup.run(capsys).output.splitlines()
    assert max(map(len, lines)) <= width
    assert "\x1b" not in "".join(lines)
    assert lines == [line.rstrip() for line in lines]
    assert lines[0] == "this machine and the project"
    assert f"stack {STACK}" in lines
    row = next(number for number, line in enumerate(lines) if line.startswith("  fail"))
    assert lines[row].split()[:2] == ["fail", "token"]
    assert "→ make a token" in "".join(lines[row + 1 : row + 3])
    assert lines[-1] == "1 check failed (token): 20 ok, 8 skipped"


def test_the_last_line_breaks_between_words_in_a_terminal(
    setup: DoctorSetup, capsys: pytest.CaptureFixture[str]
) -> None:
    """And is one line elsewhere; a log gets no frames of what shows that the command works."""
    setup.set_environment(COLUMNS="80")
    setup.emulator.control.set(clock_skew_seconds=120)
    setup.add_recording("retro", "RECORDING")
    setup.add_unstarted_recording("daily", participants=1)
    setup.emulator.control.set_token(setup.emulator.token, "allowed", expires_in=86_400)
    summary = setup.run(capsys).output.splitlines()[-1]
    assert len(summary) > 80
    setup.set_environment(FORCE_COLOR="1")
    ended = setup.run(capsys)
    shown = ended.output.splitlines()[-2:]
    assert max(map(len, shown)) <= 80
    assert " ".join(" ".join(shown).split()) == summary
    assert ended.messages == ""


def test_text_of_others_moves_no_cursor(
    setup: DoctorSetup, capsys: pytest.CaptureFixture[str]
) -> None:
    """Such as the name that a lock was taken with."""
    setup.set_environment(COLUMNS="200")
    setup.write_lock(username="ada\x1b[2J\x07", hostname="runner\r7")
    ended = setup.run(capsys)
    assert "by ada [2J @runner 7, process" in ended.output
    assert not set("\x1b\x07\r") & set(ended.output)


def test_programs_get_one_document(setup: DoctorSetup, capsys: pytest.CaptureFixture[str]) -> None:
    """Every check is in it, in the order of the documentation."""
    document = setup.run(capsys, "--json").document
    assert document["schema_version"] == 1
    assert document["summary"] == "nothing is wrong: 27 ok, 2 skipped"
    assert document["counts"] == {"ok": 27, "warn": 0, "fail": 0, "skipped": 2}
    assert [one["id"] for one in document["checks"]] == list(CHECK_IDS)
    assert {one["stack"] for one in document["checks"]} == {None, STACK}


def test_a_warning_fails_where_it_counts(
    setup: DoctorSetup, capsys: pytest.CaptureFixture[str]
) -> None:
    """And says that nothing is wrong where it does not."""
    setup.emulator.control.set(clock_skew_seconds=120)
    ended = setup.run(capsys)
    assert ended.code == ExitCode.OK
    assert ended.output.endswith("no check failed, 1 warning (clock): 26 ok, 2 skipped\n")
    assert setup.run(capsys, "--strict").code == ExitCode.RESOURCE


def test_an_empty_room_is_no_fault(setup: DoctorSetup, capsys: pytest.CaptureFixture[str]) -> None:
    """What waits is named all the same."""
    setup.add_unstarted_recording("retro", participants=0)
    checks = {one["id"]: one for one in setup.run(capsys, "--json").document["checks"]}
    assert checks["unrecorded"]["outcome"] == "ok"
    assert checks["unrecorded"]["evidence"] == (
        "nobody is in the meeting of retro: a deployment while somebody is there starts it"
    )


def test_recordings_that_are_not_to_record_are_named(
    setup: DoctorSetup, capsys: pytest.CaptureFixture[str]
) -> None:
    """As declared is no fault, and is why there is no recording all the same."""
    retro = setup.add_live_recording("retro")
    setup.emulator.control.force(retro, "PAUSED")
    states = {"standup": "RECORDING", "retro": "PAUSED", "later": "STOPPED"}
    setup.add_recording("later", "NOT_STARTED", id="nothing-started-rk1d3a7c5e00000001")
    given = {name: {"meeting_id": MEETING, "desired_state": one} for name, one in states.items()}
    given["retro"]["meeting_id"] = setup.emulator.control.recording(retro).meeting_id
    setup.config["realtimekit:recordings"] = json.dumps(given)
    checks = {one["id"]: one for one in setup.run(capsys, "--json").document["checks"]}
    assert checks["desired-state"]["outcome"] == "ok"
    assert checks["desired-state"]["evidence"] == (
        "PAUSED, as declared: retro\nSTOPPED, as declared: later\nhas ended: standup"
    )
    assert checks["desired-state"]["fix"] == "to record, declare desired_state: RECORDING"


def test_a_misplaced_file_is_named(setup: DoctorSetup, capsys: pytest.CaptureFixture[str]) -> None:
    """With where it belongs: the Pulumi CLI says nothing of it."""
    (setup.folder / f"Pulumi.{STACK}.yaml").write_text(setup.file)
    setup.file = ""
    checks = {one["id"]: one for one in setup.run(capsys, "--json").document["checks"]}
    text = f"Pulumi.{STACK}.yaml is not read: move it to stacks/Pulumi.{STACK}.yaml"
    assert text in checks["stack-files"]["evidence"]


def test_a_stack_without_a_file_is_a_warning(
    setup: DoctorSetup, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where other stacks have one."""
    ended = setup.run(capsys, "--stack", "test", "--json")
    checks = {one["id"]: one for one in ended.document["checks"]}
    assert checks["stack-files"]["outcome"] == "warn"
    assert "stack test has no file in stacks" in checks["stack-files"]["evidence"]


def test_a_skipped_check_asks_for_nothing(
    setup: DoctorSetup, capsys: pytest.CaptureFixture[str]
) -> None:
    """What only it needs is not read."""
    setup.add_recording("retro", "RECORDING")
    names = ("desired-state", "unrecorded", "expiring-files", "lost-files", "secrets")
    options = [part for name in names for part in ("--skip", name)]
    ended = setup.run(capsys, "--json", *options)
    skipped = {one["id"]: one["evidence"] for one in ended.document["checks"]}
    assert (ended.code, skipped["lost-files"], skipped["secrets"]) == (0, "by --skip", "by --skip")
    assert f"stack export --show-secrets --stack {STACK}" not in setup.cli.calls
    assert "get_recording" not in {one.route for one in setup.emulator.control.requests()}
    assert setup.run(capsys, "--skip", "tokne").code == ExitCode.CONFIGURATION


def test_a_selected_stack_is_needed_where_there_are_several(
    setup: DoctorSetup, capsys: pytest.CaptureFixture[str]
) -> None:
    """Those that there are get named."""
    setup.answers["stack ls --json"] = (0, json.dumps(STACKS), "")
    write_project(setup.folder, test=setup.file)
    ended = setup.run(capsys)
    assert ended.code == ExitCode.NO_STACK
    assert "name one with --stack (there: prod, test)" in ended.messages


def test_several_stacks_have_a_table_each(
    setup: DoctorSetup, capsys: pytest.CaptureFixture[str]
) -> None:
    """This machine and the project are examined once."""
    setup.answers["stack ls --json"] = (0, json.dumps(STACKS[:1]), "")
    ended = setup.run(capsys, "--stack", "prod", "--stack", "test")
    assert ended.code == ExitCode.RESOURCE
    assert "\nstack prod\n" in ended.output
    assert "\nstack test\n" in ended.output
    assert ended.output.count("python ") == 1
    assert "the backend has no stack 'test' of this project (there: prod)" in ended.output


def test_the_api_is_examined_without_the_backend(
    setup: DoctorSetup, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the stack's file and the environment; what needs the backend is not examined."""
    setup.answers["whoami --json"] = (1, "", "error: no such host\n")
    outcomes = {one["id"]: one["outcome"] for one in setup.run(capsys, "--json").document["checks"]}
    assert outcomes["backend"] == "fail"
    assert {outcomes[one] for one in ("token", "account", "app", "read-right")} == {"ok"}
    assert {outcomes[one] for one in ("stack", "lock", "secrets", "lost-files")} == {"skipped"}


def test_storage_is_written_to_by_request_alone(
    setup: DoctorSetup, capsys: pytest.CaptureFixture[str]
) -> None:
    """With each deployed gate's credential, and nothing is left behind."""
    files = setup.folder / "files"
    (files / "tracks").mkdir(parents=True)
    with sftp_server(files) as server:
        setup.resources.append(
            {
                "urn": "urn:pulumi:prod::acme::x$y::archive-gate",
                "type": "pulumi-python:dynamic/realtimekit:StorageGate",
                "outputs": {**server.as_config("tracks"), "host_key": server.host_key},
            }
        )
        [untried] = [
            one
            for one in setup.run(capsys, "--json").document["checks"]
            if one["id"] == "storage-write"
        ]
        assert untried["fix"].endswith("run doctor with --write")
        assert server.logins == []
        written = setup.run(capsys, "--json", "--write").document["checks"]
        server.read_only = True
        refused = setup.run(capsys, "--json", "--write").document["checks"]
    assert [one["outcome"] for one in written if one["id"] == "storage-write"] == ["ok"]
    assert [one["outcome"] for one in refused if one["id"] == "storage-write"] == ["fail"]
    assert list((files / "tracks").iterdir()) == []


@pytest.mark.parametrize(
    ("provider", "salt", "outcome"),
    [
        ("passphrase", "v1:salt:v1:nonce:word", "ok"),
        ("passphrase", "", "skipped"),
        ("cloud", "", "skipped"),
    ],
)
def test_secrets_are_well_where_that_is_proven(
    provider: str,
    salt: str,
    outcome: str,
    setup: DoctorSetup,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """By the salt, where nothing is encrypted; otherwise they are not known to be."""
    setup.secrets_provider = provider
    setup.encrypt_nothing()
    setup.file = setup.file.replace("v1:salt:v1:nonce:word", salt or '""')
    checks = {one["id"]: one for one in setup.run(capsys, "--json").document["checks"]}
    assert checks["secrets"]["outcome"] == outcome
    assert ("not proven" in checks["secrets"]["evidence"]) == (outcome == "skipped")


@pytest.mark.parametrize(
    ("in_config", "source", "fix"),
    [
        (
            "another one",
            "given by cloudflare:apiToken in the stack's config",
            "give the token by",
        ),
        (None, "given by CLOUDFLARE_API_TOKEN", "give the token as CLOUDFLARE_API_TOKEN"),
    ],
)
def test_a_token_is_named_by_where_it_stands(
    in_config: str | None,
    source: str,
    fix: str,
    setup: DoctorSetup,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The config wins over the environment; what to do is about that place alone."""
    setup.config["cloudflare:apiToken"] = in_config and f"{CANARY}-token"
    setup.emulator.control.set_token(setup.emulator.token, "allowed" if in_config else "revoked")
    checks = {one["id"]: one for one in setup.run(capsys, "--json").document["checks"]}
    assert checks["token"]["outcome"] == "fail"
    assert source in checks["token"]["evidence"]
    assert fix in checks["token"]["fix"]
    assert ("CLOUDFLARE_API_TOKEN" in checks["token"]["fix"]) == (in_config is None)


def test_an_encrypted_token_is_not_taken_for_a_missing_one(
    setup: DoctorSetup, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the passphrase is wrong, nothing is known of it."""
    setup.file = setup.file.replace("config:\n", "config:\n  cloudflare:apiToken: {secure: v1:A}\n")
    setup.set_environment(CLOUDFLARE_API_TOKEN="")
    setup.answers[f"config --show-secrets --json --stack {STACK}"] = (
        1,
        "",
        "error: incorrect passphrase\n",
    )
    checks = {one["id"]: one for one in setup.run(capsys, "--json").document["checks"]}
    assert checks["secrets"]["evidence"] == "incorrect passphrase"
    assert checks["token"]["evidence"] == "not examined, because of 'secrets'"


def test_a_folder_without_a_project_cannot_be_examined(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1, and what to do."""
    ended = run_command(capsys, "doctor", "--cwd", tmp_path)
    assert ended.code == ExitCode.ERROR
    assert "name that with --cwd" in ended.messages


def test_the_documentation_explains_every_check() -> None:
    """In the order in which they are made."""
    section = PAGE.read_text("utf-8").partition("\n## Doctor\n")[2].partition("\n## ")[0]
    rows = [line.split("`") for line in section.splitlines()]
    ids = [row[1] for row in rows if row[0] == "| " and row[1] in CHECK_IDS]
    assert ids == list(CHECK_IDS)
