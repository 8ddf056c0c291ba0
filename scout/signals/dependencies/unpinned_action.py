"""`unpinned-action`: the project wants actions pinned to commits, and some are not."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar, NamedTuple

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View, lines
from scout.signals._evidence import at_line
from scout.signals._pages import Pages
from scout.signals._words import counted, listed, title
from scout.signals.dependencies._actions import ActionUse, actions, own_names

_SETTLED = timedelta(days=30)
"""What is younger waits for a review, or for the bot that pins."""
_MANY = 5
_PROVIDER = frozenset({"actions", "github"})
_TAG = re.compile(r"^v?\d+(?:\.\d+)*$")
_CHECKS = (
    (
        re.compile(r"^\.github/workflows/[^/]+\.ya?ml$"),
        re.compile(r"^\s*(?:-\s*)?uses:.*(?:ensure-sha-pinned-actions|frizbee-action|pinact-action)@"),
    ),
    (re.compile(r"^(?:\.github/)?\.?pinact\.ya?ml$"), re.compile(r"\S")),
    (
        re.compile(r"^(?:\.github/)?\.?renovate(?:rc)?(?:\.json5?)?$"),
        re.compile(r"pinGitHubActionDigests|[\"']?pinDigests[\"']?\s*:\s*true"),
    ),
    (re.compile(r"^(?:\.github/)?\.?zizmor\.ya?ml$"), re.compile(r":\s*hash-pin\b")),
)
"""Files by which tools are told to want pinned actions, and the line that says so."""
_SAID = re.compile(
    r"\bactions?\b[^.|]{0,80}\bpin(?:ned|s)?\b[^.|]{0,60}\b(?:commits?|sha|digests?|hash(?:es)?)\b"
    r"|\bpin(?:ned|s)?\b[^.|]{0,60}\bactions?\b[^.|]{0,60}\b(?:commits?|sha|digests?|hash(?:es)?)\b",
    re.IGNORECASE,
)
_WORKFLOW = ".github/workflows/ci.yml"
_SHA = "49ed152c8eca782a232dede0303416e8f356c37b"
_RENOVATE = {"renovate.json": '{\n  "extends": ["helpers:pinGitHubActionDigests"]\n}\n'}


def _uses(*names: str) -> dict[str, str]:
    return {_WORKFLOW: lines("on: push", "jobs:", "  a:", "    steps:", *(f"      - uses: {name}" for name in names))}


class _Policy(NamedTuple):
    """The line that says that actions are to be pinned."""

    path: str
    line: int
    text: str


class UnpinnedAction(Scout):
    """A project says that actions are pinned to commits, and a third party's action is used by a tag.

    What a project wants is read from settings of tools (renovate's `pinGitHubActionDigests` or `pinDigests`, pinact,
    zizmor's `hash-pin`, a workflow that checks for it) and from a sentence of its pages. Actions of GitHub itself and
    of the repository's owner are passed over, and uses younger than a month; a branch is what `floating-dependency`
    tells. All uses are one finding. Projects that say nothing are left alone.

    ## Why it matters
    A tag can be moved by whoever holds the action's repository: what runs with the secrets of a job is then not what
    anybody here has seen. The project has decided against that, and here the decision does not hold.

    ## What to do with it
    Put the commit in the tag's place and the version in a comment behind it; let a bot raise both.
    `# scout: ignore[unpinned-action] reason` on the line or the one before keeps a use.

    ## Severity
    2 with five uses or more, else 1.

    ## Source
    GitHub, Security hardening for GitHub Actions: 'Pin actions to a full length commit SHA'.
    """

    id: ClassVar[str] = "unpinned-action"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "Renovate is told to pin, and two actions stayed behind",
            (
                Commit(
                    "2024-01-01",
                    {**_RENOVATE, **_uses(f"fresco/paint@{_SHA} # v2", "fresco/wall@v1", "acme/tool@v2.1.0")},
                ),
            ),
            "2024-03-01",
            (Expected(_WORKFLOW, f"{_WORKFLOW}:6"),),
        ),
        Example(
            "A page says so",
            (
                Commit("2024-01-01", {"CONTRIBUTING.md": "# Rules\n\nActions are pinned to a full commit SHA.\n"}),
                Commit("2024-01-02", _uses("acme/tool@v2")),
            ),
            "2024-03-01",
            (Expected(_WORKFLOW, f"{_WORKFLOW}:5"),),
        ),
        Example("Nobody says so", (Commit("2024-01-01", _uses("acme/tool@v2")),), "2024-03-01"),
        Example(
            "Pinned, of GitHub, of the owner, at a branch, and of last week",
            (
                Commit(
                    "2024-01-01",
                    {
                        **_RENOVATE,
                        "README.md": "See https://github.com/fresco/walls for more.\n",
                        **_uses(f"acme/tool@{_SHA}", "actions/checkout@v4", "fresco/paint@v1", "acme/brush@main"),
                    },
                ),
                Commit("2024-02-25", {".github/workflows/new.yml": _uses("acme/new@v1")[_WORKFLOW]}),
            ),
            "2024-03-01",
        ),
        Example(
            "Renovate is used for other things, and others' settings are theirs",
            (
                Commit("2024-01-01", {"renovate.json": '{\n  "pinDigests": false\n}\n', **_uses("acme/tool@v2")}),
                Commit("2024-01-02", {"vendor/chroma/renovate.json": _RENOVATE["renovate.json"]}),
            ),
            "2024-03-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for all uses.

        Raises:
            NotApplicable: nothing says that actions are to be pinned.
            UnavailableError: the clone's older history is cut off.
        """
        ours = own_names(view)
        loose = [one for one in actions(view) if _TAG.match(one.version) and one.owner not in ours | _PROVIDER]
        if not loose:
            return
        if (policy := _policy(view)) is None:
            message = "nothing here says that actions are pinned to commits"
            raise NotApplicable(message)
        view.needs_ages()
        if uses := [one for one in loose if _is_settled(view, one)]:
            yield Finding(
                signal=self.id,
                subject=uses[0].path,
                identity="pinned actions",
                severity=2 if len(uses) >= _MANY else 1,
                kind=self.kind,
                story=_story(policy, uses),
                evidence=(*(at_line(one.path, one.line, one.text) for one in uses), at_line(*policy)),
                score=0.75,
            )


def _policy(view: View) -> _Policy | None:
    """Return the line that says that actions are to be pinned; that of a tool before that of a page."""
    for files, says in _CHECKS:
        for path in filter(files.search, view.tree.files):
            if (found := _line(view, path, says)) is not None:
                return found
    pages = (_line(view, path, _SAID) for path in Pages(view.tree).current())
    return next((one for one in pages if one is not None), None)


def _line(view: View, path: str, says: re.Pattern[str]) -> _Policy | None:
    rows = (view.tree.text(path) or "").split("\n")
    return next((_Policy(path, at, row) for at, row in enumerate(rows, start=1) if says.search(row)), None)


def _is_settled(view: View, use: ActionUse) -> bool:
    since = view.history.text_since(use.path, use.line)
    return since is not None and view.now - since[1] >= _SETTLED


def _story(policy: _Policy, uses: list[ActionUse]) -> Story:
    places = [f"`{one.path}:{one.line}` (`{one.name}@{one.version}`)" for one in uses]
    files = list(dict.fromkeys(one.path for one in uses))
    where = files[0] if len(files) == 1 else counted(len(files), "workflow file")
    return Story(
        title=title(f"Pin {counted(len(uses), 'use')} of actions to commits in ", where),
        current=(
            f"`{policy.path}:{policy.line}` says that actions are pinned to commits. By a tag "
            f"{'are' if len(uses) > 1 else 'is'} used: {listed(places, 12)}."
        ),
        why=(
            "Whoever can move the tag decides what runs here with the permissions and secrets of the job; the project "
            "has decided that nobody shall."
        ),
        wanted="Each of these steps names a commit, with its version in a comment.",
        acceptance=("No line named above uses a tag.", "The jobs pass."),
        scope=tuple(f"`{path}`" for path in files[:8]),
        non_goals=("Raising versions: the commit is that of the tag in use today.",),
        size="S",
    )
