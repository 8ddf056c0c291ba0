"""Addresses of lines at a commit, on the forges that are known."""

import re
from urllib.parse import quote

from scout.model import Evidence, EvidenceKind, Frozen

_REMOTE = re.compile(
    r"^(?:(?:https?|ssh|git)://(?:[^@/\s]+@)?|(?:[\w.-]+@)?)(?P<host>[\w.-]+\.\w+)(?::\d+)?[:/]+(?P<path>[\w.-]+(?:/[\w.-]+)*/[\w.-]+?)(?:\.git)?/*$"
)
_FORGES = {
    "github.com": ("/blob/{sha}/", "#L{line}", "/commit/"),
    "gitlab.com": ("/-/blob/{sha}/", "#L{line}", "/-/commit/"),
    "codeberg.org": ("/src/commit/{sha}/", "#L{line}", "/commit/"),
    "bitbucket.org": ("/src/{sha}/", "#lines-{line}", "/commits/"),
}
_RENDERED = (".md", ".markdown", ".mdx", ".rst", ".adoc")


class Permalinks(Frozen):
    """How one repository's files are addressed at one commit.

    Attributes:
        files: beginning of a file's address, ending in a slash.
        commits: beginning of a commit's address, ending in a slash.
        anchor: end of an address that names a line; `{line}` stands for its number.
    """

    files: str
    commits: str
    anchor: str

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The beginnings of all addresses that are made here."""
        return self.files, self.commits

    def of(self, evidence: Evidence) -> str:
        """Return the address of a piece of evidence, or nothing when it has none."""
        match evidence.kind:
            case EvidenceKind.COMMIT:
                return f"{self.commits}{quote(evidence.locator)}"
            case EvidenceKind.FILE if ".." not in evidence.path.split("/"):
                line = evidence.line
                # A page that the forge renders has no lines unless its source is asked for.
                plain = "?plain=1" if line and evidence.path.endswith(_RENDERED) and "github.com" in self.files else ""
                return f"{self.files}{quote(evidence.path)}{plain}{self.anchor.format(line=line) if line else ''}"
            case _:
                return ""


def permalinks(remote: str, sha: str) -> Permalinks | None:
    """Return how files of a repository are addressed, or None when its remote is no known forge.

    Args:
        remote: what `git remote get-url` says; user names and tokens in it are left out.
        sha: the commit that was looked at.
    """
    match = _REMOTE.match(remote.strip())
    forge = _FORGES.get(match["host"].lower()) if match else None
    if match is None or forge is None or not sha:
        return None
    files, anchor, commits = forge
    root = f"https://{match['host'].lower()}/{match['path']}"
    return Permalinks(files=root + files.format(sha=sha), commits=root + commits, anchor=anchor)
