"""What the client does where GitHub does not answer as it should."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from realtimekit_provider.cli.exit_codes import CommandError, ExitCode
from realtimekit_provider.cli.github.client import (
    ACTIONS_LOGIN,
    GitHubClient,
    GitHubError,
    create_client,
)
from realtimekit_provider.cli.github.comments import save_comment
from realtimekit_provider.cli.github.issues import Issue, close_issue, save_issue
from realtimekit_provider.cli.github.job import create_marker, find_run_url, write_summary
from tests.cli.github.fixtures import MARKER

TOKEN = "ghs_CANARYtoken"


class FakeSession(requests.Session):
    """Answers with a list of statuses and errors, one a request."""

    def __init__(self, *answers: int | requests.RequestException) -> None:
        super().__init__()
        self.answers: Iterator[int | requests.RequestException] = iter(answers)
        self.methods: list[str] = []

    def request(self, method: str, *_args: Any, **_keywords: Any) -> requests.Response:  # type: ignore[override]
        """Return the next answer, or raise it."""
        self.methods.append(method)
        answer = next(self.answers)
        if isinstance(answer, requests.RequestException):
            raise answer
        response = requests.Response()
        response.status_code = answer
        response._content = f'{{"message": "it is {TOKEN}", "login": "anna"}}'.encode()
        return response


def create(*answers: int | requests.RequestException) -> tuple[GitHubClient, FakeSession]:
    """Return a client with these answers."""
    session = FakeSession(*answers)
    client = GitHubClient("acme/recordings", TOKEN, session=session, sleep=lambda _seconds: None)
    return client, session


@pytest.mark.parametrize("failure", [502, requests.ConnectionError("reset")])
def test_a_read_is_sent_again_and_a_creation_is_not(
    failure: int | requests.RequestException,
) -> None:
    """Its answer may be lost, and the comment there."""
    client, session = create(failure, 200)
    assert client.request("GET", "/user").ok
    client, session = create(failure, 200)
    with pytest.raises(GitHubError):
        client.request("POST", "/repos/acme/recordings/issues")
    assert session.methods == ["POST"]


def test_a_creation_that_github_put_off_is_sent_again() -> None:
    """A status of 429 says that nothing was done, whatever its text is."""
    client, session = create(429, 200)
    assert client.request("POST", "/repos/acme/recordings/issues").ok
    assert session.methods == ["POST", "POST"]


@pytest.mark.parametrize(
    ("answers", "author"), [([403], ACTIONS_LOGIN), ([404], ACTIONS_LOGIN), ([500] * 4, None)]
)
def test_a_token_that_may_not_ask_for_its_author_is_of_actions(
    answers: list[int], author: str | None
) -> None:
    """A GitHub that is down says nothing of it: a person's comment would be written twice."""
    client, _session = create(*answers)
    if author is None:
        with pytest.raises(GitHubError, match="GitHub answers with 500"):
            client.get_author()
    else:
        assert client.get_author() == author


@pytest.mark.parametrize(
    ("answers", "text", "code"),
    [
        ([401], "GitHub rejects GITHUB_TOKEN", ExitCode.AUTHENTICATION),
        ([403], "does not let this token do that", ExitCode.AUTHENTICATION),
        ([422], "GitHub answers with 422", ExitCode.ERROR),
        ([500] * 4, "GitHub answers with 500", ExitCode.ERROR),
        ([requests.Timeout(TOKEN)] * 4, "GitHub cannot be reached", ExitCode.ERROR),
    ],
)
def test_an_error_says_what_to_do_and_no_credential(
    answers: list[int | requests.RequestException],
    text: str,
    code: ExitCode,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """GitHub's own words are quoted without the token."""
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    client, _session = create(*answers)
    with pytest.raises(GitHubError, match=text) as caught:
        client.request("GET", "/user")
    assert caught.value.code is code
    assert TOKEN not in str(caught.value) + repr(client)


def test_an_answer_that_is_no_json_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A login page of a proxy comes with status 200."""
    monkeypatch.setattr(requests.Response, "json", lambda _response: json.loads("<html>"))
    client, _session = create(200)
    with pytest.raises(GitHubError, match="is not GitHub's API"):
        client.get_author()


@pytest.mark.parametrize("document", [{}, [], [1], {"id": "1"}, "text", None])
@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.get_author(),
        lambda client: save_comment(client, 1, MARKER, MARKER),
        lambda client: save_issue(client, MARKER, "Drift", MARKER),
        lambda client: close_issue(client, Issue(1, "", "Drift", MARKER), "as declared"),
    ],
)
def test_json_that_is_not_githubs_is_an_error(
    call: Callable[[GitHubClient], object], document: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy answers with status 200 and an object where a list is due, or the other way."""
    monkeypatch.setattr(requests.Response, "json", lambda _response: document)
    client, _session = create(*[200] * 4)
    with pytest.raises(GitHubError, match="is not GitHub's API"):
        call(client)


@pytest.mark.parametrize("missing", ["GITHUB_REPOSITORY", "GITHUB_TOKEN"])
def test_a_missing_variable_is_named(missing: str) -> None:
    """Before any stack is previewed."""
    environment = {"GITHUB_REPOSITORY": "acme/recordings", "GITHUB_TOKEN": TOKEN}
    del environment[missing]
    with pytest.raises(CommandError, match=f"{missing} is not set") as caught:
        create_client(environment=environment)
    assert caught.value.code is ExitCode.CONFIGURATION


def test_a_netrc_file_replaces_no_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests would take it for the host's login."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine api.github.com login x password y\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    client, _session = create()
    prepared = requests.Session().prepare_request(
        requests.Request("GET", "https://api.github.com/user", auth=client._authorize)
    )
    assert prepared.headers["Authorization"] == f"Bearer {TOKEN}"


def test_every_project_of_a_repository_has_its_marker(tmp_path: Path) -> None:
    """It is the same in every clone, and says nothing of the machine."""
    clones = [tmp_path / "one", tmp_path / "two"]
    markers = [
        create_marker("preview", clone / project, {"GITHUB_WORKSPACE": str(clone)})
        for clone in clones
        for project in ("eu", "us", "eu/us")
    ]
    assert markers[:3] == markers[3:]
    assert len({*markers}) == 3
    assert all(one.startswith("<!-- realtimekit-preview ") for one in markers)


def test_a_summary_is_added_to_what_is_there(tmp_path: Path) -> None:
    """Another command of the same step may have written to it."""
    file = tmp_path / "summary"
    for text in ("one", "two"):
        write_summary(text, {"GITHUB_STEP_SUMMARY": str(file)})
    assert file.read_text(encoding="utf-8") == "one\ntwo\n"
    with pytest.raises(CommandError, match="GITHUB_STEP_SUMMARY is not set"):
        write_summary("three", {})


def test_a_run_has_an_address_in_a_job_alone() -> None:
    """Elsewhere there is no link."""
    job = {
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "acme/recordings",
        "GITHUB_RUN_ID": "7",
    }
    assert find_run_url(job) == "https://github.com/acme/recordings/actions/runs/7"
    assert find_run_url({}) is None
