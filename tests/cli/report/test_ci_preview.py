"""``realtimekit ci preview``, with a recorded CLI and the fake GitHub."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from realtimekit_provider.cli.exit_codes import ExitCode
from realtimekit_provider.cli.stack_files import project, validate
from tests.cli.changes.recorded import read_document
from tests.cli.command_line import Ended, run_command, write_project
from tests.cli.report.fake_pulumi import install_fake_pulumi
from tests.pipelines.project_repository import run_git
from tools.test_servers.github import ACTIONS, Account, FakeGitHub, running_github

CONFIG = "config:\n  realtimekit:recordings: {}\n"
MISTAKE = "config:\n  realtimekit:recordings: {a: {meeting_id: M, layers: {}, prefix: x}}\n"
CANARY = "CANARY-7f3a9c"


@dataclass
class Job:
    """A job of GitHub Actions, for pull request 1.

    Attributes:
        github: The fake GitHub.
        folder: The project's folder.
        summary: The file of the job's summary.
        capsys: What reads the command's output.
        monkeypatch: What sets the job's environment.
    """

    github: FakeGitHub
    folder: Path
    summary: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def prepare(self, files: dict[str, str], **events: str | dict[str, Any]) -> None:
        """Write the stacks' files, and have each stack's preview say what was recorded."""
        write_project(self.folder, **files)
        documents = {
            name: read_document(one) if isinstance(one, str) else one
            for name, one in events.items()
        }
        install_fake_pulumi(self.folder, self.monkeypatch, documents)

    def run(self, *arguments: str, **permissions: str) -> Ended:
        """Run the command with the job's token."""
        token = self.github.create_token(ACTIONS, **(permissions or {"pull_requests": "write"}))
        self.monkeypatch.setenv("GITHUB_TOKEN", token)
        return run_command(self.capsys, "ci", "preview", *arguments, "--cwd", self.folder)

    @property
    def comments(self) -> list[str]:
        """The comments that the job wrote."""
        comments = self.github.repository.get_issue(1).comments
        return [one.body for one in comments if one.author == ACTIONS]


@pytest.fixture
def job(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Job]:
    """A job whose permissions a test chooses."""
    with running_github() as github:
        github.open_pull_request(Account("anna", 7))
        summary = tmp_path / "summary.md"
        for name, value in {
            "GITHUB_API_URL": github.url,
            "GITHUB_REPOSITORY": "acme/recordings",
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_WORKSPACE": str(tmp_path),
        }.items():
            monkeypatch.setenv(name, value)
        yield Job(github, tmp_path / "project", summary, capsys, monkeypatch)


def test_all_stacks_are_printed(job: Job) -> None:
    """Those of the files; a named one alone."""
    job.prepare({"production": CONFIG, "staging": CONFIG}, production="mixed", staging="nothing")
    ended = job.run()
    assert ended.code == 0
    assert "ends the live recording of meeting" in ended.output
    assert "|`staging`|" in ended.output
    assert "|`staging`|" not in job.run("production").output
    assert job.github.requests == []


def test_a_second_run_replaces_the_comment(job: Job) -> None:
    """A push that takes everything back."""
    job.prepare({"production": CONFIG}, production="mixed")
    ended = job.run("--pull-request", "1")
    assert (ended.code, ended.output) == (0, "")
    assert "3 live recordings end" in job.comments[0]
    job.prepare({}, production="nothing")
    assert job.run("--pull-request", "1").code == 0
    (comment,) = job.comments
    assert "**No change**" in comment


def test_a_mistake_in_a_file_is_commented_and_not_previewed(job: Job) -> None:
    """The other stack is; an error wins."""
    job.prepare({"production": CONFIG, "staging": MISTAKE}, production="mixed")
    ended = job.run("--pull-request", "1")
    assert ended.code == ExitCode.CONFIGURATION
    (comment,) = job.comments
    assert "> **`staging` cannot be deployed**" in comment
    assert "stacks/Pulumi.staging.yaml:2: realtimekit:recordings.a.prefix: is not a" in comment
    assert "3 live recordings end" in comment
    assert "realtimekit check staging" in ended.messages


