"""``realtimekit ci stacks``, in a real repository."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from realtimekit_provider.cli.exit_codes import ExitCode
from tests.cli.command_line import run_command, write_project

CONFIG = "config:\n  realtimekit:recordings: {}\n"


def run_git(folder: Path, *arguments: str) -> None:
    """Run git as somebody who has set nothing up."""
    user = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *user, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository with three stacks, committed on a branch named like an option."""
    write_project(tmp_path, a=CONFIG, b=CONFIG, c=CONFIG)
    run_git(tmp_path, "init", "--quiet", "--initial-branch=main")
    run_git(tmp_path, "add", ".")
    run_git(tmp_path, "commit", "--quiet", "--message=first")
    run_git(tmp_path, "update-ref", "refs/heads/--all", "HEAD")
    return tmp_path


def commit_changes(folder: Path) -> None:
    """Change one stack, rename another and delete the third."""
    stacks = folder / "stacks"
    (stacks / "Pulumi.a.yaml").write_text(CONFIG + "  acme:x: y\n")
    (stacks / "Pulumi.b.yaml").rename(stacks / "Pulumi.new.yaml")
    (stacks / "Pulumi.c.yaml").write_text("x" * 500)
    (stacks / "Pulumi.c.yaml").unlink()
    run_git(folder, "add", "--all")
    run_git(folder, "commit", "--quiet", "--message=second")


