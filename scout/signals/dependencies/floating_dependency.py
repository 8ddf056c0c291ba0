"""`floating-dependency`: what somebody else pushes to a branch runs here at once."""

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar, NamedTuple

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._evidence import at_line
from scout.signals._words import counted, listed, title
from scout.signals.dependencies._actions import actions, is_beside, own_names
from scout.signals.dependencies._runtimes import is_own

_BRANCH = re.compile(r"^(?:main|master|develop|dev|devel|trunk|head|next|edge|nightly|unstable|latest)$", re.IGNORECASE)
_MOST_NAMED = 3
_MEANT = frozenset({"dtolnay/rust-toolchain", "jlumbroso/free-disk-space"})
_REQUIREMENTS = re.compile(r"(?:^|/)[\w.-]*requirements[\w.-]*\.txt$|(?:^|/)requirements/[^/]+\.txt$")
_GIT = re.compile(
    r"^(?:-e\s+)?(?:[\w.\[\],-]+\s*@\s*)?git\+(?:https?|ssh|git)://(?:[\w-]+@)?(?P<host>[\w.-]+)/(?P<owner>[\w.-]+)/"
    r"(?P<name>[\w.-]+?)(?:\.git)?(?:@(?P<ref>[^#\s;]+))?(?:[#\s;].*)?$"
)
_ARCHIVE = re.compile(
    r"^(?:[\w.\[\],-]+\s*@\s*)?https://github\.com/(?P<owner>[\w.-]+)/(?P<name>[\w.-]+)/(?:archive|zipball|tarball)/"
    r"(?:refs/heads/)?(?P<ref>main|master|develop)(?:\.zip|\.tar\.gz)?(?:[#\s;].*)?$"
)


class _Floating(NamedTuple):
    what: str
    branch: str
    path: str
    line: int
    text: str
    is_action: bool


