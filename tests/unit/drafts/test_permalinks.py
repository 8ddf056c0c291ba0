"""Evidence opens at the commit it was seen at, on the forges that are known, and never with a token."""

import pytest

from scout.drafts import permalinks
from scout.model import Evidence, EvidenceKind
from tests.unit.drafts.stories import SHA

FILE = Evidence(kind=EvidenceKind.FILE, locator="src/a b.py:12", seen="x")


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/demo/demo", f"https://github.com/demo/demo/blob/{SHA}/src/a%20b.py#L12"),
        ("https://user:token@github.com/demo/demo.git", f"https://github.com/demo/demo/blob/{SHA}/src/a%20b.py#L12"),
        ("git@github.com:demo/demo.git", f"https://github.com/demo/demo/blob/{SHA}/src/a%20b.py#L12"),
        (
            "ssh://git@gitlab.com:22/group/sub/demo.git",
            f"https://gitlab.com/group/sub/demo/-/blob/{SHA}/src/a%20b.py#L12",
        ),
        ("https://codeberg.org/demo/demo/", f"https://codeberg.org/demo/demo/src/commit/{SHA}/src/a%20b.py#L12"),
        ("git@bitbucket.org:demo/demo.git", f"https://bitbucket.org/demo/demo/src/{SHA}/src/a%20b.py#lines-12"),
    ],
)
def test_known_forges(remote: str, address: str):
    links = permalinks(remote, SHA)
    assert links is not None
    assert links.of(FILE) == address


@pytest.mark.parametrize(
    "remote", ["", "/srv/git/demo.git", "git@forge.example:demo/demo.git", "https://github.com", "x y"]
)
def test_other_remotes_have_no_addresses(remote: str):
    assert permalinks(remote, SHA) is None


def test_commits_have_addresses_and_metrics_have_none():
    links = permalinks("https://github.com/demo/demo", SHA)
    assert links is not None
    assert (
        links.of(Evidence(kind=EvidenceKind.COMMIT, locator=SHA, seen=""))
        == f"https://github.com/demo/demo/commit/{SHA}"
    )
    assert not links.of(Evidence(kind=EvidenceKind.METRIC, locator="share of tests", seen="12 %"))
    assert not links.of(Evidence(kind=EvidenceKind.FILE, locator="../../evil", seen=""))


def test_pages_that_a_forge_renders_are_shown_as_source_where_a_line_is_meant():
    links = permalinks("https://github.com/demo/demo", SHA)
    assert links is not None
    assert links.of(Evidence(kind=EvidenceKind.FILE, locator="a.md:3", seen="")).endswith("/a.md?plain=1#L3")
    assert links.of(Evidence(kind=EvidenceKind.FILE, locator="a.md", seen="")).endswith("/a.md")
