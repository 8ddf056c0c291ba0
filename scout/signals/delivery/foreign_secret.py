"""`foreign-secret`: continuous integration is given a secret that belongs to another project of the portfolio."""

from collections import defaultdict
from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View, lines
from scout.signals._evidence import at_line, elsewhere
from scout.signals._words import listed, title
from scout.signals.delivery._belongings import Place, owner, secrets


def _workflow(*names: str) -> str:
    steps = (f"      - run: ./deploy --key '${{{{ secrets.{name} }}}}'" for name in names)
    return lines("on: push", "jobs:", "  deploy:", "    steps:", *steps)


class ForeignSecret(Scout):
    """Continuous integration uses a secret that is named after another project, which uses the very same one.

    A secret belongs to the project with whose id its name begins, when that project's own workflows use it too. Passed
    over are: secrets that nobody is named after, secrets that the other project does not use itself (then they are this
    project's own key for it), and projects whose own secrets nearly all begin so: they belong together.

    ## Why it matters
    One key opens both doors: who can change a workflow here can act as the other project, and when that project
    renews the key, this one stops.

    ## What to do with it
    Give this project a key of its own with the rights that it needs, then take the shared one away.
    `# scout: ignore[foreign-secret] reason` on the line or the one before keeps it.

    ## Severity
    2.

    ## Source
    Least privilege: OWASP Top 10 CI/CD Security Risks, CICD-SEC-6 (insufficient credential hygiene). Proven on
    synthetic repositories; names of secrets alone never tell what they hold.
    """

    id: ClassVar[str] = "foreign-secret"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.PORTFOLIO})
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "The key with which a sibling deploys",
            (
                Commit(
                    "2024-01-01",
                    {".github/workflows/deploy.yml": _workflow("SLACK_URL", "PYPI_TOKEN", "ROCKET_DEPLOY_KEY")},
                ),
            ),
            "2024-03-01",
            (Expected("rocket", ".github/workflows/deploy.yml:7"),),
            siblings={"rocket": (Commit("2024-01-01", {".github/workflows/a.yml": _workflow("ROCKET_DEPLOY_KEY")}),)},
        ),
        Example(
            "Shared names, and a key of its own for a sibling",
            (
                Commit(
                    "2024-01-01",
                    {".github/workflows/deploy.yml": _workflow("SLACK_URL", "ROCKET_CLIENT_KEY", "PYPI_TOKEN")},
                ),
            ),
            "2024-03-01",
            siblings={
                "rocket": (
                    Commit("2024-01-01", {".github/workflows/a.yml": _workflow("ROCKET_DEPLOY_KEY", "SLACK_URL")}),
                )
            },
        ),
        Example(
            "A project that belongs to its sibling",
            (Commit("2024-01-01", {".github/workflows/deploy.yml": _workflow("ROCKET_DEPLOY_KEY", "ROCKET_HOST")}),),
            "2024-03-01",
            siblings={"rocket": (Commit("2024-01-01", {".github/workflows/a.yml": _workflow("ROCKET_DEPLOY_KEY")}),)},
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each sibling whose secrets are used.

        Raises:
            NotApplicable: there is no other project.
        """
        if not view.siblings:
            raise NotApplicable("no other project of the portfolio has a checkout")
        mine = secrets(view)
        by_owner: dict[str, list[str]] = defaultdict(list)
        for name in sorted(mine):
            by_owner[owner(name, view.siblings)].append(name)
        for project, names in sorted(by_owner.items()):
            if not project or 2 * len(names) > len(mine):
                continue
            theirs = secrets(view.siblings[project])
            shared = [name for name in names if name in theirs]
            if shared:
                places = [place for name in shared for place in mine[name]]
                yield _finding(self, project, shared, places, theirs[shared[0]][0])


def _finding(scout: Scout, project: str, names: list[str], places: list[Place], used: Place) -> Finding:
    here = [at_line(place.path, place.line, place.text) for place in places]
    what = listed([f"`{name}`" for name in names])
    at = listed(list(dict.fromkeys(f"`{place.path}:{place.line}`" for place in places)), 6)
    return Finding(
        signal=scout.id,
        subject=project,
        identity=f"secrets of {project}",
        severity=2,
        kind=scout.kind,
        story=Story(
            title=title("Use a key of its own instead of a secret of ", project),
            current=f"{at} uses {what}, which {project} uses itself at `{used.path}:{used.line}`.",
            why=(
                f"Whoever can change a workflow here can act as {project}. When {project} renews the key, this project "
                "stops, and nobody there knows why."
            ),
            wanted="This project has a key of its own, with no more rights than it needs.",
            acceptance=(f"No workflow here names {what}.", f"{project} can renew {what} and nothing here breaks."),
            scope=tuple(dict.fromkeys(f"`{place.path}`" for place in places)),
            non_goals=("Moving all secrets to another store.",),
            size="S",
        ),
        evidence=(*dict.fromkeys(here), elsewhere(project, at_line(used.path, used.line, used.text))),
        score=0.6,
    )