@pytest.mark.parametrize(
    ("event_name", "code", "text"),
    [
        ("failed-program", 1, "the program failed: ValueError: cannot log in with [secret]"),
        ("failed-check", 2, "max_seconds: must be a whole number"),
        ("failed-config", 2, "is not a field; there are file_name_prefix, outputs"),
        ("failed-stack", 6, "no stack named 'missing' found"),
        ("failed-refusal", 1, "townhall: a change of max_seconds would stop the live recording of"),
    ],
)
def test_a_failed_preview_is_commented(event_name: str, code: int, text: str, job: Job) -> None:
    """With the exit code of the Pulumi CLI."""
    job.prepare({"production": CONFIG}, production=event_name)
    assert job.run("--pull-request", "1").code == code
    (comment,) = job.comments
    assert text in comment


def test_losses_are_commented_where_another_resource_fails(job: Job) -> None:
    """The engine stops at a failure, and what it has said until then is a matter of time."""
    documents = {"production": "failed-check", "production without": "mixed"}
    job.prepare({"production": CONFIG}, **documents)
    ended = job.run("--pull-request", "1")
    assert ended.code == ExitCode.CONFIGURATION
    (comment,) = job.comments
    assert "> **`production` cannot be deployed**" in comment
    assert "> **3 live recordings end:**" in comment
    assert "production</code>, without what failed: " in comment
    assert "is not known in full" not in comment
    job.prepare({}, **{"production without": "failed-refusal"})
    job.run("--pull-request", "1")
    (comment,) = job.comments
    assert "> **1 live recording ends:** `standup`" in comment
    assert "would stop the live recording" in comment
    assert "it may end live recordings that are not listed here" in comment


def test_the_files_of_stacks_are_read_once(job: Job) -> None:
    """Also for the meetings that two stacks record; and their folder is listed once."""
    job.prepare({"production": CONFIG, "staging": MISTAKE, "test": CONFIG}, production="nothing")
    base = commit_all(job)
    read: list[str] = []
    for module, name in ((validate, "read_stack_file"), (project, "parse_file_name")):
        function = getattr(module, name)

        def spy(path: Any, other: Any, function: Any = function) -> Any:
            read.append(f"{function.__name__} {Path(path).name}")
            return function(path, other)

        job.monkeypatch.setattr(module, name, spy)
    job.prepare({"production": CHANGED})
    commit_all(job)
    assert job.run("--base", base).code == ExitCode.OK
    files = [f"Pulumi.{stack}.yaml" for stack in ("production", "staging", "test")]
    functions = ("parse_file_name", "read_stack_file")
    assert sorted(read) == [f"{name} {file}" for name in functions for file in files]


def test_a_project_that_cannot_be_read_is_commented(job: Job) -> None:
    """The comment of the last push would say what is no longer so."""
    job.prepare({"production": CONFIG}, production="mixed")
    job.run("--pull-request", "1")
    (job.folder / "Pulumi.yaml").write_text("name: [\n", encoding="utf-8")
    assert job.run("--pull-request", "1").code == ExitCode.CONFIGURATION
    (comment,) = job.comments
    assert "is not valid YAML here" in comment
    assert "Correct the project's own file" in comment


def test_a_token_that_may_not_comment_writes_to_the_summary(job: Job) -> None:
    """As in a pull request from a fork: that is no failure."""
    job.prepare({"production": CONFIG}, production="mixed")
    ended = job.run("--pull-request", "1", pull_requests="read")
    assert ended.code == 0
    assert "The report is in the job's summary instead" in ended.messages
    assert "3 live recordings end" in job.summary.read_text(encoding="utf-8")
    assert job.comments == []


def test_a_comment_that_fails_leaves_summary_and_file(job: Job, tmp_path: Path) -> None:
    """What was previewed is not lost with GitHub's answer."""
    job.prepare({"production": CONFIG}, production="mixed")
    file = tmp_path / "report.md"
    ended = job.run("--pull-request", "404", "--summary", "--output", str(file))
    assert ended.code == ExitCode.ERROR
    assert "there is no such pull request" in ended.messages
    for text in (job.summary.read_text(encoding="utf-8"), file.read_text(encoding="utf-8")):
        assert "3 live recordings end" in text