class FloatingDependency(Scout):
    """A third party's action is used at a branch, or a requirement is installed from one.

    Counted are workflow steps `owner/name@main` (or `master`, `develop` and the like) and lines of requirement files
    that install from a repository without a tag or commit. Actions and packages of the same owner as this repository
    are its own business, and so is a repository of its name with a suffix (`<name>-testing`); who that is, is read from
    the links in its front files. What one owner offers, and what one file uses first, is one finding. Branches that an
    action offers on purpose (`release/v1`, `stable`) don't count.

    ## Why it matters
    Whatever is pushed to that branch runs in the next job with its permissions and secrets, or is in the next image,
    without anybody here having changed or reviewed anything. A build that failed cannot be repeated either.

    ## What to do with it
    Pin a commit with the version in a comment, or a version tag, and let a bot raise it.
    `# scout: ignore[floating-dependency] reason` on the line or the one before keeps a place.

    ## Severity
    2 always: it runs foreign code unseen, but has to be misused first.

    ## Source
    GitHub, Security hardening for GitHub Actions: 'Pin actions to a full length commit SHA'. Field study of 28 public
    repositories: 6 of 6 findings true after these filters, 16 % before them.
    """

    id: ClassVar[str] = "floating-dependency"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    worldly: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "An action at a branch in two steps, and a requirement without a version",
            (
                Commit(
                    "2024-01-01",
                    {
                        "README.md": "See https://github.com/fresco/walls for more.\n",
                        ".github/workflows/ci.yml": lines(
                            "on: push",
                            "jobs:",
                            "  test:",
                            "    steps:",
                            "      - uses: other/setup@master",
                            "      - uses: fresco/own@main",
                            "      - uses: other/setup@master",
                        ),
                        "requirements.txt": "wash @ git+https://github.com/other/wash.git\n",
                    },
                ),
            ),
            "2024-06-01",
            (
                Expected("other/setup", ".github/workflows/ci.yml:5"),
                Expected("other/wash", "requirements.txt:1"),
            ),
        ),
        Example(
            "Two actions of one owner in two files, and one beside them",
            (
                Commit(
                    "2024-01-01",
                    {
                        ".github/workflows/a.yml": lines(
                            "on: push",
                            "jobs:",
                            "  test:",
                            "    steps:",
                            "      - uses: other/setup@master",
                            "      - uses: third/wash@main",
                        ),
                        ".github/workflows/b.yml": lines(
                            "on: push", "jobs:", "  test:", "    steps:", "      - uses: other/dry@main"
                        ),
                    },
                ),
            ),
            "2024-06-01",
            (Expected("other/dry", ".github/workflows/b.yml:5"),),
        ),
        Example(
            "Tags, commits, channels, the project's own action, and a requirement at a tag",
            (
                Commit(
                    "2024-01-01",
                    {
                        "README.md": "See https://github.com/fresco/walls for more.\n",
                        ".github/workflows/ci.yml": lines(
                            "on: push",
                            "jobs:",
                            "  test:",
                            "    steps:",
                            "      - uses: other/setup@v2",
                            "      - uses: other/setup@49ed152c8eca782a232dede0303416e8f356c37b",
                            "      - uses: other/publish@release/v1",
                            "      - uses: fresco/own@main",
                            "      - uses: dtolnay/rust-toolchain@master",
                            "      - uses: murals/walls-testing/run@main",
                            "      # - uses: other/old@master",
                        ),
                        "requirements.txt": "git+https://github.com/other/wash@v1.2#egg=wash\n",
                    },
                ),
            ),
            "2024-06-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each repository that is used at a branch."""
        by_name: dict[str, list[_Floating]] = {}
        for one in _floating(view):
            by_name.setdefault(one.what, []).append(one)
        for names in _together(by_name):
            places = [one for what in names for one in by_name[what]]
            yield Finding(
                signal=self.id,
                subject=names[0],
                identity=names[0].lower(),
                severity=2,
                kind=self.kind,
                story=_story(listed([*names], _MOST_NAMED), places),
                evidence=tuple(at_line(one.path, one.line, one.text) for one in places),
                score=0.8,
            )


def _together(by_name: Mapping[str, list[_Floating]]) -> Iterator[list[str]]:
    """Give the names that one change would pin: those of one owner, and those whose first use is in the same file."""
    homes: dict[str, list[str]] = {}
    for what, places in sorted(by_name.items()):
        kind = "action" if places[0].is_action else "requirement"
        mine = [f"{kind} {what.partition('/')[0].lower()}/", f"{kind} in {min(one.path for one in places)}"]
        known = next((group for home in mine if (group := homes.get(home)) is not None), list[str]())
        known.append(what)
        homes.update(dict.fromkeys(mine, known))
    seen: list[list[str]] = []
    for group in homes.values():
        if not any(group is one for one in seen):
            seen.append(group)
            yield group


def _floating(view: View) -> Iterator[_Floating]:
    ours = own_names(view)
    for use in actions(view):
        name = "/".join(use.name.split("/")[:2])
        if _BRANCH.match(use.version) and use.owner not in ours and name.lower() not in _MEANT:
            if is_beside(view, name):
                continue
            yield _Floating(name, use.version, use.path, use.line, use.text, is_action=True)
    for path in view.tree.files:
        if not _REQUIREMENTS.search(path) or not is_own(view, path) or (text := view.tree.text(path)) is None:
            continue
        for number, row in enumerate(text.split("\n"), start=1):
            found = _GIT.match(row.strip()) or _ARCHIVE.match(row.strip())
            if found is None or found["owner"].lower() in ours:
                continue
            name = f"{found['owner']}/{found['name']}"
            if (found["ref"] is None or _BRANCH.match(found["ref"])) and not is_beside(view, name):
                yield _Floating(name, found["ref"] or "its default branch", path, number, row, is_action=False)


def _story(what: str, places: list[_Floating]) -> Story:
    where = [f"`{one.path}:{one.line}`" for one in places]
    files = list(dict.fromkeys(one.path for one in places))
    branches = listed(list(dict.fromkeys(f"`{one.branch}`" for one in places)))
    action = any(one.is_action for one in places)
    return Story(
        title=title("Pin ", what, f", used at a branch in {counted(len(places), 'place')}"),
        current=f"{listed(where, 10)} {'uses' if len(where) == 1 else 'use'} {what} at {branches}, which moves.",
        why=(
            f"Whatever is pushed to {what} runs in the next job of `{files[0]}` with its token and secrets, and nobody "
            "of this project sees the change first. Two runs of one commit may differ."
            if action
            else f"An installation from `{files[0]}` takes whatever stands on that branch at the moment: two "
            "installations of one commit differ, and a push elsewhere can break or take over this project."
        ),
        wanted=f"{what} is used at a release: a full commit with the version in a comment, or a version tag.",
        acceptance=(
            f"{what} is named by a commit or a tag in {listed([f'`{path}`' for path in files], 6)}.",
            "The jobs pass.",
        ),
        scope=tuple(f"`{path}`" for path in files[:8]),
        non_goals=("Pinning what is used at a version tag already.",),
        risks=("The newest tag may lack what the branch has: compare both before pinning.",),
        size="S",
    )
