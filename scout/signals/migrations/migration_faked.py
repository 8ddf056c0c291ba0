"""`migration-faked`: a deployment records migrations as applied without applying them."""

import re
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from scout.model import Finding, Story, WorkKind
from scout.repository import File, FileClass
from scout.signals._base import Commit, Example, Expected, Reads, Scout, View, lines
from scout.signals._evidence import at_line
from scout.signals._shell import Command, commands
from scout.signals._words import listed, title

_MARK = re.compile(
    rb"--fake\b(?!-)|\bfake\s*=\s*True|\bstamp\b|schema_migrations|\bflyway\b[^\n]*\brepair\b", re.IGNORECASE
)
_SCRIPT = re.compile(
    r"\.(?:sh|bash|zsh|ya?ml|toml|mk|ps1)$|(?:^|/)(?:[Mm]akefile|GNUmakefile|Procfile|justfile|[^/]*Dockerfile[^/]*|fabfile\.py"
    r"|app\.json|package\.json|entrypoint[^/]*|[^/]*deploy[^/]*|release[^/]*)$|(?:^|/)bin/[^/.]+$"
)
_ELSEWHERE = re.compile(
    r"(?:^|/)(?:tests?|docs?|examples?|fixtures|dev|local|devcontainer|\.devcontainer)(?:/|[._-])|(?:^|[._-])(?:test|dev|local)s?[._-]",
    re.IGNORECASE,
)
_OF_TESTS = re.compile(r"\b(?:tests?|lint|check)\b", re.IGNORECASE)
_LEAD = re.compile(
    r"^\s*(?:(?:RUN|CMD|ENTRYPOINT)\s+|-\s+|[\w.-]+\s*:\s*(?:[|>][-+]?\s*)?|[\w-]+\s*=\s*|@+|-)*\s*[\"'\[]*", re.ASCII
)
_CALLED = re.compile(r"call_command\(\s*[\"']migrate[\"'][^\n]*\bfake\s*=\s*True")
_INSERTED = re.compile(r"\bINSERT\s+INTO\s+\W*(?:\w+\.)?schema_migrations\b", re.IGNORECASE)
_PROGRAM = re.compile(r"(?<![\w/.-])[\w./-]+\.(?:py|sh|rb)\b")
_BUILDS = re.compile(r"\bcreate_all\b|\bload_schema\b")


class _Place(NamedTuple):
    path: str
    line: int
    text: str
    how: str


class MigrationFaked(Scout):
    """A script, a workflow or an image that deploys records migrations as applied without running them.

    Counted are `migrate --fake`, `alembic stamp` and `flask db stamp`, `flyway repair`, and rows put into
    `schema_migrations`, as commands of scripts, Makefiles, images, compose files and workflows. Passed over are
    `--fake-initial`, texts that only mention them, files for tests, development and documentation, and scripts that
    build the whole schema first, themselves or with a program of the repository, and then stamp it. One file is one
    finding.

    ## Why it matters
    It is meant for one occasion. In a script that runs again it marks every later migration too, and the databases
    that it runs on lack those changes without any error.

    ## What to do with it
    Take the command out when its occasion is over; where it must stay, name the one migration that it is for and stop
    when the database is not in the expected state.

    ## Severity
    3 where no migration is named (everything is marked), else 2.

    ## Source
    Django documentation, `migrate --fake`; Alembic documentation, `stamp`.
    """

    id: ClassVar[str] = "migration-faked"
    since: ClassVar[str] = "0.1.0"
    reads: ClassVar[frozenset[Reads]] = frozenset({Reads.TREE, Reads.HISTORY})
    kind: ClassVar[WorkKind] = WorkKind.BUG
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "A deployment fakes all migrations of an app",
            (
                Commit(
                    "2024-01-01",
                    {"deploy.sh": lines("set -e", "python manage.py migrate shelves --fake", "gunicorn x")},
                ),
            ),
            "2024-06-01",
            (Expected("deploy.sh", "deploy.sh:2"),),
        ),
        Example(
            "An image stamps the newest revision at start",
            (Commit("2024-01-01", {"Makefile": lines("deploy:", "\t@alembic stamp head", "\talembic upgrade head")}),),
            "2024-06-01",
            (Expected("Makefile", "Makefile:2"),),
        ),
        Example(
            "Mentioned, for the first migration only, in tests, or after the schema was built",
            (
                Commit(
                    "2024-01-01",
                    {
                        "deploy.sh": lines(
                            "# python manage.py migrate --fake",
                            "echo 'never run migrate --fake'",
                            "python manage.py migrate --fake-initial",
                            "stamp=$(date)",
                        ),
                        "tests/deploy.sh": "python manage.py migrate --fake\n",
                        "docs/upgrade.md": "    alembic stamp head\n",
                        ".github/workflows/test.yml": "      - run: alembic stamp head\n",
                        "scripts/dev.txt": "alembic stamp head\n",
                        "start.sh": lines("python -c 'db.create_all()'", "alembic stamp head"),
                        "scripts/init.sh": lines("python make_tables.py $ADMIN", "alembic stamp head"),
                        "make_tables.py": "db.create_all()\n",
                    },
                ),
            ),
            "2024-06-01",
        ),
    )

    def look(self, view: View) -> Iterator[Finding]:
        """Give one finding for each file."""
        for file in view.tree.search(_MARK, _is_script):
            if view.tree.file_class(file.path) in {
                FileClass.TEST,
                FileClass.DOCS,
                FileClass.VENDORED,
                FileClass.FIXTURE,
            }:
                continue
            text = view.tree.text(file.path) or ""
            places = [] if _builds_first(view, file.path, text) else list(_places(file.path, text))
            if places:
                whole = any(one.how.endswith("all") for one in places)
                yield Finding(
                    signal=self.id,
                    subject=file.path,
                    identity=view.history.origin(file.path),
                    severity=3 if whole else 2,
                    kind=self.kind,
                    story=_story(places),
                    evidence=tuple(at_line(one.path, one.line, one.text) for one in places),
                    score=0.75,
                )