@pytest.mark.parametrize(
    "arguments",
    [
        ("--output", "/nowhere/a/b"),
        ("--output", "/"),
        *(("--pull-request", one) for one in ("0", "-5")),
    ],
)
def test_a_wrong_argument_is_refused_before_any_preview(
    arguments: tuple[str, str], job: Job
) -> None:
    """A file that cannot be written, and a number that no pull request has."""
    job.prepare({"production": CONFIG})
    ended = job.run(*arguments)
    assert ended.code == ExitCode.CONFIGURATION
    assert "cannot be written" in ended.messages or "is not in the range x>=1" in ended.messages
    assert ended.output == ""
    assert job.github.requests == []


def test_a_credential_in_plain_text_is_described_in_words(job: Job) -> None:
    """The sentence is no value of the key that its path ends in."""
    storage = "{type: aws, bucket: calls, region: eu-west-1, access_key: AKIACANARYCANARYCANA}"
    job.prepare({"production": f"config:\n  realtimekit:storage: {{archive: {storage}}}\n"})
    ended = job.run()
    assert (
        "storage.archive.access_key: is a credential in plain text: write {fromCo" in ended.output
    )
    assert "CANARY" not in ended.output + ended.messages


def test_a_project_without_a_stack_file_is_an_error(job: Job) -> None:
    """A wrong folder of stacks would otherwise read as no change."""
    job.prepare({})
    ended = job.run("--pull-request", "1")
    assert ended.code == ExitCode.NO_STACK
    (comment,) = job.comments
    assert "there is no stack's file in stacks: write stacks/Pulumi.NAME.yaml with" in comment
    assert "No change" not in comment


def test_a_report_goes_to_summary_and_file(job: Job, tmp_path: Path) -> None:
    """Both at once, and nothing to stdout."""
    job.prepare({"production": CONFIG}, production="mixed")
    ended = job.run("--summary", "--output", str(tmp_path / "report.md"))
    assert ended.output == ""
    report = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert job.summary.read_text(encoding="utf-8") == f"{report}\n"


def test_programs_read_one_document(job: Job) -> None:
    """With the digest of each stack, and of all."""
    job.prepare({"production": CONFIG, "staging": CONFIG}, production="mixed", staging="nothing")
    document = job.run("--json").document
    assert [one["stack"] for one in document["stacks"]] == ["production", "staging"]
    first = document["stacks"][0]
    assert first.keys() == {
        *(
            "stack",
            "is_new",
            "is_partial",
            "digest",
            "counts",
            "effects",
            "warnings",
            "errors",
            "advice",
        )
    }
    assert first["counts"]["replace"] == 1
    assert first["effects"][0].keys() == {
        *("kind", "name", "text", "is_loss", "later_deletions", "notes")
    }
    assert len({document["digest"], *(one["digest"] for one in document["stacks"])}) == 3


def test_a_missing_cli_is_reported(job: Job) -> None:
    """For every stack, with what to do."""
    job.prepare({"production": CONFIG})
    job.monkeypatch.setenv("PATH", "/nowhere")
    ended = job.run()
    assert ended.code == ExitCode.CONFIGURATION
    assert "the Pulumi CLI is not on PATH" in ended.output
    assert "Install the Pulumi CLI in a step of this job" in ended.output


