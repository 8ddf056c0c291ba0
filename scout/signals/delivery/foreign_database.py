"""`foreign-database`: a project connects to the database of another project of the portfolio."""

from collections.abc import Iterator
from typing import ClassVar

from scout.model import Finding, Story, WorkKind
from scout.signals._base import Commit, Example, Expected, NotApplicable, Reads, Scout, View, lines
from scout.signals._evidence import at_line, elsewhere
from scout.signals._words import listed, title
from scout.signals.delivery._belongings import Place, made_databases, read_databases

_ROCKET = (
    Commit(
        "2024-01-01",
        {"docker-compose.yml": lines("services:", "  db:", "    environment:", "      POSTGRES_DB: rocket_flights")},
    ),
)


class ForeignDatabase(Scout):
    """A project connects to a database that another project of the portfolio makes for itself.

    A database belongs to the one project whose Compose file, workflow or environment makes it (`POSTGRES_DB`,
    `MYSQL_DATABASE` …). Found are addresses, `dbname=` and settings in another project's configuration that name it.
    Passed over are: names that anybody would choose (`app`, `test`, `postgres`), databases that the project makes as
    well or that several make, comments, documentation, tests and fixtures.

    ## Why it matters
    The tables of a database are its project's private matter: they change with its next release, without a word to
    others, and then this project breaks. Nobody sees the tie in either repository.

    ## What to do with it
    Ask the other project for an interface, an export or a view that it promises to keep; until there is one, write the
    tie down in both. `# scout: ignore[foreign-database] reason` on the line or the one before keeps it.

    ## Severity
    3: it breaks without a change here.

    ## Source
    Shared database as an anti-pattern: S. Newman, Building Microservices, 2nd edition, chapter 4. Proven on synthetic
    repositories; no portfolio with such a tie was at hand.
    """

    id: ClassVar[str] = "foreign-database"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.PORTFOLIO})
    kind: ClassVar[WorkKind] = WorkKind.CHORE
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "An address with the database of a sibling",
            (
                Commit(
                    "2024-01-01",
                    {"app/settings/shared.py": "READ = 'postgresql://reader@db.acme.dev:5432/rocket_flights'\n"},
                ),
            ),
            "2024-03-01",
            (Expected("rocket", "app/settings/shared.py:1"),),
            siblings={"rocket": _ROCKET},
        ),
        Example(
            "Its own database, one that two siblings make, a common name, a comment, a test",
            (
                Commit(
                    "2024-01-01",
                    {
                        "docker-compose.yml": "      POSTGRES_DB: rocket_flights\n",
                        "app/settings.py": lines(
                            "A = 'postgresql://db/rocket_flights'",
                            "B = 'postgresql://db/shared_facts'",
                            "C = 'postgresql://db/postgres'",
                            "# D = 'postgresql://db/moon_base'",
                        ),
                        "tests/settings.py": "E = 'postgresql://db/moon_base'\n",
                        "docs/settings.py.md": "postgresql://db/moon_base\n",
                    },
                ),
            ),
            "2024-03-01",
            siblings={
                "rocket": _ROCKET,
                "moon": (
                    Commit(
                        "2024-01-01",
                        {
                            "compose.yml": lines("POSTGRES_DB: moon_base", "POSTGRES_DB: postgres"),
                            "a/compose.yml": "POSTGRES_DB: shared_facts\n",
                        },
                    ),
                ),
                "mars": (Commit("2024-01-01", {"compose.yml": "POSTGRES_DB: shared_facts\n"}),),
            },
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each sibling whose databases are read.

        Raises:
            NotApplicable: there is no other project.
        """
        if not view.siblings:
            raise NotApplicable("no other project of the portfolio has a checkout")
        made = {project: made_databases(there) for project, there in sorted(view.siblings.items())}
        mine = made_databases(view)
        read = read_databases(view)
        for project, databases in made.items():
            others = {name for other, names in made.items() if other != project for name in names}
            names = sorted(name for name in databases if name in read and name not in others and name not in mine)
            if names:
                yield _finding(
                    self, project, names, [place for name in names for place in read[name]], databases[names[0]]
                )


def _finding(scout: Scout, project: str, names: list[str], places: list[Place], made: Place) -> Finding:
    here = [at_line(place.path, place.line, place.text) for place in places]
    there = elsewhere(project, at_line(made.path, made.line, made.text))
    what = listed([f"`{name}`" for name in names])
    at = listed(list(dict.fromkeys(f"`{place.path}:{place.line}`" for place in places)), 6)
    return Finding(
        signal=scout.id,
        subject=project,
        identity=f"databases of {project}",
        severity=3,
        kind=scout.kind,
        story=Story(
            title=title("Stop reading the database of ", project, " behind its back"),
            current=f"{at} connects to {what}, which {project} makes for itself at `{made.path}:{made.line}`.",
            why=(
                f"{project} may change its tables with any release, and nothing there says that somebody else reads "
                "them: this project then breaks without a change of its own."
            ),
            wanted=f"What is needed of {project} comes through something that {project} promises to keep.",
            acceptance=(
                f"No configuration here names {what}.",
                f"{project} documents the interface, export or view that is used instead.",
            ),
            scope=tuple(dict.fromkeys(f"`{place.path}`" for place in places)),
            non_goals=(f"Changing the tables of {project}.",),
            size="M",
        ),
        evidence=(*dict.fromkeys(here), there),
        score=0.8,
    )
