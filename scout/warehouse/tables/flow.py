"""What the flow of a project is measured on: its event log, and rows about its tickets and changes, as columns.

The definitions are SQL that can be read on its own (`warehouse/models/flow_*.sql`), run into temporary tables of the
open connection. No column names a person, nor a pseudonym of one.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from scout.warehouse.connection import Connection

Columns = dict[str, NDArray[Any]]

PATHS = {
    "code": (
        r"\.(py|rb|go|[cm]?[jt]sx?|vue|svelte|java|kt|php|rs|cs|ex|exs|scala|swift|c|cc|cpp|h|hpp|sh|sql|erb|haml)$"
    ),
    "tests": (
        r"(^|/)(([a-z]+[-_.])?(tests?|specs?)|[A-Za-z]+[-_.]?Tests?|__tests__|__mocks__|testing|test[-_]?data|testutils?"
        r"|cypress|playwright|e2e|(__)?fixtures?(__)?|mocks?|fakes?|stubs?|cassettes|factories|__snapshots__)/|\.(feature|snap)$"
        r"|(^|/)features/([^/]+/)*(step_definitions|steps|support)/|(^|/)src/(([a-z]+T|t)ests?([A-Z][A-Za-z]*)?|(int(egration)?|functional|unit|android|smoke|api|contract|acceptance)[-_]?tests?|[a-z]?at|it|bdd)/"
        r"|(^|/)(tests?|test_[^/]*|[^/]*[._-](test|spec|tests|specs|integration|e2e|cy)|conftest|factories)\.[a-z]+$"
        r"|[a-z0-9](Tests?|TestCase|Specs?|IT)\.(java|kts?|scala|groovy|cs|php|swift)$"
    ),
    "docs": r"\.(md|rst|adoc)$|(^|/)docs?/",
    "changelog": (
        r"(?i)(^|/)(changelog|changes|history|news|releases|release[_-]notes)(\.(md|markdown|rst|adoc|txt|rdoc|org))?$"
        r"|(^|/)(newsfragments|changelog\.d|\.changeset|changes\.d)/"
    ),
    "foreign": (
        r"(?i)(^|/)(_?vendor(s|ed)?|third[-_]?part(y|ies)|node_modules|bower_components|site-packages|godeps)/"
        r"|[.-]min\.[a-z]+$|\.(pb|gen|generated)(\.[a-z]+)?\.[a-z]+$|_pb2(_grpc)?\.pyi?$|(^|/)_*version_*\.(py|rb|go|[jt]s)$"
    ),
    "build": (
        r"(?i)(^|/)setup\.py$|^(noxfile|tasks|fabfile)\.py$|(^|/)(gulp|grunt|rake|gem|danger|mage)file(\.[a-z]+)?$"
        r"|\.config\.[cm]?[jt]s$"
    ),
    "aside": (
        r"(?i)^([^/]+/)?(\.[^/]+|scripts?|bin|tools?|tooling|hack|ci|dev|devops|deploy(ment)?s?|infra(structure)?|ops"
        r"|terraform|ansible|docker|k8s|kubernetes|helm|charts?|puppet|chef|packer|vagrant|molecule|build|examples?"
        r"|samples?|demos?|docs?|bench(marks?|es)?|storybook)/"
        r"|(^|/)((tests?|specs?|perf|bench|load)[-_][\w-]+|[\w-]*(simulat|benchmark|load[-_]?test|perf[-_]?test)[\w-]*)/"
        r"|(^|/)(\.[^/]+|scripts|code-?gen|generators?|protoc-gen-[^/]+|magefiles?|build-?src|build-logic|cookiecutter[^/]*|(project|app)_templates?|seeds?|demos?|stories"
        r"|locales?|i18n|l10n|translations|data[-_]?migrations?|migrations?)/"
        r"|(^|/)db/|\.(sql|sh|erb|haml|rs)$|\.d\.[cm]?ts$|\.stories\.[a-z]+$"
        r"|(^|/)(config|conf|settings|initializers)/([^/]+/)*[^/]+\.(rb|py|[cm]?[jt]sx?|php|exs?)$"
        r"|(^|/)[^/]*(settings|config|conf|constants|urls|routes|wsgi|asgi|manage|celery|apps|types)\.(py|rb|php|[cm]?[jt]sx?)$"
        r"|(config|configuration|properties|constants|exception)\.(java|kt|cs)$|(^|/)\.?[^/]*rc\.[cm]?js$"
    ),
    "migration": (
        r"(^|/)((?:[a-z]+_)?migrations?/(?:versions/)?[^/]*\d[^/]*\.(py|sql|rb|js|ts)|alembic/versions/[^/]+\.py|db/migrate/[^/]+\.rb)$"
    ),
}
"""Patterns of paths by what a file is, for the controls; what is foreign, nobody of the project writes by hand.