def test_a_credential_is_in_no_comment_summary_and_log(job: Job) -> None:
    """In the config, the state, an error, a storage's key, and the environment."""
    job.monkeypatch.setenv("ARCHIVE_SECRET", CANARY)
    leaking_config = f"{CONFIG}  realtimekit:key: {{secure: {CANARY}}}\n"
    plaintext = f"{CONFIG}  cloudflare:apiToken: {CANARY}\n"
    leaking = json.loads(json.dumps(read_document("mixed")).replace("acme-opened", CANARY))
    keys = (f"CANARY-key-{number}" for number in count())
    for event in leaking["events"]:
        _leak_storage_keys(event, keys)
    failing = json.loads(
        json.dumps(read_document("failed-program")).replace(
            "[secret]", f"{CANARY} https://a:{CANARY}@b"
        )
    )
    files = {"leaking": leaking_config, "failing": CONFIG, "plaintext": plaintext}
    job.prepare(files, leaking=leaking, failing=failing)
    for arguments in (["--pull-request", "1", "--summary"], ["--json"], []):
        ended = job.run(*arguments)
        assert ended.code == 1
        shown = [
            *job.comments,
            job.summary.read_text(encoding="utf-8"),
            ended.output,
            ended.messages,
        ]
        assert not any("CANARY" in one for one in shown)
    assert "creates the `aws` bucket `[secret]`" in job.comments[0]


def _leak_storage_keys(value: Any, keys: Iterator[str]) -> None:
    """Put another key in clear wherever an event has a storage's credential."""
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if name in {"secret", "access_key"}:
            value[name] = next(keys)
        elif isinstance(inner, dict | list):
            _leak_storage_keys(inner, keys)


def test_a_call_from_a_subfolder_replaces_the_same_comment(job: Job) -> None:
    """The project is the same."""
    job.prepare({"production": CONFIG}, production="mixed")
    job.run("--pull-request", "1")
    job.folder /= "stacks"
    job.run("--pull-request", "1")
    assert len(job.comments) == 1


@pytest.mark.parametrize("name", ["prod", "acme-corp/prod", "acme-corp/acme/prod"])
def test_the_file_of_a_stack_is_found_by_each_form_of_its_name(name: str, job: Job) -> None:
    """Its mistakes are told, and the CLI is not asked for it."""
    job.prepare({"prod": MISTAKE})
    ended = job.run(name)
    assert ended.code == ExitCode.CONFIGURATION
    assert "> **`prod` cannot be deployed**" in ended.output
    assert "stacks/Pulumi.prod.yaml:2: realtimekit:recordings.a.prefix" in ended.output
    assert f"realtimekit check {name}" in ended.messages


def test_a_report_does_not_depend_on_the_form_of_names(job: Job) -> None:
    """Nor do its digests; a stack that is named twice is in it once."""
    names = ("prod", "acme-corp/prod", "acme-corp/acme/prod")
    job.prepare({"prod": CONFIG}, **dict.fromkeys(names, "mixed"))
    reports = [job.run(name).output for name in names]
    assert len(set(reports)) == 1
    assert "|`prod`|" in reports[0]
    twice = job.run("acme-corp/prod", "acme-corp/acme/prod", "--json").document
    assert [one["stack"] for one in twice["stacks"]] == ["acme-corp/prod"]
    assert twice["digest"] == job.run("prod", "--json").document["digest"]


def test_stacks_of_two_organizations_are_distinguished(job: Job) -> None:
    """They have one file, and both are previewed."""
    job.prepare({"dev": CONFIG}, **{"ada/dev": "mixed", "acme-corp/acme/dev": "nothing"})
    ended = job.run("ada/dev", "acme-corp/acme/dev", "acme-corp/dev")
    assert ended.code == 0
    assert "|`ada/dev`|" in ended.output
    assert "|`acme-corp/dev`|" in ended.output


CHANGED = f"{CONFIG}  acme:owner: anna\n"


def commit_all(job: Job) -> str:
    """Commit the project's files, without the recorded CLI; return the commit."""
    run_git(job.folder, "init", "--quiet", "--initial-branch=main")
    run_git(job.folder, "add", "--all", "Pulumi.yaml", "stacks")
    run_git(job.folder, "commit", "--quiet", "--allow-empty", "--message=a change")
    return run_git(job.folder, "rev-parse", "HEAD")


