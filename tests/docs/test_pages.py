"""The pages lead to each other, and stay with the project."""

from __future__ import annotations

import importlib
import re
from itertools import chain
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, Block, list_anchors, list_blocks, list_links

_BY_NAME = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
_HOSTS = {
    "dash.cloudflare.com",
    "developers.cloudflare.com",
    "api.cloudflare.com",
    "keepachangelog.com",
    "semver.org",
    "token.actions.githubusercontent.com",  # the issuer of the tokens of GitHub's jobs
    "127.0.0.1",
}


@_BY_NAME
def test_links_lead_somewhere(page: Path) -> None:
    """Each link inside the repository names a file that exists, and a heading in it."""
    for link in list_links(page):
        if link.startswith("https://"):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert not anchor or anchor in list_anchors(target), link


def test_every_page_is_reached_from_the_readme() -> None:
    """A reader who begins at the front finds everything."""
    reached, waiting = set[Path](), {ROOT / "README.md"}
    while waiting:
        page = waiting.pop()
        reached.add(page)
        targets = (page.parent / link.partition("#")[0] for link in list_links(page))
        pages = {target.resolve() for target in targets if target.suffix == ".md"}
        waiting |= pages - reached
    assert reached >= set(PAGES)


@_BY_NAME
def test_no_other_host_and_no_machine_is_named(page: Path) -> None:
    """A page names Cloudflare's hosts, two conventions and an issuer, and no path of a machine."""
    content = page.read_text(encoding="utf-8")
    hosts = re.findall(r"https?://([^/\s:`)\"]+)", content)
    assert set(hosts) <= _HOSTS
    assert not re.search(r"(?<![\w.])/(root|work|home|Users)/", content)


@pytest.mark.parametrize("block", list_blocks("mermaid"), ids=lambda block: block.source)
def test_a_picture_says_what_kind_it_is(block: Block) -> None:
    """Mermaid reads the kind of a picture from its first line."""
    assert re.match(r"(flowchart (TD|LR)|sequenceDiagram|stateDiagram-v2)\n", block.text)


def test_the_changelog_has_this_version() -> None:
    """What is being released is written down."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "(.*)"$', project, re.MULTILINE)
    assert version is not None
    assert f"## [{version[1]}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_architecture_and_contributing_name_what_exists() -> None:
    """Each path that they give as code is there; each room is in the table of rooms.

    A folder whose resource has a page of its own needs no row there.
    """
    package = ROOT / "realtimekit_provider"
    content = "\n".join(
        (ROOT / name).read_text(encoding="utf-8")
        for name in ("docs/architecture.md", "CONTRIBUTING.md")
    )
    for path in re.findall(r"`([a-z_]+(?:/[a-z_]+)*(?:\.py|\.md|\.in)?)`", content):
        if "/" in path or path.endswith((".py", ".md", ".in")):
            assert (ROOT / path).exists() or (package / path).exists(), path
    rooms = {
        one.stem
        for one in chain(package.glob("*.py"), package.glob("*/"))
        if not one.name.startswith("_") and one.name != "py.typed"
    }
    titles = {page.read_text(encoding="utf-8").splitlines()[0] for page in PAGES}
    missing = {room for room in rooms if f"| `{room}` |" not in content}
    assert {room for room in missing if not _list_resources(room) & titles} == set()


def _list_resources(room: str) -> set[str]:
    """Return the titles that the pages of a room's resources would have."""
    if not (ROOT / "realtimekit_provider" / room / "resource.py").exists():
        return set()
    resource = importlib.import_module(f"realtimekit_provider.{room}.resource")
    return {f"# {name}" for name in resource.__all__}
