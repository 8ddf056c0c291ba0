"""From raw to core: the statements of `models/*.sql`, in order, for one project."""

from functools import cache
from importlib.resources import files

from scout.warehouse.connection import Connection


@cache
def models() -> tuple[tuple[str, str], ...]:
    """Return name and SQL of each model in the order in which they run."""
    found = (path for path in files("scout.warehouse").joinpath("models").iterdir() if path.name.endswith(".sql"))
    return tuple(sorted((path.name, path.read_text(encoding="utf-8")) for path in found))


def build_core(connection: Connection, project: str) -> None:
    """Bring `core` in step with `raw` for one project, inside the caller's transaction.

    Every statement has the one parameter `$project`.
    """
    for _, sql in models():
        for statement in connection.extract_statements(sql):
            connection.execute(statement, {"project": project})