def test_a_change_that_is_taken_back_replaces_the_comment(job: Job) -> None:
    """The one of the push before would still say that recordings end."""
    job.prepare({"production": CONFIG, "staging": CONFIG}, production="mixed", staging="mixed")
    base = commit_all(job)
    arguments = ("--base", base, "--pull-request", "1", "--summary")
    unchanged = job.run(*arguments)
    assert (unchanged.code, job.comments) == (ExitCode.OK, [])
    assert "no stack changes" in unchanged.messages
    job.prepare({"production": CHANGED})
    commit_all(job)
    assert job.run(*arguments).code == ExitCode.OK
    (comment,) = job.comments
    assert "3 live recordings end" in comment
    assert "`staging`" not in comment
    job.prepare({"production": CONFIG})
    commit_all(job)
    assert job.run(*arguments).code == ExitCode.OK
    (comment,) = job.comments
    assert "**No stack changes**" in comment
    assert "live recordings end" not in comment


def test_the_comment_warns_of_deleted_and_renamed_files(job: Job) -> None:
    """What their stacks declared keeps running, and nobody reads the log."""
    job.prepare({"prod": CONFIG, "dev": CONFIG, "test": CHANGED}, prod2="mixed")
    base = commit_all(job)
    stacks = job.folder / "stacks"
    (stacks / "Pulumi.test.yaml").unlink()
    commit_all(job)
    arguments = ("--base", base, "--pull-request", "1")
    assert job.run(*arguments).code == ExitCode.OK
    (comment,) = job.comments
    assert "> - The file of stack `test` is gone" in comment
    assert "**No stack changes**" in comment
    (stacks / "Pulumi.prod.yaml").rename(stacks / "Pulumi.prod2.yaml")
    commit_all(job)
    ended = job.run(*arguments)
    (comment,) = job.comments
    assert "what `prod` started keeps recording" in comment
    assert "`pulumi stack rename prod2 --stack prod`" in comment
    assert comment.index("keeps recording") < comment.index("live recordings end")
    assert "warning: the file of stack test is gone" in ended.messages
    assert len(job.run("--base", base, "--json").document["warnings"]) == 2


@pytest.mark.parametrize("name", ["$(id)", "a b", "Recordings-Meetings", "\udcff"])
def test_a_stack_file_with_a_bad_name_is_commented(name: str, job: Job) -> None:
    """The other stacks are previewed; nobody is to copy a command with such a name."""
    job.prepare({"production": CONFIG}, production="mixed")
    base = commit_all(job)
    job.prepare({"production": CHANGED, name: CONFIG})
    commit_all(job)
    ended = job.run("--base", base, "--pull-request", "1", "--summary")
    assert ended.code == ExitCode.CONFIGURATION
    (comment,) = job.comments
    shown = name.replace("\udcff", "\\udcff")
    assert f"> **`{shown}` cannot be deployed**" in comment
    assert "rename the file" in comment
    assert "> Rename the stack's file, and push again." in comment
    assert f"--stack {shown}" not in comment
    assert "3 live recordings end" in comment


def test_the_comment_warns_of_a_meeting_that_two_stacks_record(job: Job) -> None:
    """Each of them alone would be deployed."""
    texts = {
        name: (
            "config:\n  realtimekit:accountId: A\n  realtimekit:appId: B\n"
            f"  realtimekit:recordings: {{{name}: {{meeting_id: M, layers: {{default: {{}}}}}}}}\n"
        )
        for name in ("prod", "dev")
    }
    job.prepare(texts, prod="mixed", dev="mixed")
    output = job.run("prod").output
    warning = "> - Stack `prod`, `realtimekit:recordings.prod.meeting_id`: `would be recorded twice"
    assert output.index(warning) < output.index("| stack |")
    assert "by 'dev' of stack dev" in output
    assert "Stack `dev`" not in output


def test_an_unknown_base_chooses_every_stack(job: Job) -> None:
    """As `ci stacks` does."""
    job.prepare({"production": CONFIG, "staging": CONFIG}, production="mixed", staging="nothing")
    commit_all(job)
    document = job.run("--base", "0" * 40, "--json").document
    assert document["warnings"] == []
    assert [one["stack"] for one in document["stacks"]] == ["production", "staging"]


def test_a_base_and_names_of_stacks_are_refused(job: Job) -> None:
    """It chooses them."""
    ended = job.run("production", "--base", "main")
    assert ended.code == ExitCode.CONFIGURATION
    assert "--base chooses the stacks" in ended.messages
