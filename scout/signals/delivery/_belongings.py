"""What belongs to which project of the portfolio: databases that it makes, secrets that are named after it."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scout.repository import FileClass
from scout.signals._base import View

_CONFIG = re.compile(
    r"(?:^|/)(?:(?:docker-)?compose[^/]*\.ya?ml|[^/]*\.env[\w.-]*|\.env[^/]*|env\.\w+|dotenv[^/]*|database\.ya?ml|alembic\.ini"
    r"|settings[^/]*\.py|settings/[^/]+\.py|config[^/]*\.(?:py|rb|ya?ml|toml|json|js|ts)|[^/]+\.(?:tf|tfvars|properties|conf))$"
    r"|^\.github/workflows/|^\.circleci/|^\.gitlab-ci",
    re.IGNORECASE,
)
_NOT_OURS = frozenset({FileClass.VENDORED, FileClass.FIXTURE, FileClass.TEST, FileClass.DOCS, FileClass.GENERATED})
_MAKES = re.compile(
    r"\b(?:POSTGRES_DB|MYSQL_DATABASE|MARIADB_DATABASE|MONGO_INITDB_DATABASE)\b[\"']?\s*[:=]\s*[\"']?([\w-]+)"
)
_READS = re.compile(
    r"\b(?:postgres(?:ql)?|postgis|mysql|mariadb|mongodb|redshift|cockroachdb|mssql)(?:\+\w+)?(?:\+srv)?://[^\s\"'`/]+/([\w-]+)"
    r"|\bdbname=[\"']?([\w-]+)|\b\w*(?:DB_NAME|DATABASE_NAME|PGDATABASE)\b[\"']?\s*[:=,]\s*[\"']?([\w-]+)"
)
_SECRET = re.compile(r"\bsecrets\.([A-Z][A-Z0-9_]+)\b|\bsecrets\[['\"]([A-Z][A-Z0-9_]+)['\"]\]")
_WORKFLOW = re.compile(r"^\.github/(?:workflows|actions)/.+\.ya?ml$|^\.gitlab-ci\.ya?ml$|^\.circleci/config\.yml$")
_COMMON_NAMES = """
postgres postgresql mysql mongo mongodb redis test tests testing app apps data database default main local
localhost dev develop development prod production staging stage demo example sample master admin user users root
public django rails flask wordpress backend frontend server service services site website core mydb mydatabase
database_name dbname name api auth analytics warehouse reporting true false none null metabase airflow superset grafana
keycloak sonar gitea github
"""
_COMMON = frozenset(_COMMON_NAMES.split())
_FEWEST_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is named.

    Attributes:
        line: counted from 1.
        text: the line.
    """

    path: str
    line: int
    text: str


def made_databases(view: View) -> Mapping[str, Place]:
    """Return the databases that a project makes for itself, by name, each with the first place that says so."""
    return {name: places[0] for name, places in _named(view, _MAKES).items()}


def read_databases(view: View) -> Mapping[str, tuple[Place, ...]]:
    """Return the databases that a project connects to, by name."""
    return _named(view, _READS)


def secrets(view: View) -> Mapping[str, tuple[Place, ...]]:
    """Return the secrets that continuous integration is given, by name."""
    return _found(view, _SECRET, _WORKFLOW)


def owner(name: str, projects: Mapping[str, View]) -> str:
    """Return the project that a secret is named after: the longest id that it begins with; empty for none."""
    plain = _plain(name)
    found = [one for one in projects if len(one) >= _FEWEST_LETTERS and plain.startswith(f"{_plain(one)}_")]
    return max(found, key=len, default="")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower())


def _named(view: View, pattern: re.Pattern[str]) -> Mapping[str, tuple[Place, ...]]:
    found = _found(view, pattern, _CONFIG)
    return {
        name: places
        for name, places in found.items()
        if len(name) >= _FEWEST_LETTERS
        and not _COMMON & {name.lower(), re.sub(r"[-_]?(?:dev|test|db|prod)$", "", name.lower())}
    }


def _found(view: View, pattern: re.Pattern[str], where: re.Pattern[str]) -> Mapping[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = defaultdict(list)
    for path in view.tree.files:
        if where.search(path) and view.tree.file_class(path) not in _NOT_OURS:
            for name, place in _in_file(path, view.tree.text(path) or "", pattern):
                found[name].append(place)
    return {name: tuple(places) for name, places in found.items()}


def _in_file(path: str, text: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, Place]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.lstrip().startswith(("#", "//")):
            continue
        for match in pattern.finditer(line):
            yield next(name for name in match.groups() if name), Place(path, number, line)
