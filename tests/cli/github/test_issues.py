"""One issue of ours: opened, updated, closed."""

from __future__ import annotations

from realtimekit_provider.cli.github.issues import close_issue, find_issue, save_issue
from tests.cli.github.fixtures import ANNA, MARKER, connect
from tools.test_servers.github import ACTIONS, FakeGitHub

BODY = f"{MARKER}\nstandup is paused"


def test_an_issue_is_opened_updated_and_closed(github: FakeGitHub) -> None:
    """The next one is another issue."""
    client = connect(github)
    opened = save_issue(client, MARKER, "Drift in production", BODY, ["drift"])
    updated = save_issue(client, MARKER, "Drift in prod", f"{BODY}, townhall too")
    issue = github.repository.get_issue(opened.number)
    assert updated.number == opened.number
    assert (issue.title, issue.body) == ("Drift in prod", f"{BODY}, townhall too")
    close_issue(client, updated, "The stack is as it was declared.")
    assert (issue.state, issue.state_reason, issue.labels) == ("closed", "completed", ["drift"])
    assert [one.body for one in issue.comments] == ["The stack is as it was declared."]
    assert find_issue(client, MARKER) is None
    assert save_issue(client, MARKER, "Drift in production", BODY).number != opened.number


def test_an_issue_that_says_the_same_is_not_written_again(github: FakeGitHub) -> None:
    """A schedule asks every hour."""
    client = connect(github)
    first = save_issue(client, MARKER, "Drift", BODY)
    before = len(github.requests)
    assert save_issue(client, MARKER, "Drift", BODY) == first
    assert {one.method for one in github.requests[before:]} == {"GET"}


def test_a_forged_issue_and_a_pull_request_are_not_ours(github: FakeGitHub) -> None:
    """Both have the marker; a hundred others are between."""
    github.repository.open_issue(ANNA, "forged", body=BODY)
    github.repository.open_issue(ACTIONS, "a change", body=BODY, is_pull_request=True)
    for number in range(120):
        github.repository.open_issue(ANNA, f"issue {number}")
    client = connect(github)
    assert find_issue(client, MARKER) is None
    own = save_issue(client, MARKER, "Drift", BODY)
    assert find_issue(client, MARKER) == own


def test_the_oldest_of_several_issues_is_ours(github: FakeGitHub) -> None:
    """Two runs at once may have opened one each."""
    first, _second = (
        github.repository.open_issue(ACTIONS, "Drift", body=f"{BODY}{number}") for number in (1, 2)
    )
    found = find_issue(connect(github), MARKER)
    assert found is not None
    assert found.number == first.number