@pytest.mark.parametrize("base", ["main~1", "--all"])
def test_changed_renamed_and_deleted_files_are_listed(
    base: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever the branch is called that they are compared with."""
    commit_changes(repository)
    ended = run_command(capsys, "ci", "stacks", f"--base={base}", "--cwd", repository)
    document = ended.document
    assert ended.code == ExitCode.OK
    assert (document["stacks"], document["chunks"]) == (["a", "new"], [["a", "new"]])
    assert (document["renamed"], document["deleted"]) == ([{"from": "b", "to": "new"}], ["c"])
    assert "pulumi stack rename new --stack b" in ended.messages
    assert "pulumi destroy --stack c" in ended.messages


@pytest.mark.parametrize("base", ["0" * 40, "no-such-branch", "$(touch x)"])
def test_an_unknown_commit_selects_every_stack(
    base: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As after a forced push, or for the first push of a branch."""
    ended = run_command(capsys, "ci", "stacks", f"--base={base}", "--cwd", repository)
    assert ended.document["stacks"] == ["a", "b", "c"]
    assert "is not in this clone" in ended.document["reason"]


@pytest.mark.parametrize("name", ["b", "acme-corp/b", "organization/acme/b"])
def test_a_named_stack_is_selected_alone(
    name: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever changed: somebody on call deploys it by hand."""
    commit_file(repository, "requirements.txt")
    ended = run_command(
        capsys, "ci", "stacks", "--base=main~1", "--stack", name, "--cwd", repository
    )
    assert (ended.document["stacks"], ended.document["chunks"]) == (["b"], [["b"]])
    assert "1 selected: it was named" in ended.messages
    assert select(capsys, repository, "main~1", "--stack", "") == ["a", "b", "c"]


@pytest.mark.parametrize("name", ["unknown", "B", "a,b", "acme-corp/other/b", "a\n::error::x"])
def test_a_named_stack_without_a_file_is_refused(
    name: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With those that there are; the name is foreign text."""
    ended = run_command(capsys, "ci", "stacks", "--stack", name, "--cwd", repository)
    assert (ended.code, ended.output) == (ExitCode.NO_STACK, "")
    assert "(there: a, b, c)" in ended.messages
    assert "\n::" not in ended.messages


@pytest.mark.parametrize("name", ["\udcff.md", "Pulumi.a\n::set-output name=any::\n.yaml"])
def test_a_name_that_is_no_text_ends_no_line(
    name: str, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pull request chooses the names of files, and GitHub reads each line of the log."""
    for message in ("add", "remove"):
        file = repository / "stacks" / name
        file.write_text("x" * 100) if message == "add" else file.unlink()
        run_git(repository, "add", "--all")
        run_git(repository, "commit", "--quiet", f"--message={message}")
        base = "main~1" if message == "remove" or "Pulumi" not in name else "main"
        ended = run_command(capsys, "ci", "stacks", f"--base={base}", "--cwd", repository)
        assert "\n::" not in ended.messages


def test_a_stack_named_like_an_environment_without_reviewers_is_refused(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its job would get the API token without approval."""
    (repository / "stacks" / "Pulumi.Recordings-Meetings.yaml").write_text(CONFIG)
    ended = run_command(capsys, "ci", "stacks", "--cwd", repository)
    assert ended.code == ExitCode.CONFIGURATION
    assert "would be deployed without approval: rename the file" in ended.messages
    assert ended.output == ""


@pytest.mark.parametrize("config_folder", ["../conf", "./../conf/", "linked"])
def test_stack_files_are_found_wherever_the_project_keeps_them(
    config_folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Git knows them by their own path, not by the project's way to it."""
    for name in ("project", "conf"):
        (tmp_path / name).mkdir()
    (tmp_path / "project" / "Pulumi.yaml").write_text(
        f"name: acme\nruntime: python\nstackConfigDir: {config_folder}\n"
    )
    (tmp_path / "project" / "linked").symlink_to("../conf")
    run_git(tmp_path, "init", "--quiet", "--initial-branch=main")
    for number in range(2):
        (tmp_path / "conf" / "Pulumi.a.yaml").write_text(f"{CONFIG}# {number}\n")
        run_git(tmp_path, "add", ".")
        run_git(tmp_path, "commit", "--quiet", "--message=one")
    ended = run_command(capsys, "ci", "stacks", "--base=main~1", "--cwd", tmp_path / "project")
    assert ended.document["stacks"] == ["a"]


def commit_file(folder: Path, name: str, text: str = "x\n") -> None:
    """Write a file, and commit everything."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    run_git(folder, "add", "--all")
    run_git(folder, "commit", "--quiet", "--message=more")


def select(capsys: pytest.CaptureFixture[str], folder: Path, base: str, *options: str) -> list[str]:
    """Return the stacks that differ from ``base``."""
    ended = run_command(capsys, "ci", "stacks", f"--base={base}", "--cwd", folder, *options)
    assert ended.code == ExitCode.OK
    return list(ended.document["stacks"])


@pytest.mark.parametrize("name", ["../requirements.txt", "Pulumi.yaml", "../web/a\r.js", 'a"\n.py'])
def test_a_file_of_a_monorepo_selects_every_stack(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Above the project, beside it, or the project's own, whose stacks stand beside it."""
    run_git(tmp_path, "init", "--quiet", "--initial-branch=main")
    project = tmp_path / "infra"
    for stack in ("a", "b"):
        commit_file(project, f"Pulumi.{stack}.yaml", CONFIG)
    commit_file(project, "Pulumi.yaml", "name: acme\nruntime: python\n")
    commit_file(project, name, "name: acme\nruntime: python\nmain: ../program\n")
    assert select(capsys, project, "main~1") == ["a", "b"]
    assert select(capsys, project, "main~1", "--ignore=web") == (
        [] if "web" in name else ["a", "b"]
    )
    commit_file(project, "Pulumi.a.yaml", CONFIG.replace("\n", "\r\n"))
    assert select(capsys, project, "main~1") == ["a"]


def test_a_merge_selects_what_both_sides_changed(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Compared with the commit before both."""
    run_git(repository, "branch", "base")
    run_git(repository, "switch", "--quiet", "--create", "side")
    commit_file(repository, "stacks/Pulumi.a.yaml")
    run_git(repository, "switch", "--quiet", "main")
    commit_file(repository, "stacks/Pulumi.b.yaml")
    run_git(repository, "merge", "--quiet", "--no-edit", "side")
    assert select(capsys, repository, "base") == ["a", "b"]
    assert select(capsys, repository, "main~1") == ["a"]


def test_a_reset_to_an_older_commit_selects_what_it_reverts(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is deployed is the newer one, which the older one has changed nothing of."""
    commit_file(repository, "stacks/Pulumi.a.yaml")
    run_git(repository, "branch", "before")
    run_git(repository, "reset", "--quiet", "--hard", "main~1")
    assert select(capsys, repository, "before") == ["a"]


def test_a_shallow_clone_selects_every_stack(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    """It does not have the commit to compare with."""
    commit_file(repository, "stacks/Pulumi.a.yaml")
    first = subprocess.check_output(["git", "rev-parse", "main~1"], cwd=repository, text=True)
    clone = tmp_path_factory.mktemp("clone")
    run_git(clone, "clone", "--quiet", "--depth=1", f"file://{repository}", ".")
    assert select(capsys, clone, first.strip()) == ["a", "b", "c"]


def test_a_submodule_that_is_not_shown_selects_every_stack(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    """A package of the program may be one."""
    package = tmp_path_factory.mktemp("package")
    run_git(package, "init", "--quiet", "--initial-branch=main")
    commit_file(package, "names.py")
    allow = ("-c", "protocol.file.allow=always")
    run_git(repository, *allow, "submodule", "--quiet", "add", f"file://{package}", "shared")
    run_git(repository, "config", "--file=.gitmodules", "submodule.shared.ignore", "all")
    commit_file(repository, "README.md")
    commit_file(repository / "shared", "names.py", "y\n")
    run_git(repository, "add", "--force", "shared")
    run_git(repository, "commit", "--quiet", "--message=update")
    assert select(capsys, repository, "main~1") == ["a", "b", "c"]


def test_stack_files_outside_of_the_repository_are_all_selected(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its commits do not say which of them changed."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (repository / "stacks").rename(elsewhere / "stacks")
    (repository / "stacks").symlink_to(elsewhere / "stacks")
    commit_file(repository, "README.md")
    assert select(capsys, repository, "main") == ["a", "b", "c"]


def test_a_folder_without_repository_says_what_git_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where it refuses one that belongs to somebody else, and how to trust that."""
    write_project(tmp_path, a=CONFIG)
    ended = run_command(capsys, "ci", "stacks", "--base=main", "--cwd", tmp_path)
    assert ended.code == ExitCode.CONFIGURATION
    assert f"git does not read {tmp_path}: not a git repository" in ended.messages


def test_a_step_gets_its_outputs(
    repository: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A line each, for the jobs that follow."""
    outputs = tmp_path / "outputs"
    monkeypatch.setenv("GITHUB_OUTPUT", str(outputs))
    run_command(capsys, "ci", "stacks", "--github-output", "--cwd", repository)
    written = dict(line.split("=", 1) for line in outputs.read_text().splitlines())
    assert {name: json.loads(value) for name, value in written.items()} == {
        "stacks": ["a", "b", "c"],
        "chunks": [["a", "b", "c"]],
        "any": True,
    }