def _is_script(file: File) -> bool:
    return _SCRIPT.search(file.path) is not None and _ELSEWHERE.search(file.path) is None


def _builds_first(view: View, path: str, text: str) -> bool:
    """Say whether a script builds the whole schema, itself or with a program of the repository that it calls."""
    folder = path.rpartition("/")[0]
    called = (name.removeprefix("./") for name in _PROGRAM.findall(text))
    beside = [one for name in called for one in (name, f"{folder}/{name}") if one in view.tree.files and one != path]
    return any(_BUILDS.search(one) is not None for one in (text, *(view.tree.text(name) or "" for name in beside)))


def _places(path: str, text: str) -> Iterator[_Place]:
    in_tests = ".github/" in path and _OF_TESTS.search(path) is not None
    for number, line in enumerate(text.split("\n"), start=1):
        if in_tests or line.lstrip().startswith(("#", "//")) or not _MARK.search(line.encode("utf-8", "replace")):
            continue
        if _CALLED.search(line):
            yield _Place(path, number, line, "faked, all")
        for command in commands(_LEAD.sub("", line)):
            how = _how(command)
            if how:
                yield _Place(path, number, line, how)
                break


def _how(command: Command) -> str:
    words = [word.strip("\"',[]") for word in command.words]
    head = words[0].rpartition("/")[2] if words else ""
    if head in {"echo", "printf", "grep", "sed", "cat"}:
        return ""
    if (
        "migrate" in words
        and "--fake" in words
        and any(word.endswith(("manage.py", "django-admin", "manage")) for word in words)
    ):
        named = [word for word in words[words.index("migrate") + 1 :] if not word.startswith("-")]
        return "faked" if len(named) > 1 else "faked, all"
    if "stamp" in words and (head == "alembic" or "alembic" in words[:3] or words[words.index("stamp") - 1] == "db"):
        return "stamped, all" if {"head", "heads"} & set(words) else "stamped"
    if head == "flyway" and "repair" in words:
        return "repaired"
    return (
        "put on record"
        if head in {"psql", "mysql", "sqlite3"} and any(_INSERTED.search(word) for word in words)
        else ""
    )


def _story(places: list[_Place]) -> Story:
    path = places[0].path
    said = [f"`{one.path}:{one.line}` (`{' '.join(one.text.split())[:90].replace('`', chr(39))}`)" for one in places]
    return Story(
        title=title("Stop marking migrations as applied in ", path),
        current=f"{listed(said, 4)} records migrations as applied without running them, each time `{path}` runs.",
        why=(
            "Such a command is right once, on one database. In a script it also marks migrations that come later, and "
            "the database lacks their changes while its record says that it has them."
        ),
        wanted=f"`{path}` applies migrations and marks none, or marks one that it names and only where that is right.",
        acceptance=(
            f"`git grep -nE -e '--fake|stamp' -- {path}` finds nothing, or a command that names one migration.",
            "A deployment of a new migration changes the database.",
        ),
        scope=(f"`{path}`",),
        non_goals=("Migrations themselves.",),
        risks=("A database that was never brought in step fails on the next migration: compare its schema first.",),
        size="S",
    )