What stands aside is no part of what the project makes, or nothing that tests in other files are written for: what
develops, builds and runs it, settings, data, texts, what only shows or declares, and Rust, whose tests stand in it.
"""

_ASKED = "CREATE OR REPLACE TEMP TABLE flow_asked AS SELECT $project AS project, $moment AS moment, $zone AS zone"
_TABLES = {
    "ticket": "SELECT * FROM flow_ticket_row",
    "change": "SELECT * FROM flow_change_row",
    "event": """
        SELECT is_ticket, subject, event, epoch("at") AS "at", said, rule, confidence, by_bot
        FROM flow_event ORDER BY "at", is_ticket, subject, event
    """,
    "ticket_stay": """
        SELECT subject, state, native, epoch(since) AS since, epoch(until) AS until, next
        FROM flow_ticket_stay ORDER BY subject, nth
    """,
    "change_stay": """
        SELECT subject, state, native, epoch(since) AS since, epoch(until) AS until, next
        FROM flow_change_stay ORDER BY subject, nth
    """,
    "landed": "SELECT * FROM flow_landed",
    "release": 'SELECT epoch("at") AS "at" FROM flow_release ORDER BY "at"',
    "area": "SELECT * FROM flow_area ORDER BY ALL",
    "source": "SELECT source, tickets, closed, turns, has_history FROM flow_source ORDER BY source",
    "disorder": """
        SELECT 'before its own creation' AS reason, count(*) AS n FROM flow_turn WHERE too_early
        UNION ALL
        SELECT 'in the future', count(*) FROM core.transition
        WHERE project = (SELECT project FROM flow_asked) AND "at" > (SELECT moment FROM flow_asked)
        UNION ALL
        SELECT 'without a time', count(*) FROM core.transition
        WHERE project = (SELECT project FROM flow_asked) AND "at" IS NULL
        ORDER BY ALL
    """,
}


def read(
    connection: Connection,
    project: str,
    now: datetime,
    zone: str = "UTC",
    step: Callable[[str], None] = lambda _: None,
) -> Mapping[str, Columns]:
    """Return the tables of a project's flow by name, each as columns of equal length.

    Args:
        connection: an open connection; reading is enough.
        project: the project's id.
        now: the present moment (UTC); what is dated later is left out or counted as disorder.
        zone: the time zone in which days begin and end.
        step: takes a short phrase about progress.

    Returns:
        `ticket`, `change`, `event`, `ticket_stay`, `change_stay`, `landed`, `release`, `area`, `source`, `disorder`.
        Times are seconds since 1970 in UTC, NaN where unknown; days are numbers of days since 1970 in the zone, -1
        where unknown.
    """
    connection.execute(_ASKED, {"project": project, "moment": now, "zone": zone})
    for name, statements in _models():
        step(f"Events: {name}")
        connection.execute(statements, PATHS if "$code" in statements else None)
    step("Events: reading")
    return {name: _columns(connection, query) for name, query in _TABLES.items()}


def _models() -> list[tuple[str, str]]:
    folder = files("scout.warehouse").joinpath("models")
    found = sorted((path.name, path) for path in folder.iterdir() if path.name.startswith("flow_"))
    return [
        (
            name.removesuffix(".sql").partition("_")[2][2:],
            path.read_text("utf-8").replace("CREATE TEMP", "CREATE OR REPLACE TEMP"),
        )
        for name, path in found
    ]


def _columns(connection: Connection, query: str) -> Columns:
    found = cast("dict[str, Any]", connection.execute(query).fetchnumpy())  # pyright: ignore[reportUnknownMemberType] no types
    return {name: _filled(column) for name, column in found.items()}


def _filled(column: Any) -> NDArray[Any]:
    """Return a column without a mask: NaN, -1, false or '' where it has none."""
    if not isinstance(column, np.ma.MaskedArray):
        return np.asarray(column)
    masked = cast("Any", column)
    blank = {"f": np.nan, "i": -1, "u": 0, "b": False}.get(masked.dtype.kind, "")
    return np.asarray(masked.filled(blank))
